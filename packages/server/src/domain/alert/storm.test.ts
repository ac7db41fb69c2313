import { expect, test } from 'vitest';
import { isStorm, OF_ALL, STORM_QUIET_MS } from './storm.js';

const NOW = 1_000_000;
test.each<[string, number, number | null, boolean]>([
  ['the first', 0, null, false],
  ['the last that is let through', OF_ALL.alertsMax - 1, null, false],
  ['one more', OF_ALL.alertsMax, null, true],
  ['few, while a storm takes in others', 0, NOW - STORM_QUIET_MS + 1, true],
  ['few, when the storm has been quiet', 0, NOW - STORM_QUIET_MS, false],
])('%s', (_name, alerts, stormedAt, expected) => {
  expect(isStorm({ alerts, stormedAt }, OF_ALL, NOW)).toBe(expected);
});
