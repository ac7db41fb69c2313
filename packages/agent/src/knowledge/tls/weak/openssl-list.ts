import { compareVersions } from '@castellan/momentum';
import { GNUTLS_BASE, type Left, WEAK, type Weak } from './left.js';

type State = 'yes' | 'no' | 'unclear';

/** 1.1.0 moved 3DES from HIGH to MEDIUM, took EXP and DES out, and builds RC4 and 3DES only where that is asked for. */
type Era = 'before-1.1' | 'since-1.1';

/** One suite of each kind that a word can take in or leave out: what holds for it holds for its kind. */
const SUITES = [
  ...'AES128-SHA AES256-SHA256 AES128-GCM-SHA256 CAMELLIA128-SHA SEED-SHA IDEA-CBC-SHA PSK-AES128-CBC-SHA'.split(
    ' ',
  ),
  ...'DHE-RSA-AES128-SHA DHE-DSS-AES256-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-SHA384'.split(
    ' ',
  ),
  ...'DES-CBC3-SHA DES-CBC3-MD5 EDH-RSA-DES-CBC3-SHA EDH-DSS-DES-CBC3-SHA ECDHE-RSA-DES-CBC3-SHA ECDHE-ECDSA-DES-CBC3-SHA'.split(
    ' ',
  ),
  ...'RC4-SHA RC4-MD5 RC2-CBC-MD5 ECDHE-RSA-RC4-SHA ECDHE-ECDSA-RC4-SHA PSK-RC4-SHA PSK-3DES-EDE-CBC-SHA'.split(
    ' ',
  ),
  ...'DES-CBC-SHA DES-CBC-MD5 EDH-RSA-DES-CBC-SHA EDH-DSS-DES-CBC-SHA'.split(' '),
  ...'EXP-DES-CBC-SHA EXP-RC4-MD5 EXP-RC2-CBC-MD5 EXP-EDH-RSA-DES-CBC-SHA EXP-ADH-RC4-MD5'.split(' '),
  ...'NULL-SHA NULL-MD5 NULL-SHA256 ECDHE-RSA-NULL-SHA ECDHE-ECDSA-NULL-SHA AECDH-NULL-SHA'.split(' '),
  ...'ADH-AES128-SHA ADH-AES256-SHA256 ADH-AES128-GCM-SHA256 ADH-CAMELLIA128-SHA ADH-SEED-SHA ADH-RC4-MD5 ADH-DES-CBC-SHA ADH-DES-CBC3-SHA'.split(
    ' ',
  ),
  ...'AECDH-AES128-SHA AECDH-RC4-SHA AECDH-DES-CBC3-SHA'.split(' '),
];

