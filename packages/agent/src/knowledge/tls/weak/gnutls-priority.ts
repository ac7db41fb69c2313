import { compareVersions } from '@castellan/momentum';
import { GNUTLS_BASE, type Left, WEAK, type Weak } from './left.js';
import { isOpensslWord } from './openssl-list.js';

type State = 'yes' | 'no' | 'unclear';

/** What an algorithm of a priority string is; names of GnuTLS, NEWS of 3.4.0 and 3.6.0 for when they left the bases. */
const ALGORITHMS: Readonly<Record<string, Weak>> = {
  'ARCFOUR-128': 'RC4',
  'ARCFOUR-40': 'EXP',
  'RC2-40': 'EXP',
  'DES-CBC': 'LOW',
  '3DES-CBC': '3DES',
  MD5: 'MD5',
  NULL: 'eNULL',
  'ANON-DH': 'aNULL',
  'ANON-ECDH': 'aNULL',
};
const OF_ALL: Readonly<Record<string, readonly Weak[]>> = {
  'CIPHER-ALL': ['RC4', '3DES'],
  'MAC-ALL': ['MD5'],
};
const ALWAYS_AWAY: Readonly<Record<string, readonly Weak[]>> = {
  'CIPHER-ALL': ['RC4', '3DES', 'EXP', 'LOW', 'eNULL'],
  'MAC-ALL': ['MD5'],
  'KX-ALL': ['aNULL'],
};

/** What a priority string leaves of the weak kinds. Null: the library's version is not known. */
export function leftByGnutls(text: string, libraryVersion: string | null): Left {
  const tokens = text
    .split(':')
    .map((token) => token.trim().toUpperCase())
    .filter((token) => token !== '');
  const [base = ''] = tokens;
  if (!GNUTLS_BASE.test(base)) {
    const words = text.split(/[:,\s]+/).map((word) => word.replace(/^[!+-]/, ''));
    const isOpenssl = words.some((word) => word !== '' && isOpensslWord(word));
    const wrong = isOpenssl ? `"${base}" begins a cipher list of OpenSSL, and GnuTLS reads it` : null;
    return { on: [], unclear: isOpenssl ? [] : WEAK, wrong };
  }
  const states = new Map<Weak, State>(WEAK.map((kind) => [kind, ofBase(base, kind, libraryVersion)]));
  for (const token of tokens.slice(1)) {
    const name = token.slice(1);
    const own = ALGORITHMS[name];
    if (token.startsWith('+')) {
      if (own) states.set(own, 'yes');
      for (const kind of OF_ALL[name] ?? []) states.set(kind, 'unclear');
    } else if (/^[-!]/.test(token)) {
      for (const kind of own ? [own] : (ALWAYS_AWAY[name] ?? [])) states.set(kind, 'no');
    }
  }
  return {
    on: WEAK.filter((kind) => states.get(kind) === 'yes'),
    unclear: WEAK.filter((kind) => states.get(kind) === 'unclear'),
    wrong: null,
  };
}

function ofBase(base: string, kind: Weak, libraryVersion: string | null): State {
  if (/^(NONE|SUITEB|SECURE(192|256))/.test(base) || !['RC4', '3DES', 'MD5'].includes(kind)) return 'no';
  if (base === 'SECURE128' && kind === 'MD5') return 'no';
  // SECURE128 had them in some releases; without a version, nothing is certain.
  if (base === 'SECURE128' || libraryVersion === null) return 'unclear';
  if (compareVersions(libraryVersion, '3.4.0') < 0) return 'yes';
  return kind === '3DES' && compareVersions(libraryVersion, '3.6.0') < 0
    ? 'yes'
    : base === 'LEGACY'
      ? 'unclear'
      : 'no';
}
