/** Time, so that tests can own it. */
export interface Clock {
  /** Milliseconds since 1970, UTC. It may be put forward or back at any moment: only for instants, never for durations. */
  now(): number;
  /** Milliseconds that only go forward, from no particular beginning. A clock that is never put right need not have it. */
  steady?(): number;
  /** CPU time of this process in milliseconds; absent: the clock of a test. */
  cpuMs?(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock for durations: silence, deadlines, how long something took. */
export function steady(clock: Pick<Clock, 'now' | 'steady'>): number {
  return clock.steady ? clock.steady() : clock.now();
}

export function instant(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}

/** Sleeps for so long, or until the signal: whoever goes on asks the signal first. */
export async function rest(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
