import { expect, test } from 'vitest';
import { lookEveryMs, retryAfterMs } from './renewal-schedule.js';

const DAY_MS = 86_400_000;

test.each([
  [1, 90 * DAY_MS, 0, 30_000],
  [1, 90 * DAY_MS, 1, 60_000],
  [2, 90 * DAY_MS, 1, 120_000],
  [9, 90 * DAY_MS, 1, 15_360_000],
  [10, 90 * DAY_MS, 1, 21_600_000],
  [1_000_000, 90 * DAY_MS, 0, 10_800_000],
  [5, 60_000, 1, 2_000],
])('after %d failures, of a life of %d ms, with %d: %d ms', (failures, life, unit, ms) => {
  expect(retryAfterMs(failures, life, unit)).toBe(ms);
});

test.each([
  [90 * DAY_MS, 60_000],
  [60_000, 600],
  [1_000, 100],
])('a life of %d ms is looked at every %d ms', (life, ms) => {
  expect(lookEveryMs(life)).toBe(ms);
});
