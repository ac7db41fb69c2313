import { reloadHttpd, startHttpd } from './real/httpd.js';
import { startPostfix } from './real/postfix.js';
import { startPostgresql } from './real/postgresql.js';
import { moveToServer } from './real/subversion.js';
import { runningPid, type ServiceName, waitUntil } from './service-processes.js';
import type { StandinNode } from './standin-node.js';

const START_MS = 10_000;

/** Starts one of Debian's programs in the place of a service. Answers what it complained of, or null. */
export async function startReal(node: StandinNode, service: ServiceName): Promise<string | null> {
  if (service === 'msyspg') return startPostgresql(node);
  if (service === 'ecelerity') return startPostfix(node);
  const problem = await startHttpd(node, service);
  if (problem !== null) return problem;
  // Apache says yes before its daemon has read the certificate: only the daemon's own life proves it.
  if (!(await waitUntil(() => runningPid(node, service) !== null, START_MS)))
    return `${service}: Apache did not stay up`;
  if (service === 'ecconfigd') await moveToServer(node);
  return null;
}

/** Has what runs read its files again, without closing its listener. Answers what it complained of, or null. */
export async function reloadReal(
  node: StandinNode,
  service: Exclude<ServiceName, 'ecelerity'>,
  pid: number,
): Promise<string | null> {
  if (service !== 'msyspg') return reloadHttpd(node, service);
  process.kill(pid, 'SIGHUP');
  return null;
}
