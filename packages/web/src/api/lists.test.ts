import { expect, test } from 'vitest';
import { csvAddress, NEWS_MAX, withRows } from './lists.js';

const page = {
  items: [
    { id: 'a', n: 1 },
    { id: 'b', n: 1 },
  ],
  next: 'x',
  previous: null,
  total: 900,
  facets: {},
};

test('what changed is put in its place, and what is elsewhere is news, each once', () => {
  const fresh = new Map([['b', { id: 'b', n: 2 }]]);
  const once = withRows(page, ['b', 'z'], fresh);
  expect(once.items).toEqual([
    { id: 'a', n: 1 },
    { id: 'b', n: 2 },
  ]);
  expect(withRows(once, ['z', 'y'], new Map()).news).toEqual(['z', 'y']);
});

test('the news that are counted have an end', () => {
  const many = Array.from({ length: NEWS_MAX + 10 }, (_, n) => `id-${n}`);
  expect(withRows(page, many, new Map()).news).toHaveLength(NEWS_MAX);
});

test('a file has the filter and the order, and no page', () => {
  expect(csvAddress('findings', { q: 'a b', sort: 'node', cursor: 'x', from: '101', severity: '' })).toBe(
    '/api/v1/findings.csv?q=a+b&sort=node',
  );
});
