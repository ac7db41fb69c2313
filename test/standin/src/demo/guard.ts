// node guard.js DIR: ends what runs in DIR when whoever started this is gone without having said that all is done.
// A process that is killed outright (SIGKILL, a closed terminal, an editor's stop button) can end nothing itself; the
// end of this pipe is seen all the same.
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processesOf } from './processes-of.js';

/** What a clean end writes before the pipe closes. */
export const ALL_DONE = 'done\n';
const GRACE_MS = 5_000;
const POLL_MS = 100;

async function endAll(dir: string): Promise<void> {
  signalAll(dir, 'SIGTERM');
  for (let waitedMs = 0; waitedMs < GRACE_MS && processesOf(dir).length > 0; waitedMs += POLL_MS)
    await sleep(POLL_MS);
  // Twice: what was being started while the list was read is in the second one.
  for (let round = 0; round < 2; round += 1) {
    signalAll(dir, 'SIGKILL');
    await sleep(POLL_MS);
  }
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
}

function signalAll(dir: string, signal: NodeJS.Signals): void {
  for (const pid of processesOf(dir)) if (pid !== process.pid) signalOne(pid, signal);
}

/** False where it ended by itself between the list and the signal. */
function signalOne(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

const dir = process.argv[2];
if (dir !== undefined && process.argv[1]?.endsWith('guard.js')) {
  // A signal to the whole group or terminal must not end the one that cleans up.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  let said = '';
  process.stdin.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  process.stdin.on('end', () => {
    if (said !== ALL_DONE) void endAll(dir);
  });
}
