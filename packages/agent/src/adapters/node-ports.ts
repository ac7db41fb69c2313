import type { Acme } from '../ports/acme.js';
import type { Clock } from '../ports/clock.js';
import type { Exec } from '../ports/exec.js';
import type { FileReader, FileWriter } from '../ports/files.js';
import type { Net } from '../ports/net.js';
import type { Processes } from '../ports/processes.js';
import type { Random } from '../ports/random.js';
import { acmeClient } from './acme-client.js';
import type { WalkAhead } from './descriptors/walk-ahead.js';
import { nodeClock } from './node-clock.js';
import { nodeExec } from './node-exec.js';
import { nodeFileWriter } from './node-file-writer.js';
import { nodeFiles } from './node-files.js';
import { nodeNet } from './node-net.js';
import { nodeProcesses } from './node-processes.js';
import { nodeRandom } from './node-random.js';

/** Everything of a node that the agent can touch. */
export interface NodePorts {
  readonly files: FileReader;
  readonly writer: FileWriter;
  readonly exec: Exec;
  readonly net: Net;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly random: Random;
  readonly acme: Acme;
}

/**
 * `live`: the tree is a running node. `/` always is. `probe`: its listeners may be inspected. `isAlone`: this process
 * inspects once and ends, and gives the system no relative path in the background; `ahead`: its first walk; `listsOf`: whose access lists it asks (see `nodeFiles`).
 */
export function nodePorts(
  root: string,
  options: {
    readonly live: boolean;
    readonly probe: boolean;
    readonly isAlone?: boolean;
    readonly ahead?: WalkAhead | null;
    readonly listsOf?: readonly string[];
  },
): NodePorts {
  const isLive = options.live || root === '/';
  return {
    files: nodeFiles(root, options),
    writer: nodeFileWriter(root),
    exec: nodeExec(root, { live: isLive }),
    net: nodeNet({
      forbidden: !isLive
        ? 'listeners of a tree that is only read are not probed'
        : !options.probe
          ? 'probing is switched off'
          : null,
    }),
    processes: nodeProcesses(root),
    clock: nodeClock,
    random: nodeRandom,
    acme: acmeClient,
  };
}
