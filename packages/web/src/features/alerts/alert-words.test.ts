import { expect, test } from 'vitest';
import { countsOf, placeOf, toldWords } from './alert-words.js';

const place = { isStorm: false, nodes: 3, node: null, group: 'mta' };

test.each([
  ['several nodes', placeOf(place), '3 nodes in mta'],
  ['one node', placeOf({ ...place, nodes: 1, node: { id: 'n', name: 'mta1' } }), 'mta1'],
  ['a storm', placeOf({ ...place, isStorm: true }), ''],
  [
    'all kinds',
    countsOf({ open: 1200, acknowledged: 3, held: 1 }),
    '1,200 open, 3 acknowledged, 1 held back',
  ],
  ['nothing left', countsOf({ open: 0, acknowledged: 0, held: 0 }), 'none'],
  ['never told', toldWords(null), 'Nothing yet'],
  [
    'open',
    toldWords({ state: 'firing', severity: 'high', findings: 1, at: '' }),
    'It is open: high, 1 finding',
  ],
  ['over', toldWords({ state: 'resolved', severity: 'high', findings: 1, at: '' }), 'It is over'],
])('%s', (_name, words, wanted) => {
  expect(words).toBe(wanted);
});
