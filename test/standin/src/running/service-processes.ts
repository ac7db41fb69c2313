import { existsSync, readFileSync, rmSync } from 'node:fs';
import { type StandinNode, statePath } from './standin-node.js';

export type ServiceName = 'ecconfigd' | 'ecwebconsole' | 'msyspg' | 'ecelerity';

export function pidFile(node: StandinNode, service: ServiceName): string {
  return statePath(node, `${service}.pid`);
}

/** The process of a service, or null when none runs. A pid file of a dead process counts for nothing. */
export function runningPid(node: StandinNode, service: ServiceName): number | null {
  const file = pidFile(node, service);
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, 'utf8').trim());
  return Number.isInteger(pid) && pid > 1 && isAlive(pid) ? pid : null;
}

export function forgetPid(node: StandinNode, service: ServiceName): void {
  rmSync(pidFile(node, service), { force: true });
}

/** A zombie answers signals and serves nobody. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync('/proc/self/stat') || (existsSync(stat) && !/\) Z /.test(readFileSync(stat, 'latin1')));
}

const POLL_MS = 25;

export async function waitUntil(isTrue: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!isTrue()) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}
