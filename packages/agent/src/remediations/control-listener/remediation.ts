import { CONFIG_EDIT_PARAMS, type CommitReads } from '../../knowledge/eccfg/commit.js';
import { RELOAD_AGAIN } from '../../knowledge/eccfg/config-edit.js';
import { configEdits } from '../../knowledge/eccfg/option-edits.js';
import { planConfigEdit, refused } from '../../knowledge/eccfg/plan-edit.js';
import { socketsOf } from '../../knowledge/listeners/entrances.js';
import { runningValue } from '../../knowledge/momentum/running-value.js';
import {
  defineRemediation,
  type PlanContext,
  type Planned,
  type Verified,
  type VerifyContext,
} from '../../units/remediation.js';
import { closing, isWildcard, modeOf, openings, staleSockets } from './wanted.js';

type Reads = 'momentumConfig' | 'controlSocket' | CommitReads;

const CONTROLS = ['MOM-CTL-001', 'MOM-CTL-002'];

export default defineRemediation<Reads>({
  slug: 'control-listener',
  title: 'The console for this host only, and for its own group',
  fixes: CONTROLS,
  risk: 'Whoever or whatever reached the console over the network, or as another user of this host, no longer does: a web UI, a script or a monitor among them. From elsewhere it is reached through ssh to this host.',
  reads: ['momentumConfig', 'controlSocket', 'credentialStore', 'serviceCertificates', 'install'],
  params: CONFIG_EDIT_PARAMS,
  timeoutMs: 300_000,
  plan,
  verify,
});

async function plan(context: PlanContext<Reads>): Promise<Planned> {
  const { momentumConfig } = context.facts;
  const byConfig = new Map(momentumConfig.configs.map((loaded) => [loaded.config.main, loaded]));
  let hasWildcard = false;
  const edits = configEdits(
    momentumConfig.configs.map(({ config }) => config),
    (config) => {
      const loaded = byConfig.get(config.main);
      const found = loaded ? openings(context.facts, loaded, config) : [];
      hasWildcard ||= found.some(({ socket, kind }) => kind === 'network' && isWildcard(socket.name));
      return found.map(closing);
    },
  );
  if (!edits.ok) return refused(edits.why);
  const stale = staleSockets(context.facts);
  if (edits.changes.length === 0 && stale.length > 0) return refused(stale.join('. '));
  return planConfigEdit(context, {
    slug: 'control-listener',
    controls: CONTROLS,
    changes: edits.changes,
    none: 'no Listen of the console that was read is open to the network without authentication, or to every user of this host',
    afterReload: hasWildcard ? [RELOAD_AGAIN] : [],
    effects: hasWildcard
      ? ['it is read twice: from every address to one, a listener comes up at the second reload (Linux)']
      : [],
    verification: ['the running Momentum evaluates the new File_Mode'],
    notes: [
      'the Control_Listener of manager and nodes should be alike (conf.aaa): this edits what this node has; on a cluster, the manager has the others read theirs again with `broadcast config reload`',
      ...edits.notes,
    ],
  });
}

/** A reload makes the socket anew or does not, which no page says: one that kept its mode is left to a restart. */
async function verify(context: VerifyContext<Reads>): Promise<Verified> {
  for (const loaded of context.facts.momentumConfig.configs) {
    const [open] = openings(context.facts, loaded, loaded.config);
    if (open) return { ok: false, why: `${open.socket.subject} is still open` };
  }
  const running = await runningFault(context);
  if (running !== null) return { ok: false, why: running };
  const left = staleSockets(context.facts);
  for (const id of CONTROLS) {
    const { status, summary } = await context.recheck(id);
    context.note(`${id}: ${status}. ${summary}`);
    if (status === 'pass' || status === 'not-applicable') continue;
    if (id !== 'MOM-CTL-002' || left.length === 0)
      return { ok: false, why: `${id} is ${status} after the change: ${summary}` };
  }
  return { ok: true, left };
}

async function runningFault(context: VerifyContext<Reads>): Promise<string | null> {
  const mta = context.facts.momentumConfig.configs.filter(({ kind }) => kind === 'mta');
  const sockets = socketsOf(context.facts, 'control_listener').filter(
    ({ reach, instance }) => reach === 'socket' && mta.some((one) => one.instance === instance),
  );
  for (const socket of sockets) {
    const value = await runningValue(context, socket.path, 'file_mode');
    if (value === null) context.note(`${socket.name}: the console gave no answer that could be read`);
    else if ((Number.parseInt(value, 8) & 0o002 & ~(modeOf(socket) ?? 0o777)) !== 0)
      return `the running Momentum still has file_mode = "${value}" for ${socket.name}`;
  }
  return null;
}
