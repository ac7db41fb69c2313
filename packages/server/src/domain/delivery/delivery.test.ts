import { describe, expect, test } from 'vitest';
import {
  outcomeOfStatus,
  RETRY_AFTER_MS_MAX,
  RETRY_DELAY_MS_MAX,
  RETRY_WINDOW_MS,
  retryAfterMs,
  retryDelayMs,
  SLOW_RETRY_MS,
} from './schedule.js';

describe('the time to the next attempt', () => {
  test('grows to five minutes and stays there', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 99].map((attempts) => retryDelayMs(attempts, 0.5, null) / 1000)).toEqual([
      5, 15, 30, 60, 120, 300, 300, 300,
    ]);
  });
  test('is spread by a fifth to either side', () => {
    expect([retryDelayMs(6, 0, null), retryDelayMs(6, 0.999999, null)]).toEqual([240_000, 360_000]);
  });
  test('is long once a whole window went by, and Retry-After may make it longer', () => {
    expect(retryDelayMs(99, 0.5, null, RETRY_WINDOW_MS + 1)).toBe(SLOW_RETRY_MS);
    expect(retryDelayMs(99, 0.5, null, RETRY_WINDOW_MS)).toBe(300_000);
    expect(retryDelayMs(99, 0, 3_000_000, RETRY_WINDOW_MS + 1)).toBe(3_000_000);
  });
  test('is never shorter than Retry-After, and that has a bound', () => {
    expect(retryDelayMs(1, 0, 90_000)).toBe(90_000);
    expect(retryDelayMs(1, 0, 1e12)).toBe(RETRY_AFTER_MS_MAX);
    expect(retryDelayMs(1, 0.999999, 1e300)).toBeLessThanOrEqual(RETRY_DELAY_MS_MAX);
  });
  test.each([0, -1, -1e12, 1, 1_000, Number.NaN])(
    'is never shorter than our own, whatever Retry-After says (%d)',
    (asked) => {
      for (const attempts of [0, 1, 2, 6, 99])
        for (const random of [0, 0.5, 0.999999])
          expect(retryDelayMs(attempts, random, asked)).toBe(retryDelayMs(attempts, random, null));
      expect(retryDelayMs(1, 0, asked)).toBeGreaterThanOrEqual(4_000);
    },
  );
});

const NOW = Date.UTC(2026, 10, 27, 12);
test.each([
  ['120', 120_000],
  [' 120 ', 120_000],
  ['0', 0],
  ['99999999999999999999999999999', Number.MAX_SAFE_INTEGER],
  ['-5', null],
  ['+5', null],
  ['1.5', null],
  ['1e9', null],
  ['0x10', null],
  ['', null],
  ['tomorrow', null],
  ['2027', 2_027_000],
  ['2026-11-27', null],
  ['Fri, 27 Nov 2026 12:02:00 GMT', 120_000],
  ['Friday, 27-Nov-26 12:02:00 GMT', 120_000],
  ['Fri Nov 27 12:02:00 2026', 120_000],
  ['Fri, 27 Nov 2026 11:00:00 GMT', 0],
  ['Fri, 99 Nov 2026 11:00:00 GMT', null],
  [undefined, null],
])('Retry-After: %s', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms);
});

test.each([
  [200, 'delivered'],
  [204, 'delivered'],
  [301, 'again'],
  [307, 'again'],
  [400, 'again'],
  [401, 'again'],
  [403, 'again'],
  [404, 'again'],
  [408, 'again'],
  [410, 'dead'],
  [413, 'again'],
  [422, 'again'],
  [425, 'again'],
  [429, 'again'],
  [500, 'again'],
  [503, 'again'],
])('HTTP %i means %s', (status, meaning) => {
  const outcome = outcomeOfStatus(status, 1, null);
  expect(outcome.kind === 'delivered' ? 'delivered' : outcome.isFinal ? 'dead' : 'again').toBe(meaning);
});
