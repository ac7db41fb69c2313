import { nodePorts } from '../../../packages/agent/src/adapters/node-ports.js';
import type { ScanPorts } from '../../../packages/agent/src/app/ports.js';
import { scanOnce } from '../../../packages/agent/src/app/scan-once.js';
import type { LaidFarSide } from './lay.js';

/** What is inspected: a folder of a node, and the release that is said to run there. */
export interface Inspected {
  readonly dir: string;
  readonly momentum: string | null;
}

/** As `check --format json` on the node itself. */
export function toldHere({ dir, momentum }: Inspected): Promise<string> {
  return reportOf(nodePorts(dir, { live: false, probe: false }), momentum);
}

/** The same from beside. */
export async function toldFrom({ sshd, side }: LaidFarSide, { dir, momentum }: Inspected): Promise<string> {
  const session = await sshd.session(side.login.name);
  try {
    return await reportOf(await sshd.ports(session, side.login.name, dir), momentum);
  } finally {
    await session.close();
  }
}

/** Less its instant. */
async function reportOf(ports: ScanPorts, momentum: string | null): Promise<string> {
  const { report } = await scanOnce({
    ports,
    settings: { nodeName: null, assumeMomentum: momentum, probe: false, live: false },
    signal: new AbortController().signal,
  });
  return JSON.stringify({ ...report, observedAt: '' }, null, 1);
}
