import { type CasError, casError } from '@castellan/shared/errors/cas-error';

/** Failures of the store as a whole: whatever was tried, it would have failed just so. */
const CODES = [
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_CORRUPT',
  'SQLITE_NOTADB',
  'SQLITE_READONLY',
  'SQLITE_CANTOPEN',
] as const;
export type StoreFailure = (typeof CODES)[number];

/** What is wrong with the store; null when it is the statement or the work that failed. */
export function storeFailureOf(cause: unknown): StoreFailure | null {
  for (let error = cause; error instanceof Error; error = error.cause) {
    const { code } = error as NodeJS.ErrnoException;
    const found = CODES.find((known) => code === known);
    if (found) return found;
  }
  return null;
}

/** The same as an error that a caller may see: without the statement and its values. */
export function asUnavailable(failure: StoreFailure, cause: unknown): CasError {
  const hint = failure === 'SQLITE_FULL' || failure === 'SQLITE_IOERR' ? ': is there room on its disk?' : '';
  return casError('CAS_UNAVAILABLE', `the store does not answer: ${failure}${hint}`, cause);
}
