/** A page that could not be delivered for this long is a dead letter. */
export const RETRY_WINDOW_MS = 24 * 3_600_000;
/** A receiver that asks for more patience than this is asked again after this. */
export const RETRY_AFTER_MS_MAX = 3_600_000;

// A page cannot wait for the five minutes that Standard Webhooks puts after the first five seconds.
const DELAYS_MS = [0, 5_000, 15_000, 30_000, 60_000, 120_000, 300_000] as const;
const JITTER_SHARE = 0.2;

/**
 * Milliseconds from a failed attempt to the next. `attempts` counts those made; `random` is in [0, 1).
 * A receiver's Retry-After is a floor; the jitter comes last and only adds to it.
 */
export function retryDelayMs(attempts: number, random: number, retryAfterMs: number | null): number {
  const base = DELAYS_MS[Math.min(attempts, DELAYS_MS.length - 1)] ?? 300_000;
  if (retryAfterMs !== null) {
    const floor = Math.min(retryAfterMs, RETRY_AFTER_MS_MAX);
    return Math.round(floor * (1 + random * JITTER_SHARE));
  }
  return Math.round(base * (1 - JITTER_SHARE + random * 2 * JITTER_SHARE));
}

/** How one attempt ended. `ambiguous`: the receiver may have taken it although we did not hear so. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly status: number; readonly ms: number }
  | {
      readonly kind: 'failed';
      readonly status: number | null;
      readonly ms: number;
      readonly detail: string;
      readonly isFinal: boolean;
      readonly isAmbiguous: boolean;
      readonly retryAfterMs: number | null;
    };

// The receiver says that asking again will not help. 429 and 408 are not among them.
const FINAL_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 404, 410, 413]);
// Said by something between us and the receiver, which may have taken it.
const AMBIGUOUS_STATUSES: ReadonlySet<number> = new Set([502, 504]);

export function outcomeOfStatus(status: number, ms: number, retryAfterMs: number | null): Outcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', status, ms };
  const isRedirect = status >= 300 && status < 400;
  const detail = isRedirect ? `HTTP ${status}: redirects are not followed` : `HTTP ${status}`;
  return {
    kind: 'failed',
    status,
    ms,
    detail,
    isFinal: FINAL_STATUSES.has(status),
    isAmbiguous: AMBIGUOUS_STATUSES.has(status),
    retryAfterMs,
  };
}
