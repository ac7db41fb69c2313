import { expect, test } from 'vitest';
import { freezeFact } from './freeze.js';

test('a fact with more members than a call takes arguments is frozen as far as the bound, and harms nothing', () => {
  const bindings = Array.from({ length: 200_000 }, (_, n) => ({ name: `binding${n}` }));
  const fact = freezeFact({ bindings });
  expect([Object.isFrozen(fact), Object.isFrozen(fact.bindings), fact.bindings.length]).toEqual([
    true,
    true,
    200_000,
  ]);
});

test('a fact that nests deeply is walked without a stack of its own', () => {
  let deep: { inner?: unknown } = {};
  for (let n = 0; n < 40_000; n += 1) deep = { inner: deep };
  expect(Object.isFrozen(freezeFact(deep))).toBe(true);
});
