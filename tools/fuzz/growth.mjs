// Shapes that have been hard for parsers: what eight times the text costs, in times of the text.
import { check } from './checks.mjs';

const SHAPES = {
  quotes: '"',
  'quoted words': '"a" ',
  'unclosed texts': 'a = "b\n',
  backslashes: '\\',
  'backslashes in a text': 'a = "\\\\\\\\\n',
  slashes: '/',
  'comment openings': '/* ',
  'comment ends': '*/ ',
  stars: '*',
  'opening braces': 'a {\n',
  'closing braces': '}\n',
  'opening brackets': '( [ ',
  'lists without end': 'a = ( b\n',
  'dictionaries without end': 'a = [ b = c\n',
  equals: '= ',
  words: 'word ',
  'one long word': 'w',
  commas: ',',
  'curly quotes': '\u201c\u201d',
  'byte order marks': '\ufeff',
  'carriage returns': '\r',
  'line feeds': '\n',
  hashes: '#',
  includes: 'include "x"\n',
  'connection strings': 'a = "pgsql:password=x;"\n',
  'addresses with passwords': 'a = "http://a:b@c"\n',
  'bare expressions': 'domain /a(b|c)/ {\n}\n',
  'options of one scope': 'a = 1\n',
  'openings of one scope': 'binding b { a = 1 }\n',
  'many scopes': (n) => `binding b${n} { TLS = "required" }\n`,
};
const UNITS = 4_000;
const TIMES = 8;
/** Linear is 8; a square would be 64. */
const RATIO_MAX = 24;
const TRIES = 5;

/** Each shape's cost of eight times the text; measured again, up to five times, before it is called worse. */
export function superlinear() {
  return Object.entries(SHAPES).map(([name, shape]) => {
    let ratio = Number.POSITIVE_INFINITY;
    for (let i = 0; i < TRIES && ratio > RATIO_MAX; i += 1)
      ratio = Math.min(ratio, cost(text(shape, UNITS * TIMES)) / cost(text(shape, UNITS)));
    return { name, ratio, isWorse: ratio > RATIO_MAX };
  });
}

function text(shape, units) {
  if (typeof shape === 'string') return shape.repeat(Math.ceil(units / shape.length));
  const parts = [];
  for (let n = 0, length = 0; length < units; n += 1) {
    parts.push(shape(n));
    length += parts[n].length;
  }
  return parts.join('');
}

/** The processor's milliseconds, so that a busy machine says nothing. */
function cost(source) {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i += 1) {
    const before = process.cpuUsage();
    check(source);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return Math.max(best, 0.5);
}
