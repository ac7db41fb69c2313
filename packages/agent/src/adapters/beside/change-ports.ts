import { posix } from 'node:path';
import type { FileReader, FileWriter } from '../../ports/files.js';
import type { Processes } from '../../ports/processes.js';
import type { Random } from '../../ports/random.js';
import type { RunLock } from '../../ports/run-lock.js';
import type { StateStore } from '../../ports/state-store.js';
import { nodeClock } from '../node-clock.js';
import { nodeRandom } from '../node-random.js';
import { type BesideOptions, type BesidePorts, enterRoot, portsInside } from './beside-ports.js';
import { changeExec } from './change-exec.js';
import { FarChanges } from './far-changes.js';
import { farFileWriter } from './far-file-writer.js';
import { FarLists } from './far-lists.js';
import { processesUnder, readProcesses } from './far-processes.js';
import { farRunLock } from './far-run-lock.js';
import type { FarSession } from './far-session.js';
import { farStateStore } from './far-state-store.js';
import { FarWalks } from './far-walk.js';
import { liveLooks } from './live-looks.js';
import { FAR_MS_MAX } from './look-store.js';
import { snapshotFiles } from './snapshot-files.js';
import { sshNet } from './ssh-net.js';

/** What planning and a run need of a node from beside: `ports` answer of the node as it is then. */
export interface ChangePorts {
  readonly ports: Omit<BesidePorts, 'snapshot' | 'differences'> & {
    readonly writer: FileWriter;
    readonly random: Random;
  };
  /** For facts, which take many questions: they are put in batches. */
  readonly looks: BesidePorts;
  readonly store: StateStore;
  readonly lock: RunLock;
}

/** `state`: the state folder on the node, whatever the tree. The session is one whose answers can be waited for. */
export async function changePorts(options: BesideOptions & { readonly state: string }): Promise<ChangePorts> {
  const { session, target, probeTarget = target, ssh, probe, state, sshProgram } = options;
  const changes = new FarChanges(session);
  const inside = await enterRoot(options);
  return {
    ports: {
      files: liveFiles(session),
      writer: farFileWriter(changes),
      exec: changeExec(session, changes),
      net: sshNet({
        target: probeTarget,
        ssh,
        mayAct: () => undefined,
        forbidden: probe ? null : 'probing is switched off',
        ...(sshProgram === undefined ? {} : { sshProgram }),
      }),
      processes: liveProcesses(session, inside),
      clock: nodeClock,
      random: nodeRandom,
    },
    looks: portsInside(options, inside),
    store: farStateStore(changes, state),
    lock: farRunLock(changes, posix.join(state, 'run.lock')),
  };
}

export function liveFiles(session: FarSession): FileReader {
  const walks = new FarWalks(session);
  const lists = new FarLists(session);
  const files = snapshotFiles(liveLooks(session), walks, lists);
  return {
    ...files,
    acls: (...asked) => {
      lists.forget();
      return files.acls(...asked);
    },
    walk: (...asked) => {
      walks.forget();
      return files.walk(...asked);
    },
  };
}

function liveProcesses(session: FarSession, prefix: string): Processes {
  return {
    under: (folders) => {
      const seen = readProcesses(session.requestNow('P', [], FAR_MS_MAX));
      return seen === null ? null : processesUnder(seen, prefix, folders);
    },
  };
}
