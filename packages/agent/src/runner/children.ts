import { steady } from '../ports/clock.js';
import type { RunContext } from './steps/run-context.js';

/** An init script that outlived its agent is given this long; stopping a database may take it. */
export const CHILD_MS_MAX = 150_000;
const LOOK_EVERY_MS = 250;

/**
 * Waits for programs that a killed agent had started, and ends those that do not end: two at one service at once
 * would leave it in a state that neither meant.
 */
export async function settleChildren({ deps, journal, tell }: RunContext): Promise<void> {
  const { children } = deps.exec;
  if (!children) return;
  const started = journal.records.flatMap((one) => (one.t === 'child' ? [one] : []));
  for (const child of started) {
    if (!children.isRunning(child)) continue;
    tell(`${child.program} (process ${child.pid}) still runs; waiting for it`);
    const deadline = steady(deps.clock) + CHILD_MS_MAX;
    while (children.isRunning(child) && steady(deps.clock) < deadline) await deps.clock.sleep(LOOK_EVERY_MS);
    if (!children.isRunning(child)) continue;
    tell(`${child.program} (process ${child.pid}) did not end within ${CHILD_MS_MAX} ms and is ended`);
    await children.end(child);
  }
}
