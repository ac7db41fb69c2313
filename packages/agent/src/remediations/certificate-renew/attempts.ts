import { parseJson } from '@castellan/shared/base/parse-json';
import type { MakeContext } from '../../units/issuing.js';

type State = MakeContext['state'];

const MINUTE_MS = 60_000;
/** After the n-th failure in a row for one certificate: 1, 4, 16 minutes, then 1, 4, 17 hours, then a day. */
export const FIRST_WAIT_MS = MINUTE_MS;
const GROWTH = 4;
export const WAIT_MS_MAX = 24 * 60 * MINUTE_MS;
/** So many failures in a row, of whatever certificates: the issuer is left alone by all of them. */
export const BREAKER_FAILURES = 5;
export const BREAKER_MS = 6 * 60 * MINUTE_MS;
/** Certificates that are remembered of one issuer; of more, those that failed longest ago are forgotten. */
export const REMEMBERED_MAX = 64;

interface Failing {
  readonly failures: number;
  readonly untilMs: number;
}

/** What an issuer outside of this node has answered, over all runs and starts. */
export interface Attempts {
  /** In a row, of all certificates. */
  readonly failures: number;
  readonly untilMs: number;
  readonly certificates: Readonly<Record<string, Failing>>;
}

export const NO_ATTEMPTS: Attempts = { failures: 0, untilMs: 0, certificates: {} };

/** As if it failed, until it is known that it did not: one that ends the agent each time is not asked without end. */
export function begun(before: Attempts, certificate: string, nowMs: number): Attempts {
  const failures = (before.certificates[certificate]?.failures ?? 0) + 1;
  const all = before.failures + 1;
  const certificates = {
    ...before.certificates,
    [certificate]: { failures, untilMs: nowMs + waitMs(failures) },
  };
  return {
    failures: all,
    untilMs: all >= BREAKER_FAILURES ? nowMs + BREAKER_MS : 0,
    certificates: newest(certificates),
  };
}

/** What `begun` counted is a failure that says when it wants to be asked again. */
export function failedWith(
  after: Attempts,
  certificate: string,
  nowMs: number,
  retryAfterMs: number | null,
): Attempts {
  if (retryAfterMs === null) return after;
  const known = after.certificates[certificate];
  const untilMs = Math.max(known?.untilMs ?? 0, nowMs + Math.min(retryAfterMs, WAIT_MS_MAX));
  return {
    ...after,
    certificates: { ...after.certificates, [certificate]: { failures: known?.failures ?? 1, untilMs } },
  };
}

export function succeeded(before: Attempts, certificate: string): Attempts {
  const { [certificate]: _, ...certificates } = before.certificates;
  return { failures: 0, untilMs: 0, certificates };
}

/** When the issuer may be asked again for this certificate; null: now. A clock that was set back holds nobody up for longer. */
export function notBefore(
  { untilMs, certificates }: Attempts,
  certificate: string,
  nowMs: number,
): number | null {
  const until = Math.max(
    Math.min(untilMs, nowMs + BREAKER_MS),
    Math.min(certificates[certificate]?.untilMs ?? 0, nowMs + WAIT_MS_MAX),
  );
  return until > nowMs ? until : null;
}

export function waitMs(failures: number): number {
  return Math.min(FIRST_WAIT_MS * GROWTH ** Math.min(failures - 1, 16), WAIT_MS_MAX);
}

function newest(certificates: Readonly<Record<string, Failing>>): Readonly<Record<string, Failing>> {
  const byEnd = Object.entries(certificates).toSorted(([, a], [, b]) => b.untilMs - a.untilMs);
  return Object.fromEntries(byEnd.slice(0, REMEMBERED_MAX));
}

function fileOf(issuer: string): string {
  return `issuing/${issuer}.json`;
}

/** What cannot be read is not known to have failed; what is written next puts it right. */
export function readAttempts(state: Pick<State, 'read'>, issuer: string): Attempts {
  const read = state.read(fileOf(issuer));
  const value = read === null ? null : parseJson(read.toString('utf8'));
  return isAttempts(value) ? value : NO_ATTEMPTS;
}

export function writeAttempts(state: State, issuer: string, attempts: Attempts): void {
  state.replace(fileOf(issuer), `${JSON.stringify(attempts)}\n`);
}

function isAttempts(value: unknown): value is Attempts {
  if (typeof value !== 'object' || value === null) return false;
  const { failures, untilMs, certificates } = value as Record<string, unknown>;
  const isCount = (one: unknown) => typeof one === 'number' && Number.isFinite(one) && one >= 0;
  return (
    isCount(failures) &&
    isCount(untilMs) &&
    typeof certificates === 'object' &&
    certificates !== null &&
    Object.values(certificates).every(
      (one) => typeof one === 'object' && one !== null && isCount(one.failures) && isCount(one.untilMs),
    )
  );
}
