import { expect, test } from 'vitest';
import { renewalDueAt, spreadUnit } from './certificate-life.js';

test.each([
  [0, 60],
  [0.5, 62.25],
  [1, 64.5],
])('with %d of the spread a certificate of 90 is renewed at %d', (unit, due) => {
  expect(renewalDueAt({ from: 0, to: 90 }, unit)).toBeCloseTo(due, 9);
  expect(renewalDueAt({ from: 1_000, to: 1_090 }, unit)).toBeCloseTo(1_000 + due, 9);
});

test('nodes have places of their own in the spread, the same each time', () => {
  const units = Array.from({ length: 100 }, (_, n) => spreadUnit(`nod-${n}`));
  expect(units.every((unit) => unit >= 0 && unit < 1)).toBe(true);
  expect(new Set(units).size).toBe(100);
  expect(units.filter((unit) => unit < 0.5).length).toBeGreaterThan(25);
  expect(units.filter((unit) => unit >= 0.5).length).toBeGreaterThan(25);
  expect(spreadUnit('nod-7')).toBe(units[7]);
});
