import { isFinal, type RunEvent } from '@castellan/shared/model/run';
import { type Clock, rest } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Rounds } from './rounds.js';
import type { Carrier } from './run-desk.js';

/**
 * A carrier whose runs are not looked at while they run: in the middle a node is neither as before nor as after, and
 * what is judged then would be told as an all-clear or an alarm. It is looked at when the run has ended, and the end is
 * said after that.
 */
export function heldCarrier(carrier: Carrier, rounds: Pick<Rounds, 'hold' | 'release'>): Carrier {
  const held = async (work: (progress: (event: RunEvent) => void) => Promise<void>, tell: Tell) => {
    const ends: RunEvent[] = [];
    rounds.hold();
    try {
      await work((event) => (isFinal(event.state) ? ends.push(event) : tell(event)));
    } finally {
      await rounds.release();
      for (const event of ends) tell(event);
    }
  };
  return {
    ...carrier,
    plan: (slug, params) => carrier.plan(slug, params),
    recover: (tell) => held((progress) => carrier.recover(progress), tell),
    apply: (request, tell) => held((progress) => carrier.apply(request, progress), tell),
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
