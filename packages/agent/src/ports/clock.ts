/** Time, so that tests can own it. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** CPU time of this process in milliseconds; absent: the clock of a test. */
  cpuMs?(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export function instant(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
