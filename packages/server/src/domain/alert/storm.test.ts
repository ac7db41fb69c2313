import { expect, test } from 'vitest';
import { isStorm, STORM_QUIET_MS } from './storm.js';

const NOW = 1_000_000;
const MAX = 10;
test.each<[string, number, number | null, boolean]>([
  ['the first', 0, null, false],
  ['the last that is let through', MAX - 1, null, false],
  ['one more', MAX, null, true],
  ['few, while a storm takes in others', 0, NOW - STORM_QUIET_MS + 1, true],
  ['few, when the storm has been quiet', 0, NOW - STORM_QUIET_MS, false],
])('%s', (_name, alerts, stormedAt, expected) => {
  expect(isStorm({ alerts, stormedAt }, MAX, NOW)).toBe(expected);
});
