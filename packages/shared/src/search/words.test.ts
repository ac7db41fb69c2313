import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitwiseDistance, distance } from './words.js';

test.each([
  ['', '', 0],
  ['', 'ab', 2],
  ['certificate', 'certifcate', 1],
  ['kitten', 'sitting', 3],
  ['flaw', 'lawn', 2],
])('from %j to %j are %d changes', (a, b, changes) => {
  expect(distance(a, b)).toBe(changes);
  expect(bitwiseDistance(a)(b)).toBe(changes);
});

test('by bits it is the same, up to as many letters as there are bits', () => {
  const word = (maxLength: number) =>
    fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'ü', '9'), maxLength });
  fc.assert(
    fc.property(word(32), word(60), (a, b) => {
      expect(bitwiseDistance(a)(b)).toBe(distance(a, b));
    }),
    { numRuns: 500 },
  );
});
