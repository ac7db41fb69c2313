import { describe, expect, test } from 'vitest';
import { distance, duration, utc, zoned } from './time-words.js';

const NOW = Date.UTC(2026, 10, 24, 3, 0, 0);

test('an instant is written in UTC to the second, and says so', () => {
  expect(utc(NOW)).toBe('2026-11-24 03:00:00 UTC');
});

test('by the clock of a zone, its daylight saving time included', () => {
  expect(zoned(NOW, 'Europe/Vienna')).toBe('Tue 2026-11-24 04:00');
  expect(zoned(Date.UTC(2026, 2, 29, 1, 30), 'Europe/Vienna')).toBe('Sun 2026-03-29 03:30');
  expect(zoned(Date.UTC(2026, 0, 1, 4, 59), 'America/New_York')).toBe('Wed 2025-12-31 23:59');
  expect(() => zoned(NOW, 'Europe/Nowhere')).toThrow(RangeError);
});

describe('the distance from now', () => {
  test.each([
    ['within a minute', 59_000, 'just now'],
    ['minutes ago', 3 * 60_000, '3 min ago'],
    ['hours ago', 5 * 3_600_000, '5 h ago'],
    ['days ago', 40 * 86_400_000, '40 d ago'],
    ['years ago', 800 * 86_400_000, '2 y ago'],
    ['days ahead', -12 * 86_400_000, 'in 12 d'],
  ])('%s', (_name, agoMs, words) => {
    expect(distance(NOW - agoMs, NOW)).toBe(words);
  });
});

test.each([
  [1_400, '1.4 s'],
  [32_000, '32 s'],
  [185_000, '3 min 5 s'],
])('%d ms are read as %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});
