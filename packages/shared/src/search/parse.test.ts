import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainQuery, hintsOf } from './explain.js';
import { parseQuery } from './parse.js';
import { printQuery } from './print.js';
import { QueryError } from './query-error.js';
import { CLAUSES_MAX, DEPTH_MAX, QUERY_LENGTH_MAX, type Query } from './tree.js';

const PIECES = [
  ...[
    'a',
    'foo',
    'AND',
    'OR',
    'NOT',
    '&&',
    '||',
    '+',
    '-',
    '!',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"',
    '^',
    '2',
    '~',
  ],
  ...[
    '0.5',
    '*',
    '?',
    ':',
    '\\',
    '\\u0041',
    ' ',
    '  ',
    '\t',
    '\n',
    '\u3000',
    ' TO ',
    'x:',
    '.',
    '/',
    '&',
    '\\"',
  ],
  ...['é', '\u00a0', '\u000b', '[a TO b]', '{* TO "b c"}', '"a b"~3', 'foo~', 'a^2.5', '*:*', '\ud800'],
];
const QUERIES = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => pieces.join('')),
  fc.string({ maxLength: 60, unit: 'binary' }),
);

function parsed(text: string): Query | QueryError {
  try {
    return parseQuery(text);
  } catch (cause) {
    if (cause instanceof QueryError) return cause;
    throw cause;
  }
}

/** Without where it stood. */
const shapeOf = (query: Query): unknown =>
  JSON.parse(
    JSON.stringify(query, (name, value) =>
      name === 'at' ? undefined : typeof value === 'symbol' ? { symbol: value.description } : value,
    ),
  );

test('any text is a tree or one error with its place in the text', () => {
  fc.assert(
    fc.property(QUERIES, (text) => {
      const made = parsed(text);
      if (!(made instanceof QueryError)) return;
      expect(made.message).not.toBe('');
      expect(made.offset).toBeGreaterThanOrEqual(0);
      expect(made.offset + made.length).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 1500 },
  );
});

test('a tree that is printed is read back as the same tree, and can be said in words', () => {
  fc.assert(
    fc.property(QUERIES, (text) => {
      const made = parsed(text);
      if (made instanceof QueryError) return;
      expect(shapeOf(parseQuery(printQuery(made)))).toEqual(shapeOf(made));
      expect(explainQuery(made)).not.toBe('');
      expect(hintsOf(text, made).length).toBeLessThanOrEqual(6);
    }),
    { numRuns: 1500 },
  );
});

test.each([
  ['the length', 'a'.repeat(QUERY_LENGTH_MAX), 'a'.repeat(QUERY_LENGTH_MAX + 1)],
  ['clauses of a group', 'a '.repeat(CLAUSES_MAX), 'a '.repeat(CLAUSES_MAX + 1)],
  [
    'groups within groups',
    `${'('.repeat(DEPTH_MAX)}a${')'.repeat(DEPTH_MAX)}`,
    `${'('.repeat(DEPTH_MAX + 1)}a${')'.repeat(DEPTH_MAX + 1)}`,
  ],
])('%s: the most is read, and one more is an error', (_, most, beyond) => {
  expect(parsed(most)).not.toBeInstanceOf(QueryError);
  expect(parsed(beyond)).toBeInstanceOf(QueryError);
});

test.each([
  ['2001:db8::1', 8, '2001\\:db8\\:\\:1', 'a colon'],
  ['"unbalanced', 0, '"unbalanced"', 'not closed'],
  ['rest AND', 8, null, 'what AND is about'],
  ['(a OR b', 7, null, 'a closing bracket'],
  ['OR', 0, null, 'both sides'],
  ['a\\', 1, null, 'backslash'],
  ['port:', 5, null, 'the field'],
  ['a \\u00g1', 2, null, 'hexadecimal'],
  ['foo~2', 3, '~0.8', 'from 0 to below 1'],
])('%j is wrong at %i, and says what to write', (text, offset, suggestion, said) => {
  const error = parsed(text) as QueryError;
  expect(error).toMatchObject({ offset, suggestion });
  expect(error.message).toContain(said);
});

test.each([
  ['REST Injection', 'with REST or Injection'],
  ['"REST Injection"', 'with "REST Injection"'],
  ['rest AND port', 'with rest and port'],
  ['a OR b AND c', 'with b and c; a may be there or not'],
  ['(a OR b) AND NOT c', 'with (with a or b); without c'],
  ['NOT a', 'nothing: there is only what it must not have'],
])('%j asks for: %s', (text, words) => {
  expect(explainQuery(parseQuery(text))).toBe(words);
});

test.each([
  ['rest and port', ['"and" is searched as a word: AND is the operator']],
  ['a OR b AND c', ['AND does not bind closer than OR: brackets say what belongs together']],
  ['-a', ['without anything it is to have, it finds nothing: begin with *:*']],
  ['"foo*"', ['within quotes * and ? stand for themselves']],
  ['rest AND port', []],
])('%j: what may not be meant is said', (text, hints) => {
  expect(hintsOf(text, parseQuery(text))).toEqual(hints);
});
