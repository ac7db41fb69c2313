/**
 * What could not be delivered for this long is a dead letter; a page whose finding is still true goes on, at the slow
 * pace.
 */
export const RETRY_WINDOW_MS = 24 * 3_600_000;
/** The pace of a page that nobody took for a whole window. */
export const SLOW_RETRY_MS = 1_800_000;
/** A receiver that asks for more patience than this is asked again after this. */
export const RETRY_AFTER_MS_MAX = 3_600_000;

// A page cannot wait for the five minutes that Standard Webhooks puts after the first five seconds.
const DELAYS_MS = [0, 5_000, 15_000, 30_000, 60_000, 120_000, 300_000] as const;
const JITTER_SHARE = 0.2;

/**
 * Milliseconds from a failed attempt to the next. `attempts` counts those made; `random` is in [0, 1); `triedForMs`
 * since the first.
 * A receiver's Retry-After is a floor under our own delay, never a replacement of it: it may ask for more patience, up
 * to a bound, and never for less. The jitter on it only adds.
 */
export function retryDelayMs(
  attempts: number,
  random: number,
  retryAfterMs: number | null,
  triedForMs = 0,
): number {
  const step = Number.isFinite(attempts) ? Math.max(1, Math.min(attempts, DELAYS_MS.length - 1)) : 1;
  const pace = triedForMs > RETRY_WINDOW_MS ? SLOW_RETRY_MS : (DELAYS_MS[step] ?? 300_000);
  const own = pace * (1 - JITTER_SHARE + random * 2 * JITTER_SHARE);
  const asked = Number.isNaN(retryAfterMs ?? 0) ? 0 : Math.min(retryAfterMs ?? 0, RETRY_AFTER_MS_MAX);
  return Math.round(Math.max(own, asked * (1 + random * JITTER_SHARE)));
}

/** The longest time between two attempts, jitter and Retry-After included. What is due later than that was set by a wrong clock. */
export const RETRY_DELAY_MS_MAX = RETRY_AFTER_MS_MAX * (1 + JITTER_SHARE);

const DELTA_SECONDS = /^\d+$/;
// The three forms of RFC 9110, 5.6.7. A language's own idea of dates takes "-5" for a day in May.
const HTTP_DATE =
  /^(?:[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT|[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})$/;

/** What a Retry-After header asks for, in milliseconds from `now`, never below zero; null when it is not one. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  if (DELTA_SECONDS.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  if (!HTTP_DATE.test(text)) return null;
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

/** How one attempt ended. `ambiguous`: the receiver may have taken it although we did not hear so. */
export type Outcome =
  /** `status`: of HTTP; null where the channel has another protocol. */
  { readonly kind: 'delivered'; readonly status: number | null; readonly ms: number } | FailedOutcome;

export interface FailedOutcome {
  readonly kind: 'failed';
  readonly status: number | null;
  readonly ms: number;
  readonly detail: string;
  readonly isFinal: boolean;
  readonly isAmbiguous: boolean;
  readonly retryAfterMs: number | null;
}

// Standard Webhooks: the receiver is gone for good. Any other answer is about one attempt: 404 may be a deployment, 401
// and 403 a secret or a list of addresses that somebody is about to mend.
const FINAL_STATUSES: ReadonlySet<number> = new Set([410]);
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

/** An attempt that ended without an answer. */
export function failure(detail: string, ms: number, isAmbiguous: boolean): FailedOutcome {
  return { kind: 'failed', status: null, ms, detail, retryAfterMs: null, isFinal: false, isAmbiguous };
}
