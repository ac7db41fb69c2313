import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { Turns } from '../adapters/beside/turns.js';
import { nodeClock } from '../adapters/node-clock.js';
import { nodeRandom } from '../adapters/node-random.js';
import { nodeRunLock } from '../adapters/node-run-lock.js';
import { nodeStateStore } from '../adapters/node-state-store.js';
import { besideExecutor } from '../app/beside-executor.js';
import { BesideRuns } from '../app/beside-runs.js';
import { lookAfter } from '../app/look-after.js';
import { ownLife } from '../app/own-life.js';
import { agentNotifier, logOf, nodeLog } from '../app/own-signals.js';
import { startAgent } from '../app/start-agent.js';
import { pollingOf } from '../app/watching-of.js';
import type { BesideNode } from '../config/beside-settings.js';
import { loadBesideSettings } from '../config/beside-settings.js';
import { loadSettings } from '../config/load-settings.js';
import type { Settings } from '../config/settings.js';
import { readIdentities } from '../link/candidate.js';
import { ServiceSigning } from '../link/service-signing.js';
import type { Log } from '../ports/log.js';
import { StateProblem } from '../ports/state-store.js';
import { type Beside, openBeside, SKEW_TOLD_MS } from './beside.js';
import { carryBeside, JOBS_WAITING_MAX, WORKERS_MAX } from './beside-workers.js';
import { enrolInto, serverArgument } from './enroll.js';
import { readPolicy } from './read-policy.js';
import { takeInstance } from './run.js';
import { readNamed } from './tree-options.js';

/** Enrolments at a time: an answer that comes too late is a node that the server has and this process has not. */
export const ENROLMENTS_MAX = 2;
/** Logins at a time: each costs this host a tenth of a second of its processor. */
export const LOGINS_MAX = 16;
/** Looks at a time: each holds what it read of its node. */
export const LOOKS_MAX = 4;

interface Shared {
  readonly server: URL | null;
  readonly log: Log;
  readonly enrolments: Turns;
  readonly logins: Turns;
  readonly looks: Turns;
  /** Of workers that plan and change. */
  readonly workers: Turns;
  readonly signal: AbortSignal;
}

/** Looks after the nodes of the file until the signal. One that fails does not keep the others from being looked after. */
export async function runBeside(file: string, signal: AbortSignal): Promise<void> {
  const loaded = loadBesideSettings({ path: file, text: readNamed(file) });
  if (!loaded.ok) throw loaded.error;
  const { nodes, server, logLevel } = loaded.value;
  const log = logOf(logLevel);
  const notifier = agentNotifier(process.env, log);
  const own = new AbortController();
  const stop = () => own.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const shared: Shared = {
    server: server === null ? null : serverArgument(server),
    log,
    enrolments: new Turns(ENROLMENTS_MAX),
    logins: new Turns(LOGINS_MAX),
    looks: new Turns(LOOKS_MAX),
    workers: new Turns(WORKERS_MAX, JOBS_WAITING_MAX),
    signal: own.signal,
  };
  const held: ({ release(): void } | null)[] = [];
  try {
    const readies = nodes.map((node) => ready(node, shared));
    for (const { state } of nodes) held.push(takeInstance(nodeRunLock(`${state}/agent.lock`), state, log));
    notifier.notify('READY=1');
    await Promise.all([
      ownLife({ notifier, log, clock: nodeClock, signal: own.signal }),
      ...readies.map((begin) => begin()),
    ]);
    notifier.notify('STOPPING=1');
  } finally {
    own.abort(new Error('the agent ends'));
    signal.removeEventListener('abort', stop);
    for (const lock of held) lock?.release();
  }
}

