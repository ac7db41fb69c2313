import type { TlsLibrary } from '@castellan/momentum';
import { leftByGnutls } from './gnutls-priority.js';
import { type Left, WEAK } from './left.js';
import { leftByOpenssl } from './openssl-list.js';

const WITHOUT = WEAK.map((kind) => `!${kind}`);
/** What each library takes where nothing is set. */
export const UNSET_CIPHERS = { openssl: 'DEFAULT', gnutls: 'NORMAL' } as const satisfies Record<
  TlsLibrary,
  string
>;

const GNUTLS_NAMES: Readonly<Record<(typeof WEAK)[number], string>> = {
  LOW: '-DES-CBC',
  EXP: '-ARCFOUR-40',
  eNULL: '-NULL',
  aNULL: '-ANON-DH:-ANON-ECDH',
  RC4: '-ARCFOUR-128',
  '3DES': '-3DES-CBC',
  MD5: '-MD5',
};

/** Which library reads the list, and its and Momentum's versions; null: not known. */
export interface CipherReader {
  readonly library: TlsLibrary;
  readonly libraryVersion: string | null;
  readonly release: string | null;
}

/** What a list leaves of weak ciphers. */
export function leftBy(text: string, { library, libraryVersion, release }: CipherReader): Left {
  return library === 'gnutls'
    ? leftByGnutls(text, libraryVersion)
    : leftByOpenssl(text, libraryVersion, release);
}

/** The list without what is weak in it, or what may be; one of the other library gives way to the usual one. */
export function withoutWeak(text: string, left: Left, library: TlsLibrary): string {
  const base = left.wrong === null ? text : UNSET_CIPHERS[library];
  if (library === 'gnutls') {
    const kinds = left.wrong === null ? [...left.on, ...left.unclear] : (['RC4', '3DES', 'MD5'] as const);
    return [base, ...kinds.map((kind) => GNUTLS_NAMES[kind])].join(':');
  }
  const missing = left.wrong === null ? [...left.on, ...left.unclear].map((kind) => `!${kind}`) : WITHOUT;
  return [base, ...WITHOUT.filter((word) => missing.includes(word))].join(':');
}
