/** `unclear` where a word of the list is not known here, or means different things in different releases of OpenSSL. */
export type Offered = 'yes' | 'no' | 'unclear';

/** What an OpenSSL cipher list leaves of the key exchanges with forward secrecy (openssl-ciphers(1)). */
export interface CipherList {
  /** Ephemeral Diffie-Hellman over a prime field: DHE, which OpenSSL also calls EDH. */
  readonly dhe: Offered;
  /** Ephemeral Diffie-Hellman over an elliptic curve. */
  readonly ecdhe: Offered;
  /** The word that takes DHE away; null where none does, and the list may never have had it. */
  readonly excludesDhe: string | null;
}

type Family = 'dhe' | 'ecdhe';
type Effect = readonly Family[] | 'unclear';

const BOTH: Effect = ['dhe', 'ecdhe'];
const NEITHER: Effect = [];

/** Words for many suites. A word for an encryption or a digest has suites of both families. */
const WORDS: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ...named(
    'ALL DEFAULT HIGH TLSv1 TLSv1.0 SSLv3 AES AES128 AES256 SHA SHA1 aRSA FIPS COMPLEMENTOFDEFAULT',
    BOTH,
  ),
  ...named('TLSv1.2 AESGCM SHA256 SHA384 aDSS DSS CAMELLIA CAMELLIA128 CAMELLIA256 3DES', BOTH),
  ...named('DHE EDH kEDH kDHE', ['dhe']),
  ...named('ECDHE EECDH kEECDH kECDHE aECDSA ECDSA', ['ecdhe']),
  // With the fixed exchanges as well: taking DH away takes DHE with it. kDH names the fixed ones alone (ciphers(1)).
  ...named('DH', ['dhe']),
  ...named('ECDH', ['ecdhe']),
  ...named(
    'kRSA aNULL eNULL NULL ADH AECDH EXP EXPORT EXPORT40 EXPORT56 LOW PSK kPSK SRP KRB5 kKRB5 SSLv2',
    NEITHER,
  ),
  ...named('DES RC2 RC4 IDEA SEED MD5 MEDIUM kDH kDHr kDHd kECDHr kECDHe aDH aECDH aPSK aKRB5 GOST', NEITHER),
]);

/** Taken away, these leave suites of the family over: `!AES` leaves what is encrypted otherwise. */
const PARTIAL = new Set(
  'HIGH TLSv1 TLSv1.0 SSLv3 AES AES128 AES256 SHA SHA1 aRSA FIPS TLSv1.2 AESGCM SHA256 SHA384 aDSS DSS CAMELLIA CAMELLIA128 CAMELLIA256 3DES aECDSA ECDSA COMPLEMENTOFDEFAULT'.split(
    ' ',
  ),
);
/** Taken away, nothing much of a usual list is left; what exactly depends on the release. */
const MOST = new Set('AES HIGH aRSA SHA SHA1 TLSv1.2 FIPS SSLv3 TLSv1 TLSv1.0'.split(' '));

function named(words: string, effect: Effect): [string, Effect][] {
  return words.split(' ').map((word) => [word, effect]);
}

/** Words between colons, commas or blanks; `!` takes away for good, `-` until it is added again, `+` moves to the end. */
export function parseCipherList(text: string): CipherList {
  const state: Record<Family, Offered> = { dhe: 'no', ecdhe: 'no' };
  const killed = new Set<Family>();
  let excludesDhe: string | null = null;
  for (const token of text.split(/[:,\s]+/).filter((word) => word !== '')) {
    const sign = /^[!+-]/.exec(token)?.[0] ?? '';
    if (sign === '+' || token.startsWith('@')) continue;
    const word = token.slice(sign.length);
    const effect = effectOf(word);
    if (sign === '') {
      add(state, killed, effect);
      if (state.dhe === 'yes') excludesDhe = null;
      continue;
    }
    for (const family of takenAway(word, effect)) {
      if (family === 'dhe') excludesDhe = token;
      state[family] = 'no';
      if (sign === '!') killed.add(family);
    }
    if (leavesDoubt(word, effect)) blur(state);
  }
  return { ...state, excludesDhe };
}

function effectOf(word: string): Effect {
  const parts = word.split('+');
  if (parts.length > 1) return intersection(parts.map(effectOf));
  const known = WORDS.get(word);
  if (known) return known;
  if (/^(EXP-)?(DHE|EDH)-/.test(word)) return ['dhe'];
  if (/^ECDHE-/.test(word)) return ['ecdhe'];
  // A single suite that names no ephemeral exchange: AES256-SHA, ECDH-RSA-AES128-SHA, ADH-AES256-SHA.
  return /^(EXP-|ADH-|AECDH-|PSK-|KRB5-|(ECDH|DH|SRP)-((RSA|DSS|ECDSA)-)?)?(AES|CAMELLIA|DES|RC4|RC2|SEED|IDEA|NULL|3DES)[A-Z0-9-]*$/.test(
    word,
  )
    ? NEITHER
    : 'unclear';
}

/** `kEDH+AESGCM`: what is in all of them. */
function intersection(effects: readonly Effect[]): Effect {
  if (effects.includes('unclear')) return 'unclear';
  return (BOTH as readonly Family[]).filter((family) => effects.every((effect) => effect.includes(family)));
}

function add(state: Record<Family, Offered>, killed: ReadonlySet<Family>, effect: Effect): void {
  for (const family of ['dhe', 'ecdhe'] as const) {
    if (killed.has(family)) continue;
    if (effect === 'unclear') state[family] = state[family] === 'yes' ? 'yes' : 'unclear';
    else if (effect.includes(family)) state[family] = 'yes';
  }
}

function takenAway(word: string, effect: Effect): readonly Family[] {
  if (
    effect === 'unclear' ||
    PARTIAL.has(word) ||
    word.includes('+') ||
    /^(EXP-)?(DHE|EDH|ECDHE)-/.test(word)
  )
    return [];
  return effect;
}

function leavesDoubt(word: string, effect: Effect): boolean {
  return effect === 'unclear' || MOST.has(word);
}

function blur(state: Record<Family, Offered>): void {
  for (const family of ['dhe', 'ecdhe'] as const) if (state[family] === 'yes') state[family] = 'unclear';
}

/** Words whose suites came with TLS 1.2: authenticated encryption, and SHA-2 as the suite's digest (RFC 5246, 5288, 7905). */
const ONLY_TLS12 =
  /^(TLSv1\.2|AESGCM|AESCCM|AESCCM8|CHACHA20|ARIAGCM|SHA256|SHA384)$|-(GCM|CCM8?|CHACHA20)(-|$)|-SHA(256|384)$/;

/** Whether every suite that a list adds is one of TLS 1.2, so that no older version can be spoken with it. */
export function needsTls12(text: string): boolean {
  const added = text.split(/[:,\s]+/).filter((word) => /^[A-Za-z0-9]/.test(word));
  return added.length > 0 && added.every((word) => word.split('+').some((part) => ONLY_TLS12.test(part)));
}
