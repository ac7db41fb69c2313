import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildIdentity, Children } from '../ports/exec.js';
import { errorCode } from './file-problems.js';
import { bootIdOf, isZombie, startOf } from './process-start.js';

const KILL_GRACE_MS = 2000;
const GONE_MS_MAX = 5000;
const LOOK_EVERY_MS = 50;

/** Programs that an earlier agent started; each leads a process group of its own. */
export const nodeChildren: Children = {
  isRunning: isSame,
  async end(child) {
    if (!isSame(child)) return;
    signalGroup(child.pid, 'SIGTERM');
    await isGone(child, KILL_GRACE_MS);
    // What of the group outlived its leader must not go on either.
    signalGroup(child.pid, 'SIGKILL');
    await isGone(child, GONE_MS_MAX);
  },
};

/** The number alone is given to others later: since when it runs, and since which boot, tells them apart. */
function isSame({ pid, start, bootId }: ChildIdentity): boolean {
  return start !== '' && bootId === bootIdOf() && startOf(pid) === start && !isZombie(pid);
}

async function isGone(child: ChildIdentity, withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += LOOK_EVERY_MS) {
    if (!isSame(child)) return true;
    await sleep(LOOK_EVERY_MS);
  }
  return !isSame(child);
}

export function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH' && errorCode(error) !== 'EPERM') throw error;
  }
}
