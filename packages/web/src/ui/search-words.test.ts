import { expect, test } from 'vitest';
import { searchWords, typedSearch } from './search-words.js';

test.each([
  ['', null],
  ['rest AND port', { kind: 'read', words: 'with rest and port', hints: [] }],
  [
    '2001:db8::1',
    { kind: 'wrong', before: '2001:db8', at: ':', behind: ':1', suggestion: '2001\\:db8\\:\\:1' },
  ],
  ['rest AND', { kind: 'wrong', before: 'rest AND', at: '', behind: '', suggestion: null }],
])('under the field, %j is shown as %j', (text, shown) => {
  const words = searchWords(text);
  if (shown === null) expect(words).toBeNull();
  else expect(words).toMatchObject(shown);
});

test.each([
  ['mta0', '+mta0*'],
  ['mta0 edge:', '+mta0 +edge\\:*'],
  ['OR', '+\\OR*'],
  [' ', ''],
])('while it is typed, %j asks for %j', (text, q) => {
  expect(typedSearch(text)).toBe(q);
});
