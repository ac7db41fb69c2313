import { casError } from '@castellan/shared/errors/cas-error';
import type { Severity } from '@castellan/shared/model/severity';

/** A finding that somebody accepts: who, since when, until when, and why. */
export interface Waiver {
  readonly by: string;
  readonly at: number;
  readonly until: number;
  readonly reason: string;
  /** What was accepted: a finding that becomes worse than this is open again. */
  readonly severity: Severity;
}

/** The longest that a waiver may last. */
export const WAIVED_MS_MAX = 400 * 86_400_000;
/** Findings that one request may waive. */
export const WAIVED_AT_ONCE_MAX = 500;

/** Throws CAS_INPUT_INVALID where the reason is missing, or the end is not ahead or too far. */
export function checkWaiver({ at, until, reason }: Pick<Waiver, 'at' | 'until' | 'reason'>): void {
  if (reason.trim() === '') throw casError('CAS_INPUT_INVALID', 'reason: say why this is accepted');
  if (until <= at)
    throw casError('CAS_INPUT_INVALID', 'until: this is over already; give an instant that is ahead');
  if (until - at > WAIVED_MS_MAX)
    throw casError('CAS_INPUT_INVALID', 'until: a waiver lasts 400 days at most');
}

/** For the history: `by user:olga until 2026-11-28T12:00:00.000Z: the vendor says so`. */
export function sayWaived({ by, until, reason }: Waiver): string {
  return `by ${by} until ${new Date(until).toISOString()}: ${reason}`;
}
