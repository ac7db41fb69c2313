import { expect, test } from 'vitest';
import { batchesOf } from './batches.js';

const batched = (items: readonly string[]) =>
  [...batchesOf(items, { itemsMax: 3, bytesMax: 10 }, (item) => item.length)].map((batch) => batch.join(' '));

test('batches are within both bounds, in order, and lose nothing', () => {
  expect(batched([])).toEqual([]);
  expect(batched(['a', 'b', 'c'])).toEqual(['a b c']);
  expect(batched(['a', 'b', 'c', 'd'])).toEqual(['a b c', 'd']);
  expect(batched(['12345', '67890'])).toEqual(['12345 67890']);
  expect(batched(['12345', '678901'])).toEqual(['12345', '678901']);
});

test('what is larger than a batch is one of its own', () => {
  expect(batched(['12345678901', 'a'])).toEqual(['12345678901', 'a']);
  expect(batched(['a', '12345678901', 'b'])).toEqual(['a', '12345678901', 'b']);
});
