import type { Place } from '@castellan/shared/model/verdict';
import type { Doubt } from './parts/doubt.js';

/** A file that tls_dhparams_file names. */
export interface DhParametersFile {
  readonly path: string;
  readonly at: Place;
  readonly state: 'parsed' | 'missing' | 'denied' | 'malformed' | 'other';
  readonly detail: string;
  readonly bits: number | null;
  /** Of the modulus, as `DheAnswer.primeSha256`; absent: none was read. */
  readonly primeSha256?: string;
  /** By number theory, for parameters up to 8192 bits; null where not tested. */
  readonly isPrime: boolean | null;
  /** Whether the service's user can read it; null where that cannot be told. */
  readonly serviceCanRead: boolean | null;
  readonly mtimeMs: number | null;
}

export interface DhParametersFact {
  /** Each once, however many configurations name it. None: Momentum uses built-in parameters of unknown size. */
  readonly files: readonly DhParametersFile[];
  /** Why some configuration may name another file: one of its files was not read, or the manual is not clear. */
  readonly doubts: readonly Doubt[];
}
