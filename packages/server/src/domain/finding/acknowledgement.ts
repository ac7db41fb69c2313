import { casError } from '@castellan/shared/errors/cas-error';

/** Somebody has a finding: who, since when, until when (null: until it is resolved), and what they say of it. */
export interface Acknowledgement {
  readonly by: string;
  readonly at: number;
  readonly until: number | null;
  readonly note: string;
}

/** Longest time that an acknowledgement with an end may last. What is longer is no acknowledgement any more. */
export const ACKNOWLEDGED_MS_MAX = 90 * 86_400_000;
/** Findings that one request may acknowledge. */
export const ACKNOWLEDGED_AT_ONCE_MAX = 500;

/** Throws CAS_INPUT_INVALID where the end is not ahead, or too far. */
export function acknowledgement(by: string, at: number, note: string, until: number | null): Acknowledgement {
  if (until !== null && until <= at)
    throw casError('CAS_INPUT_INVALID', 'until: this is over already; give an instant that is ahead');
  if (until !== null && until - at > ACKNOWLEDGED_MS_MAX)
    throw casError('CAS_INPUT_INVALID', 'until: an acknowledgement with an end lasts 90 days at most');
  return { by, at, until, note };
}

/** For the history: `by user:olga until 2026-11-28T12:00:00.000Z: I have it`. */
export function sayAcknowledged({ by, until, note }: Acknowledgement): string {
  const end = until === null ? '' : ` until ${new Date(until).toISOString()}`;
  return `by ${by}${end}${note === '' ? '' : `: ${note}`}`;
}
