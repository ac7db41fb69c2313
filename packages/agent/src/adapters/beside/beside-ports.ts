import { casError } from '@castellan/shared/errors/cas-error';
import type { Clock } from '../../ports/clock.js';
import type { Differences } from '../../ports/differences.js';
import type { Exec } from '../../ports/exec.js';
import type { FileReader } from '../../ports/files.js';
import type { Net } from '../../ports/net.js';
import type { Processes } from '../../ports/processes.js';
import type { Snapshot } from '../../ports/snapshot.js';
import { nodeClock } from '../node-clock.js';
import { FarDifferences } from './far-differences.js';
import { FarExec } from './far-exec.js';
import { FarLists } from './far-lists.js';
import { FarProcesses } from './far-processes.js';
import type { FarSession } from './far-session.js';
import { FarWalks } from './far-walk.js';
import { FAR_MS_MAX, LookStore, notWhatWasAsked } from './look-store.js';
import { refuseUnlessSure, snapshotFiles } from './snapshot-files.js';
import type { SshOptions } from './ssh-command.js';
import { sshNet } from './ssh-net.js';
import type { Target } from './target.js';
import type { Turns } from './turns.js';

/** What looking from beside needs. Certificates are judged by this host's clock; the node's is compared with it. */
export interface BesidePorts {
  readonly files: FileReader;
  readonly exec: Exec;
  readonly net: Net;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly snapshot: Snapshot;
  /** What changed since it was asked last. */
  readonly differences: Differences;
}

export interface BesideOptions {
  readonly session: FarSession;
  readonly target: Target;
  /** The login of the key to probe; absent: `target`. */
  readonly probeTarget?: Target;
  readonly ssh: SshOptions;
  /** A folder of the node that is read as if it were `/`; nothing is run or probed then. */
  readonly root: string;
  readonly probe: boolean;
  /** Such a folder is a running node; absent: it is only read. */
  readonly live?: boolean;
  readonly sshProgram?: string;
  /** Looks at many nodes wait for one another; absent: this is the only one. */
  readonly looks?: Turns;
  readonly signal?: AbortSignal;
}

export async function besidePorts(options: BesideOptions): Promise<BesidePorts> {
  return portsInside(options, await enterRoot(options));
}

/** Gives the folder as the node resolves it, empty for `/`. Once in a session. */
export function enterRoot({ session, root }: BesideOptions): Promise<string> {
  return root === '/' ? Promise.resolve('') : enterTree(session, root);
}

/** Of a session that is in its tree already. */
export function portsInside(options: BesideOptions, inside: string): BesidePorts {
  const { session, target, probeTarget = target, ssh, root, probe, live = false, sshProgram } = options;
  const isTree = root !== '/' && !live;
  const store = new LookStore(session);
  const walks = new FarWalks(session);
  const lists = new FarLists(session);
  const processes = new FarProcesses(session, inside);
  const state = { isSure: true, missesBefore: 0 };
  const misses = () => store.misses + processes.misses;
  const mayAct = () => refuseUnlessSure(state.isSure && misses() === state.missesBefore);
  const exec = new FarExec({ session, store, isTree, mayAct });
  const differences = new FarDifferences(session, nodeClock);
  let endTurn: (() => void) | null = null;
  return {
    differences,
    files: snapshotFiles(store, walks, lists),
    exec,
    processes,
    net: sshNet({
      target: probeTarget,
      ssh,
      mayAct,
      forbidden: isTree
        ? 'listeners of a tree that is only read are not probed'
        : probe
          ? null
          : 'probing is switched off',
      ...(sshProgram === undefined ? {} : { sshProgram }),
    }),
    clock: nodeClock,
    snapshot: {
      begin: async (paths) => {
        endTurn = (await options.looks?.take(options.signal)) ?? null;
        for (const kept of [walks, lists, processes, exec]) kept.forget();
        store.begin(paths);
        differences.looks();
        await session.request('B', [], FAR_MS_MAX);
      },
      end: () => {
        for (const kept of [walks, lists, processes, exec]) kept.forget();
        store.end();
        endTurn?.();
        endTurn = null;
      },
      get misses() {
        return misses();
      },
      enter: (isSure) => {
        state.isSure = isSure;
        state.missesBefore = misses();
      },
      fetch: async () => {
        await store.fetch();
        await processes.fetch();
      },
      changed: () => store.changed(),
    },
  };
}

/** The tree's folder as the node resolves it. */
async function enterTree(session: FarSession, root: string): Promise<string> {
  const answer = await session.request('R', [root], FAR_MS_MAX);
  if (answer.kind === 'refused')
    throw casError('CAS_INPUT_INVALID', `--root ${root}: ${answer.code} on the node`);
  const inside = answer.end[0]?.toString('utf8');
  if (inside === undefined) throw notWhatWasAsked();
  return inside === '/' ? '' : inside;
}
