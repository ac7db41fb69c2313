import { type Clock, rest, steady } from '../ports/clock.js';
import type { Log } from '../ports/log.js';

const WAIT_MS_MIN = 1000;
const WAIT_MS_MAX = 60_000;
/** A part that fails so often without a good while in between ends the agent, and systemd starts it anew. */
export const FAILURES_MAX = 8;
const GOOD_WHILE_MS = 600_000;

export interface PartDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Why the part does not run, or null: for heartbeats. */
  problem(name: string, detail: string | null): void;
}

/** Runs a part until the signal; one that fails is begun again after a while. Rejects when it will not stay up. */
export async function keptUp(name: string, run: () => Promise<void>, deps: PartDeps): Promise<void> {
  let failures = 0;
  while (!deps.signal.aborted) {
    const startedAt = steady(deps.clock);
    try {
      await run();
      return;
    } catch (error) {
      if (deps.signal.aborted) return;
      failures = steady(deps.clock) - startedAt > GOOD_WHILE_MS ? 1 : failures + 1;
      const detail = error instanceof Error ? error.message : String(error);
      deps.log.error(
        { event: 'part.failed', part: name, failures, err: error },
        'a part of the agent failed',
      );
      deps.problem(name, detail);
      if (failures >= FAILURES_MAX) throw error;
      await rest(deps.clock, Math.min(WAIT_MS_MIN * 2 ** (failures - 1), WAIT_MS_MAX), deps.signal);
      deps.problem(name, null);
    }
  }
}
