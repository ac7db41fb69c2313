import { expect, test } from 'vitest';
import { countNew, keepPlaces } from './held.js';

const row = (id: string, state = 'open') => ({ id, state });

test('rows keep their places and take their newest content', () => {
  expect(keepPlaces([row('a'), row('b')], [row('new'), row('b', 'resolved'), row('a')])).toEqual([
    row('a'),
    row('b', 'resolved'),
  ]);
});

test('a row that is gone stays until the reader leaves', () => {
  expect(keepPlaces([row('a'), row('b')], [row('b')])).toEqual([row('a'), row('b')]);
});

test('new rows are counted, and an empty list takes them at once', () => {
  expect(countNew([row('a')], [row('x'), row('a'), row('y')])).toBe(2);
  expect(keepPlaces([], [row('x')])).toEqual([row('x')]);
});
