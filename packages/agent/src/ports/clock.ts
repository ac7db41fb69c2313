/** Time, so that tests can own it. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export function instant(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
