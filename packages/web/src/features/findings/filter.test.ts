import { expect, test } from 'vitest';
import { isNarrowed, readFilter } from './filter.js';

test.each([
  ['nothing means open findings', {}, {}],
  [
    'everything that can be said',
    { state: 'all', severity: 'high', node: 'n1', control: 'MOM-TLS-001', q: 'poodle' },
    { state: 'all', severity: 'high', node: 'n1', control: 'MOM-TLS-001', q: 'poodle' },
  ],
  ['open is what nothing means', { state: 'open' }, {}],
  ['a severity that does not exist is left out', { severity: 'awful' }, {}],
  ['a word that looks like a number is still a word', { q: 2027 }, { q: '2027' }],
  ['objects are left out', { node: { a: 1 }, q: ['x'] }, {}],
])('%s', (_name, search, filter) => {
  expect(readFilter(search)).toEqual(filter);
});

test('the state alone hides nothing that a person looks for', () => {
  expect(isNarrowed({ state: 'resolved' })).toBe(false);
  expect(isNarrowed({ q: 'x' })).toBe(true);
});
