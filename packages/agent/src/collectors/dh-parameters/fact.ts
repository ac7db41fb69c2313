import type { Place } from '@castellan/shared/model/verdict';

/** The file that tls_dhparams_file names. */
export interface DhParametersFact {
  /** Null: no option names one, and Momentum uses built-in parameters of unknown size. */
  readonly file: {
    readonly path: string;
    readonly at: Place;
    readonly state: 'parsed' | 'missing' | 'denied' | 'malformed' | 'other';
    readonly detail: string;
    readonly bits: number | null;
    /** By number theory, for parameters up to 8192 bits; null where not tested. */
    readonly isPrime: boolean | null;
    /** Whether the service's user can read it; null where that cannot be told. */
    readonly serviceCanRead: boolean | null;
    readonly mtimeMs: number | null;
  } | null;
}

declare module '../../kit/fact.js' {
  interface Facts {
    dhParameters: DhParametersFact;
  }
}
