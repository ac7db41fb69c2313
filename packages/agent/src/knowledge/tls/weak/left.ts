/** What must not be offered, in the words of OpenSSL. */
export const WEAK = ['LOW', 'EXP', 'eNULL', 'aNULL', 'RC4', '3DES', 'MD5'] as const;
export type Weak = (typeof WEAK)[number];

/** What a list leaves of each kind; `wrong`: it is not one that the library reads at all. */
export interface Left {
  readonly on: readonly Weak[];
  readonly unclear: readonly Weak[];
  /** Why it is not one of this library; null: it is. */
  readonly wrong: string | null;
}

/** The first word of every priority string of GnuTLS. */
export const GNUTLS_BASE = /^(NORMAL|LEGACY|PERFORMANCE|SECURE(128|192|256)|PFS|NONE|SUITEB(128|192))$/i;
