import { CAS_ERRORS, type CasCode } from './table.js';

export interface CasErrorDetail {
  /** What is wrong, where, and what to do; never a secret's value. */
  readonly detail: string;
  readonly cause?: unknown;
}

/** An expected failure, by its code in the one table. Match on `code`, never on `message`. */
export class CasError extends Error {
  override readonly name = 'CasError';
  readonly code: CasCode;
  readonly detail: string;

  constructor(code: CasCode, detail: string, cause?: unknown) {
    super(`${code}: ${detail || CAS_ERRORS[code].text}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail || CAS_ERRORS[code].text;
  }

  get http(): number {
    return CAS_ERRORS[this.code].http;
  }

  get exit(): number {
    return CAS_ERRORS[this.code].exit;
  }
}

export function casError(code: CasCode, detail = '', cause?: unknown): CasError {
  return new CasError(code, detail, cause);
}
