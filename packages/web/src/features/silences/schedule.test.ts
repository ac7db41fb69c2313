import { expect, test } from 'vitest';
import { nextMonday, scheduleOf, type When, warningOf } from './schedule.js';

const NOW = Date.parse('2026-11-28T10:00:00Z');
const HOUR_MS = 3_600_000;
const WHEN: When = {
  choice: '2h',
  until: '',
  window: {
    start: '2026-12-05T02:00',
    minutes: 60,
    repeats: 'weekly',
    lastDay: '2027-03-01',
    zone: 'Europe/Vienna',
  },
};

test.each([
  ['2h', 2],
  ['8h', 8],
  ['1d', 24],
  ['7d', 168],
] as const)('%s from now', (choice, hours) => {
  expect(scheduleOf({ ...WHEN, choice }, NOW)?.ends).toBe(new Date(NOW + hours * HOUR_MS).toISOString());
});

test('Monday is the next one that is ahead, at nine by the clock on the wall', () => {
  for (let hour = 0; hour < 14 * 24; hour += 1) {
    const now = NOW + hour * HOUR_MS;
    const at = new Date(nextMonday(now));
    expect([at.getDay(), at.getHours(), at.getMinutes()]).toEqual([1, 9, 0]);
    expect(at.getTime()).toBeGreaterThan(now);
    expect(at.getTime() - now).toBeLessThanOrEqual(7 * 24 * HOUR_MS + HOUR_MS);
  }
});

test('what is missing is not asked for', () => {
  expect(scheduleOf({ ...WHEN, choice: 'free' }, NOW)).toBeNull();
  expect(scheduleOf({ ...WHEN, choice: 'window', window: { ...WHEN.window, start: '' } }, NOW)).toBeNull();
  expect(scheduleOf({ ...WHEN, choice: 'window', window: { ...WHEN.window, lastDay: '' } }, NOW)).toBeNull();
  expect(
    scheduleOf({ ...WHEN, choice: 'window', window: { ...WHEN.window, minutes: Number.NaN } }, NOW),
  ).toBeNull();
});

test('a window keeps the time of its own zone; only a series has an end', () => {
  expect(scheduleOf({ ...WHEN, choice: 'window' }, NOW)).toMatchObject({
    zone: 'Europe/Vienna',
    window: { start: '2026-12-05T02:00', minutes: 60, repeats: 'weekly' },
    ends: expect.stringMatching(/^2027-03-0[12]T/),
  });
  const once = scheduleOf({ ...WHEN, choice: 'window', window: { ...WHEN.window, repeats: 'never' } }, NOW);
  expect(once).not.toHaveProperty('ends');
});

test.each([
  [
    'ends soon and holds what would page',
    'active',
    0.5,
    3,
    'Ends in less than an hour: 3 open findings will page',
  ],
  ['one', 'active', 1, 1, 'Ends in less than an hour: 1 open finding will page'],
  ['ends later', 'active', 1.1, 3, null],
  ['holds nothing open', 'active', 0.5, 0, null],
  ['is over', 'over', -1, 3, null],
])('a silence that %s', (_name, state, hours, open, warning) => {
  const activeUntil = new Date(NOW + hours * HOUR_MS).toISOString();
  expect(warningOf({ state, activeUntil, holds: { open } }, NOW)).toBe(warning);
});