/** The kinds that a suite belongs to, by its name and by ciphers(1): the pattern of the name, and the words for it. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^EXP/, 'EXP EXPORT EXPORT40'],
  [/NULL/, 'eNULL NULL'],
  [/^(EXP-)?ADH-/, 'aNULL ADH DH kDHE kEDH'],
  [/^AECDH-/, 'aNULL AECDH ECDH EECDH kECDHE kEECDH'],
  [/^(EXP-)?(DHE|EDH)-/, 'DHE EDH DH kDHE kEDH'],
  [/^ECDHE-/, 'ECDHE EECDH ECDH kECDHE kEECDH'],
  [/^(EXP-)?(AES|CAMELLIA|SEED|IDEA|DES|RC4|RC2|NULL)/, 'kRSA RSA aRSA'],
  [/-RSA-/, 'aRSA'],
  [/-DSS-/, 'aDSS DSS'],
  [/-ECDSA-/, 'aECDSA ECDSA'],
  [/^PSK-/, 'PSK kPSK aPSK'],
  [/AES128/, 'AES AES128'],
  [/AES256/, 'AES AES256'],
  [/GCM/, 'AESGCM'],
  [/CAMELLIA/, 'CAMELLIA CAMELLIA128'],
  [/SEED/, 'SEED MEDIUM'],
  [/IDEA/, 'IDEA MEDIUM'],
  [/RC4/, 'RC4'],
  [/RC2/, 'RC2'],
  [/DES-CBC3|3DES/, '3DES'],
  [/DES-CBC-/, 'DES'],
  [/-MD5$/, 'MD5'],
  [/-SHA$/, 'SHA SHA1'],
  [/-SHA256$/, 'SHA256 TLSv1.2'],
  [/-SHA384$/, 'SHA384 TLSv1.2'],
  [/^(DES-CBC3?|RC2-CBC|RC4)-MD5$/, 'SSLv2'],
];

function wordsOf(suite: string, era: Era): Set<string> {
  const words = new Set(KINDS.flatMap(([pattern, names]) => (pattern.test(suite) ? names.split(' ') : [])));
  if (!words.has('TLSv1.2')) for (const word of ['SSLv3', 'TLSv1', 'TLSv1.0']) words.add(word);
  const isNull = words.has('eNULL');
  words.add(isNull ? 'COMPLEMENTOFALL' : 'ALL');
  if (isNull || words.has('EXP')) return words;
  const is3des = words.has('3DES');
  if (words.has('AES') || words.has('CAMELLIA') || (is3des && era === 'before-1.1')) words.add('HIGH');
  else if (words.has('DES')) words.add('LOW');
  else words.add('MEDIUM');
  if (words.has('aNULL')) words.add('COMPLEMENTOFDEFAULT');
  return words;
}

const KNOWN = new Set([
  ...KINDS.flatMap(([, words]) => words.split(' ')),
  ...'HIGH MEDIUM LOW ALL COMPLEMENTOFALL COMPLEMENTOFDEFAULT SSLv3 TLSv1 TLSv1.0'.split(' '),
  // Of none of these is a suite in the table: fixed exchanges, and kinds that come with strong encryption only.
  ...'kDH kDHr kDHd aDH kECDH kECDHr kECDHe aECDH SRP kSRP aSRP KRB5 kKRB5 aKRB5 GOST EXPORT56 AESCCM AESCCM8 CHACHA20 ARIA FIPS'.split(
    ' ',
  ),
]);

/** Whether a word is one of OpenSSL's: a kind, or the name of a suite. */
export function isOpensslWord(word: string): boolean {
  return word.split('+').every((part) => part === 'DEFAULT' || KNOWN.has(part) || isSuite(part));
}

function isSuite(word: string): boolean {
  return /^(EXP-)?(([A-Z]+-)*)(AES(128|192|256)|CAMELLIA(128|256)|SEED|IDEA-CBC|DES-CBC3?|RC4|RC2-CBC|NULL|CHACHA20-POLY1305|3DES-EDE-CBC)([A-Z0-9-]*)$/.test(
    word,
  );
}

/** What a cipher list leaves of the weak kinds (openssl-ciphers(1)). Null: the library's version is not known. */
export function leftByOpenssl(text: string, libraryVersion: string | null, release: string | null): Left {
  const words = text.split(/[:,\s]+/).filter((word) => word !== '');
  if (GNUTLS_BASE.test(words[0] ?? ''))
    return {
      on: [],
      unclear: [],
      wrong: `${words[0]} begins a priority string of GnuTLS, and OpenSSL reads it`,
    };
  const runs = erasOf(libraryVersion, release).map((era) => run(words, era, libraryVersion !== null));
  const stateOf = (kind: Weak): State => {
    const states = new Set(runs.map((one) => one(kind)));
    return states.size === 1 ? ([...states][0] ?? 'unclear') : 'unclear';
  };
  return {
    on: WEAK.filter((kind) => stateOf(kind) === 'yes'),
    unclear: WEAK.filter((kind) => words.length === 0 || stateOf(kind) === 'unclear'),
    wrong: null,
  };
}

