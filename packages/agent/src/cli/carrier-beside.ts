import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { casError } from '@castellan/shared/errors/cas-error';
import { changePorts, liveFiles } from '../adapters/beside/change-ports.js';
import { FarChanges } from '../adapters/beside/far-changes.js';
import { readFarProgram } from '../adapters/beside/far-program.js';
import { type FarSession, openSession } from '../adapters/beside/far-session.js';
import { farStateStore } from '../adapters/beside/far-state-store.js';
import type { SessionMode } from '../adapters/beside/first-line.js';
import { readLimits } from '../adapters/beside/limits.js';
import { waitedPipes } from '../adapters/beside/pipes.js';
import { parseTarget, targetText } from '../adapters/beside/target.js';
import { nodeExecutor } from '../app/node-executor.js';
import { loadSettings, SETTINGS_FILE } from '../config/load-settings.js';
import type { Settings } from '../config/settings.js';
import { probeTargetOf, sshOptions } from './beside.js';
import type { Carrier, CarrierOptions } from './carrier.js';

/** The far side ends a session to change, and frees the lock, when it heard nothing for six times as long. */
const PING_EVERY_MS = 20_000;

/** What somebody else than a person at a shell says of it. */
export interface Permitted {
  /** Remediations that may be carried out; null: the person at the shell decides. */
  readonly allow: readonly string[] | null;
  /** Whether the tree is a running node; null: where it is the whole node, and where it is changed. */
  readonly live: boolean | null;
}

/**
 * Logs in to the node to plan (a session to look is enough) or to change. Its own settings say where its state is and
 * whether it may be changed. Whoever has it closes it.
 */
export async function carrierBeside(
  options: CarrierOptions & { readonly host: string },
  signal: AbortSignal,
  mode: SessionMode,
  permitted: Permitted = { allow: null, live: null },
): Promise<Carrier> {
  // What is root's on the node, and what is another's, is told by the rules for this process's own user.
  if (process.geteuid?.() !== 0)
    throw casError(
      'CAS_INPUT_INVALID',
      'plan and apply with --host are run as root on this host, as on the node',
    );
  if (options.live) throw casError('CAS_INPUT_INVALID', '--live is for a tree of this host, not with --host');
  const target = parseTarget(options.host);
  const probeTarget = probeTargetOf(options);
  const ssh = sshOptions(options);
  const session = await openSession({
    target,
    ssh,
    program: readFarProgram(),
    marker: randomBytes(16).toString('hex'),
    signal,
    mode,
    pipes: waitedPipes(),
  });
  try {
    if (session.hello.may !== mode) throw whyNot(session, targetText(target));
    const settings = settingsOn(session, options);
    const limits = await readLimits(session);
    const { root, probe } = options;
    // A tree is only planned as it is inspected: not running. Whoever applies to it says that it runs.
    const live = permitted.live ?? (root === '/' || mode === 'change');
    const { ports, looks, store, lock } = await changePorts({
      session,
      target,
      ...probeTarget,
      ssh,
      root,
      probe: probe && live,
      live,
      state: settings.state,
    });
    const pings = setInterval(() => ping(session), PING_EVERY_MS);
    return {
      executor: nodeExecutor({
        ports,
        looks,
        store,
        lock,
        settings: {
          nodeName: settings.name,
          assumeMomentum: options.assumeMomentum ?? settings.assumeMomentum,
          probe: probe && live,
          live,
        },
        allow: permitted.allow,
        isAuditOnly: () => isThere(session, settings.auditOnlyFile),
        signal,
      }),
      limits,
      refusalOf: (slug) => refusalOf(slug, settings),
      isLost: () => session.isOver,
      close: () => {
        clearInterval(pings);
        return session.close();
      },
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Who does not hear it any more is told so by the next question. */
function ping(session: FarSession): void {
  session.request('C', ['ping'], PING_EVERY_MS).catch(() => undefined);
}

function whyNot({ hello }: FarSession, where: string): Error {
  switch (hello.why) {
    case 'audit-only':
      return casError('CAS_AUDIT_ONLY');
    case 'user':
      return casError(
        'CAS_BESIDE_DENIED',
        `${where}: the login is not root, and may not become it to change something (docs/beside.md, keys apart)`,
      );
    default:
      return casError(
        'CAS_BESIDE_DENIED',
        `${where}: this key may only look; to change something needs the key to change (docs/beside.md, keys apart)`,
      );
  }
}

/** The node's own settings: the same state folder, name and audit-only file that an agent on it would use. */
function settingsOn(session: FarSession, { config, root, state }: CarrierOptions): Settings {
  const path = config ?? SETTINGS_FILE;
  const read = liveFiles(session).read(path);
  if (!read.ok && (config !== undefined || read.problem !== 'missing'))
    throw casError('CAS_CONFIG_INVALID', `on the node, ${read.detail}`);
  const loaded = loadSettings({
    file: read.ok ? { path, text: read.value.toString('utf8') } : null,
    environment: {},
    flags: { root, ...(state === undefined ? {} : { state }) },
  });
  if (!loaded.ok) throw casError('CAS_CONFIG_INVALID', `on the node, ${loaded.error.detail}`);
  return loaded.value.settings;
}

function isThere(session: FarSession, file: string): boolean {
  const folder = farStateStore(new FarChanges(session), posix.dirname(file));
  return folder.list('.').includes(posix.basename(file));
}

/** Whoever would be asked for a certificate is set up for the node, not for this host. */
function refusalOf(slug: string, { acmeDirectory, issuerCommand }: Settings): string | null {
  return slug === 'certificate-renew' && (acmeDirectory !== null || issuerCommand !== null)
    ? 'certificate-renew is not carried out from beside on a node whose settings name an issuer (issuers.acme, issuers.command): only self-signed pairs are made from here'
    : null;
}