/** What is wrong with how the node is described is thrown here, before anything begins. */
function ready(node: BesideNode, shared: Shared): () => Promise<void> {
  const settings = settingsFor(node);
  const policy = node.policy === null ? null : readPolicy(node.policy);
  const store = nodeStateStore(node.state);
  const log = nodeLog(shared.log, node.name);
  // It outlives each session to look: a run goes on while that is made anew.
  const executor = besideExecutor({
    runs: new BesideRuns(store, nodeClock),
    clock: nodeClock,
    log,
    mayChange: node.allow.length > 0,
    carry: (job, hear) => carryBeside(node, job, hear, { turns: shared.workers, signal: shared.signal }),
  });
  const live = (way: Beside, signal: AbortSignal): Promise<Result<void>> =>
    startAgent({
      settings,
      ports: { ...way.ports, random: nodeRandom },
      store,
      log,
      notifier: null,
      watching: pollingOf({
        differences: way.ports.differences,
        clock: nodeClock,
        log,
        intervalMs: node.intervalS * 1000,
      }),
      beside: { through: way.through, intervalS: node.intervalS },
      ...(policy ? { policy } : {}),
      executor,
      // Whether the node's own administrator forbids changes is asked on the node, by who would change it.
      isAuditOnly: () => false,
      signing: new ServiceSigning(nodeClock, nodeRandom),
      signal,
    });
  return () =>
    lookAfter<Beside>({
      clock: nodeClock,
      random: nodeRandom,
      log,
      signal: shared.signal,
      prepare: () => enrolled(node, shared, log),
      open: (signal) => reach(node, shared, log, signal),
      live,
    });
}

function settingsFor({
  name,
  root,
  state,
  probe,
  rescanMs,
  assumeMomentum,
  policy,
  allow,
}: BesideNode): Settings {
  const flags = { name, root, state, probe, rescanMs, assumeMomentum, policy, allow };
  const loaded = loadSettings({ file: null, environment: {}, flags });
  if (!loaded.ok) throw loaded.error;
  return loaded.value.settings;
}

/** Sees to it that the node has an identity. A token that is not there yet may be there at the next try. */
async function enrolled(node: BesideNode, { server, enrolments, signal }: Shared, log: Log): Promise<void> {
  const { name, state, tokenFile } = node;
  const store = nodeStateStore(state);
  try {
    const known = readIdentities(store);
    // One that is damaged is told by the agent, as on the node itself.
    if (!known.ok || known.value !== null) return;
    if (tokenFile === null || server === null)
      throw casError(
        'CAS_NOT_ENROLLED',
        `${name} has no identity in ${state}: name a server and the node's tokenFile in the file of nodes (castellan-server token create)`,
      );
    const token = readNamed(tokenFile);
    const endTurn = await enrolments.take(signal);
    const nodeId = await enrolInto(store, { server, token, name, oldKeyPem: null }).finally(endTurn);
    log.info({ event: 'node.enrolled', nodeId }, 'the node is enrolled');
  } catch (error) {
    if (error instanceof StateProblem) throw casError('CAS_STATE_UNUSABLE', error.message, error);
    throw error;
  }
}

async function reach(
  node: BesideNode,
  { logins, looks }: Shared,
  log: Log,
  signal: AbortSignal,
): Promise<Beside> {
  const { host, probeHost, sshConfig, knownHosts, root, probe } = node;
  const named = {
    host,
    ...(probeHost === null ? {} : { probeHost }),
    ...(sshConfig === null ? {} : { sshConfig }),
    ...(knownHosts === null ? {} : { knownHosts }),
  };
  const endTurn = await logins.take(signal);
  try {
    const way = await openBeside(named, { root, probe, signal, looks });
    if (way.session.blind) {
      await way.close();
      throw casError(
        'CAS_BESIDE_NO_PERL',
        `${way.through}: without Perl a node is inspected by check --host and doctor --host only: sh remembers nothing, so that what changed could not be asked`,
      );
    }
    if (Math.abs(way.skewMs) > SKEW_TOLD_MS)
      log.warn({ event: 'node.clock', skewMs: way.skewMs }, "the node's clock is another than this host's");
    return way;
  } finally {
    endTurn();
  }
}
