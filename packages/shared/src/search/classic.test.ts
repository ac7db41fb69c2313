import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ClassicLine, classicLine } from './classic.js';

const LINES = readFileSync(new URL('cases/lucene-3.6.2.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as ClassicLine);

/** Of a token that 3.0 does not have. */
const LATER = ['a - b', '! a'];

test('there are 88 queries', () => {
  expect(LINES).toHaveLength(88);
});

test.each(LINES.filter(({ q }) => !LATER.includes(q)).map((line) => [line.q, line] as const))(
  "%j is read as by Lucene's own parser, errors and their places too",
  (q, line) => {
    expect(classicLine(q)).toEqual(line);
  },
);

test.each([
  ['a - b', 'a -b'],
  ['! a', '!a'],
])('%j is what 3.0 reads it as: %j', (later, same) => {
  expect(classicLine(later)).toEqual({ ...classicLine(same), q: later });
});