/** Momentum 3 ran on systems whose OpenSSL is 1.0 at most (Manual 3.x, install). */
function erasOf(libraryVersion: string | null, release: string | null): Era[] {
  if (libraryVersion !== null)
    return [compareVersions(libraryVersion, '1.1.0') < 0 ? 'before-1.1' : 'since-1.1'];
  return release?.startsWith('3.') ? ['before-1.1'] : ['before-1.1', 'since-1.1'];
}

function run(words: readonly string[], era: Era, isKnown: boolean): (kind: Weak) => State {
  const named = words.map((word) => word.replace(/^[!+-]/, '')).filter(isSuite);
  const suites = [...new Set([...SUITES, ...named])].map((name) => ({ name, words: wordsOf(name, era) }));
  const states = new Map<string, State>(suites.map(({ name }) => [name, 'no']));
  const killed = new Set<string>();
  // What an unknown word brings in could be of any kind that is not taken away for good.
  let isOpen = false;
  for (const [i, token] of words.entries()) {
    const sign = /^[!+-]/.exec(token)?.[0] ?? '';
    const word = token.slice(sign.length);
    const isLevel = /^@SECLEVEL=[1-9]/.test(token);
    const isUnknown = !token.startsWith('@') && !isOpensslWord(word);
    if (sign === '+' || token === '@STRENGTH') continue;
    if (isUnknown && sign === '') isOpen = true;
    for (const suite of suites) {
      const state = states.get(suite.name) ?? 'no';
      if (isLevel || (isUnknown && sign !== '')) {
        if (state === 'yes') states.set(suite.name, 'unclear');
      } else if (!isUnknown && matches(suite, word) && sign !== '') {
        states.set(suite.name, 'no');
        if (sign === '!') killed.add(suite.name);
      } else if (sign === '' && !killed.has(suite.name)) {
        const adds =
          word === 'DEFAULT'
            ? ofDefault(suite.words, era, isKnown, i)
            : matches(suite, word)
              ? built(suite.words, era)
              : 'no';
        states.set(suite.name, better(state, adds));
      }
    }
  }
  return (kind) => {
    const own = suites.filter((suite) => suite.words.has(kind));
    if (own.some(({ name }) => states.get(name) === 'yes')) return 'yes';
    const isPossible = own.some(
      ({ name }) => states.get(name) === 'unclear' || (isOpen && !killed.has(name)),
    );
    return isPossible ? 'unclear' : 'no';
  };
}

function matches({ name, words }: { name: string; words: ReadonlySet<string> }, word: string): boolean {
  return name === word || word.split('+').every((part) => words.has(part));
}

function better(a: State, b: State): State {
  if (a === 'yes' || b === 'yes') return 'yes';
  return a === 'unclear' || b === 'unclear' ? 'unclear' : 'no';
}

/** Whether a library of the era has the suite at all. */
function built(words: ReadonlySet<string>, era: Era): State {
  if (era === 'before-1.1')
    return words.has('EXP') || words.has('DES') || words.has('SSLv2') ? 'unclear' : 'yes';
  if (words.has('EXP') || words.has('DES') || words.has('RC2')) return 'no';
  return words.has('RC4') || words.has('3DES') ? 'unclear' : 'yes';
}

/** DEFAULT is what the library was built with; none has had suites without a certificate or encryption in it. */
function ofDefault(words: ReadonlySet<string>, era: Era, isKnown: boolean, index: number): State {
  if (words.has('eNULL') || words.has('aNULL')) return 'no';
  if (!WEAK.some((kind) => words.has(kind))) return 'yes';
  if (built(words, era) === 'no') return 'no';
  // 3DES left the defaults with 1.1.0. The word counts in the first place only.
  const is3des = words.has('3DES') && !words.has('SSLv2') && !words.has('PSK');
  return isKnown && is3des && era === 'before-1.1' && index === 0 ? 'yes' : 'unclear';
}
