// Texts for the language's fuzzer: put together from its pieces, or made from real ones by small damage. Seeded, so that
// an input is known by its number.

const PIECES = [
  ...[
    'binding',
    'domain',
    'host',
    'Binding_Group',
    'ESMTP_Listener',
    'Listen',
    'Peer',
    'include',
    'readonly_include',
  ],
  ...[
    'TLS',
    'TLS_Protocols',
    'Password',
    'Local_Changes_File',
    'enabled',
    'true',
    '10',
    '"bulk"',
    '":25"',
    '"/a/"',
  ],
  ...[
    '"',
    "'",
    '\\',
    '\\"',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '=',
    ',',
    ';',
    '#',
    '//',
    '/*',
    '*/',
    '/',
    '*',
    '/a*/',
  ],
  ...[
    ' ',
    '  ',
    '\t',
    '\n',
    '\r\n',
    '\r',
    '\0',
    '\ufeff',
    '\u00a0',
    '\u2028',
    '\u201c',
    '\u201d',
    '\u2026',
    '...',
  ],
  ...[
    'é',
    '𐍈',
    '\ud800',
    '»',
    'pgsql:password=x',
    'http://a:b@c',
    '$x',
    '%{x}',
    '+ALL:-SSLv3',
    '"+ALL"',
    '/file.conf',
  ],
];
const PIECES_MAX = 60;
const DAMAGES_MAX = 8;

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const pick = (next, list) => list[Math.floor(next() * list.length)];

/** The n-th generated text. */
export function generated(seed, n) {
  const next = random(seed * 1_000_003 + n);
  const count = 1 + Math.floor(next() * PIECES_MAX);
  return Array.from({ length: count }, () => pick(next, PIECES)).join('');
}

/** The n-th damaged text: pieces put in, taken out, doubled, exchanged, cut or joined with those of another one. */
export function damaged(seed, n, texts) {
  const next = random(seed * 1_000_003 + n);
  let text = pick(next, texts);
  const damages = 1 + Math.floor(next() * DAMAGES_MAX);
  for (let i = 0; i < damages; i += 1) text = damage(next, text, texts);
  return text;
}

function damage(next, text, texts) {
  const at = Math.floor(next() * (text.length + 1));
  const length = Math.floor(next() ** 3 * 200);
  const [head, tail] = [text.slice(0, at), text.slice(at)];
  switch (Math.floor(next() * 6)) {
    case 0:
      return head + pick(next, PIECES) + tail;
    case 1:
      return head + tail.slice(length);
    case 2:
      return head + tail.slice(0, length) + tail;
    case 3:
      return head + String.fromCharCode(Math.floor(next() * 256)) + tail.slice(1);
    case 4:
      return head;
    default: {
      const other = pick(next, texts);
      return head + other.slice(Math.floor(next() * other.length));
    }
  }
}
