import { isFinal, type RunEvent } from '@castellan/shared/model/run';
import { type Clock, rest } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Executor } from './command-dispatcher.js';
import type { ScanScheduler } from './scan-scheduler.js';

/**
 * A executor whose runs are not inspected while they run: in the middle a node is neither as before nor as after, and
 * what is judged then would be told as an all-clear or an alarm. It is inspected when the run has ended, and the end is
 * said after that.
 */
export function heldExecutor(
  executor: Executor,
  scheduler: Pick<ScanScheduler, 'hold' | 'release'>,
): Executor {
  const held = async (work: (progress: (event: RunEvent) => void) => Promise<void>, tell: Tell) => {
    const ends: RunEvent[] = [];
    scheduler.hold();
    try {
      await work((event) => (isFinal(event.state) ? ends.push(event) : tell(event)));
    } finally {
      await scheduler.release();
      for (const event of ends) tell(event);
    }
  };
  return {
    ...executor,
    plan: (slug, params, services) => executor.plan(slug, params, services),
    recover: (tell) => held((progress) => executor.recover(progress), tell),
    apply: (request, tell) => held((progress) => executor.apply(request, progress), tell),
  };
}

type Tell = (event: RunEvent) => void;

const RETRY_MS_MIN = 60_000;
const RETRY_MS_MAX = 3_600_000;

/** Tries again what could not be put back, less and less often; how often in all is bounded by the runs' journals. */
export async function retryRuns(deps: {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Runs that are worth another try. */
  unfinished(): number;
  recover(): Promise<void>;
}): Promise<void> {
  let waitMs = RETRY_MS_MIN;
  while (!deps.signal.aborted) {
    await rest(deps.clock, waitMs, deps.signal);
    if (deps.signal.aborted || deps.unfinished() === 0) {
      waitMs = RETRY_MS_MIN;
      continue;
    }
    deps.log.warn({ event: 'run.retried' }, 'a run that could not be put back is tried again');
    await deps.recover();
    waitMs = Math.min(2 * waitMs, RETRY_MS_MAX);
  }
}
