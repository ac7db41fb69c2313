import { expect, test } from 'vitest';
import { checkMatchers, occurrences, type ScheduleOrder, scheduleOf } from './silence.js';
import { checkZone, instantIn } from './zoned-time.js';

const at = (text: string) => Date.parse(text);
const shown = (ms: number) => new Date(ms).toISOString().slice(0, 16);
const DAY_MS = 86_400_000;

test.each([
  ['winter', 'Europe/Vienna', '2026-01-05T02:30', '2026-01-05T01:30'],
  ['summer', 'Europe/Vienna', '2026-07-06T02:30', '2026-07-06T00:30'],
  [
    'passed over in spring: as long after the change',
    'Europe/Vienna',
    '2026-03-29T02:30',
    '2026-03-29T01:30',
  ],
  ['just before the change', 'Europe/Vienna', '2026-03-29T01:59', '2026-03-29T00:59'],
  ['just after the change', 'Europe/Vienna', '2026-03-29T03:00', '2026-03-29T01:00'],
  ['shown twice in autumn: the first', 'Europe/Vienna', '2026-10-25T02:30', '2026-10-25T00:30'],
  ['after both', 'Europe/Vienna', '2026-10-25T03:00', '2026-10-25T02:00'],
  ['the day of the change, in the evening', 'Europe/Vienna', '2026-10-25T22:00', '2026-10-25T21:00'],
  ['New York, passed over', 'America/New_York', '2026-03-08T02:30', '2026-03-08T07:30'],
  ['New York, shown twice', 'America/New_York', '2026-11-01T01:30', '2026-11-01T05:30'],
  ['a change of half an hour', 'Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:45'],
  ['midnight', 'Europe/Vienna', '2026-01-01T00:00', '2025-12-31T23:00'],
  ['UTC', 'UTC', '2026-03-29T02:30', '2026-03-29T02:30'],
])('a wall clock: %s', (_name, zone, local, utc) => {
  expect(shown(instantIn(zone, local))).toBe(utc);
});

test.each(['2026-02-30T02:00', '2026-13-01T02:00', '2026-01-01T24:00', '2026-01-01 02:00', ''])(
  '%j is no day and time',
  (local) => {
    expect(() => instantIn('UTC', local)).toThrow('start:');
  },
);

test.each(['Europe/Nowhere', '+01:00', '', 'Vienna'])('%j is no zone', (zone) => {
  expect(() => checkZone(zone)).toThrow('zone:');
});

test.each([
  [
    'Vienna, over the change of spring: the hour that is not there moves on, the next week is at its time again',
    { zone: 'Europe/Vienna', start: '2026-03-22T02:30', minutes: 60 },
    [
      '2026-03-22T01:30 2026-03-22T02:30',
      '2026-03-29T01:30 2026-03-29T02:30',
      '2026-04-05T00:30 2026-04-05T01:30',
    ],
  ],
  [
    'Vienna, over the change of autumn: the same time of the clock, and the length is real',
    { zone: 'Europe/Vienna', start: '2026-10-18T01:00', minutes: 180 },
    [
      '2026-10-17T23:00 2026-10-18T02:00',
      '2026-10-24T23:00 2026-10-25T02:00',
      '2026-11-01T00:00 2026-11-01T03:00',
    ],
  ],
  [
    'New York, over the change of autumn',
    { zone: 'America/New_York', start: '2026-10-25T22:00', minutes: 120 },
    [
      '2026-10-26T02:00 2026-10-26T04:00',
      '2026-11-02T03:00 2026-11-02T05:00',
      '2026-11-09T03:00 2026-11-09T05:00',
    ],
  ],
])('a window each week in %s', (_name, { zone, start, minutes }, expected) => {
  const found = occurrences(
    { zone, weekly: { start, minutes }, endsAt: at('2027-01-01T00:00:00Z') },
    at('2026-01-01T00:00:00Z'),
    3,
  );
  expect(found.map(({ from, until }) => `${shown(from)} ${shown(until)}`)).toEqual(expected);
});

test('one that is under way comes first, those that are over are left out, the last is cut off', () => {
  const weekly = { start: '2026-01-05T10:00', minutes: 120 };
  const found = occurrences(
    { zone: 'UTC', weekly, endsAt: at('2026-02-02T11:00:00Z') },
    at('2026-01-19T11:59:00Z'),
    5,
  );
  expect(found.map(({ from, until }) => `${shown(from)} ${shown(until)}`)).toEqual([
    '2026-01-19T10:00 2026-01-19T12:00',
    '2026-01-26T10:00 2026-01-26T12:00',
    '2026-02-02T10:00 2026-02-02T11:00',
  ]);
  // A series of years costs no more.
  const late = occurrences(
    { zone: 'UTC', weekly, endsAt: at('2099-01-01T00:00:00Z') },
    at('2098-01-01T00:00:00Z'),
    5,
  );
  expect(late).toHaveLength(5);
});

const NOW = at('2026-01-05T12:00:00Z');
const once = (endsAt: number, startsAt: number | null = null): ScheduleOrder => ({
  zone: 'UTC',
  startsAt,
  endsAt,
});
const window = (changes: object): ScheduleOrder => ({
  zone: 'Europe/Vienna',
  start: '2026-01-06T02:00',
  minutes: 60,
  repeats: 'weekly',
  endsAt: NOW + 30 * DAY_MS,
  ...changes,
});

test.each<[string, ScheduleOrder, string | null]>([
  ['an hour from now', once(NOW + 3_600_000), null],
  ['exactly as long as may be', once(NOW + 90 * DAY_MS), null],
  ['longer', once(NOW + 90 * DAY_MS + 1), '90 days at most'],
  ['over already', once(NOW), 'over already'],
  ['without an end', once(0), 'over already'],
  ['before its start', once(NOW + DAY_MS, NOW + 2 * DAY_MS), 'before the start'],
  ['a window', window({}), null],
  ['a window once', window({ repeats: 'never', endsAt: null }), null],
  ['a window once, over already', window({ repeats: 'never', start: '2026-01-05T11:00' }), 'over already'],
  ['a series without an end', window({ endsAt: null }), 'say when the series ends'],
  ['a series too long', window({ endsAt: NOW + 401 * DAY_MS }), '400 days at most'],
  ['a series that ends before it begins', window({ endsAt: NOW + 3_600_000 }), 'does not occur'],
  ['a zone that there is not', window({ zone: 'Mars/Olympus' }), 'there is no zone'],
])('%s', (_name, order, refusal) => {
  if (refusal === null) expect(scheduleOf(order, NOW).first.until).toBeGreaterThan(NOW);
  else expect(() => scheduleOf(order, NOW)).toThrow(refusal);
});

test('a start that is past is now; nothing given to match is refused', () => {
  expect(scheduleOf(once(NOW + DAY_MS, NOW - DAY_MS), NOW).first.from).toBe(NOW);
  expect(() => checkMatchers({})).toThrow('at least one of');
});
