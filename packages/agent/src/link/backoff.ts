/** Between two attempts: a random part of a span that doubles. The jitter comes last, so that no cap makes all agree. */
export const BACKOFF_BASE_MS = 1000;
export const BACKOFF_CAP_MS = 60_000;
/** A session that lasted this long was healthy: the next failure starts over. */
export const HEALTHY_AFTER_MS = 60_000;

export interface Ended {
  /** The server had said welcome, and for how long it went on; null: it never came to that. */
  readonly establishedMs: number | null;
  /** From `retry`: not earlier than this. */
  readonly floorMs: number;
  /** From the last `welcome`, or `drain`: the first retry is spread over this. */
  readonly windowMs: number;
}

/** Says how long to wait after each ended attempt. `unit` is uniform in [0, 1). */
export class Backoff {
  #failures = 0;

  constructor(private readonly unit: () => number) {}

  next({ establishedMs, floorMs, windowMs }: Ended): number {
    if (establishedMs !== null && establishedMs >= HEALTHY_AFTER_MS) this.#failures = 0;
    const span =
      this.#failures === 0 && establishedMs !== null
        ? windowMs
        : Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** this.#failures);
    // 2^16 s is far beyond the cap: counting further would end in Infinity.
    this.#failures = Math.min(this.#failures + 1, 16);
    return Math.round(floorMs + this.unit() * Math.max(span, BACKOFF_BASE_MS));
  }
}
