import { expect, test } from 'vitest';
import { choice, freePorts } from './free-ports.js';

test('nobody is given a port that somebody else was given, though no one listens at it yet', async () => {
  const given = (await Promise.all(Array.from({ length: 8 }, () => freePorts(50)))).flat();
  expect(new Set(given).size).toBe(400);
});

test.each([
  { given: null, expected: [15_000, 32_000] },
  { given: [32_768, 60_999], expected: [15_000, 32_000] },
  { given: [16_000, 65_535], expected: [4_000, 16_000] },
  { given: [1_024, 50_000], expected: [50_001, 65_535] },
  { given: [1_024, 65_535], expected: [15_000, 32_000] },
] as const)('where the system gives out $given, ports are looked for in $expected', ({ given, expected }) => {
  expect(choice(given)).toEqual(expected);
});
