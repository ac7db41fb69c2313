import type { CasError } from '../errors/cas-error.js';

/** What an operation that may fail for an expected reason returns. Bugs throw; expected failures do not. */
export type Result<T, E = CasError> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function err<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}
