import { casError } from '@castellan/shared/errors/cas-error';
import type { Severity } from '@castellan/shared/model/severity';
import { checkZone, daysLater, instantIn } from './zoned-time.js';

const DAY_MS = 86_400_000;
/** The longest that one silence may last, from now. */
export const SILENCE_MS_MAX = 90 * DAY_MS;
/** The longest that one occurrence of a maintenance window may last, and the furthest ahead that its series may end. */
export const WINDOW_MINUTES_MAX = 3 * 24 * 60;
export const SERIES_MS_MAX = 400 * DAY_MS;
/** Silences that are active or to come; those that are over do not count. */
export const SILENCES_MAX = 200;
/** One that is over is shown for so long. */
export const SILENCE_SHOWN_MS = 90 * DAY_MS;
/** Findings that one transaction holds or releases. */
export const HELD_AT_ONCE_MAX = 500;
/** Occurrences that are shown before a window is made. */
export const OCCURRENCES_SHOWN = 5;

/** What a finding must have for the silence to hold it: all that is given. */
export const MATCHERS = ['control', 'node', 'group', 'severity', 'subject', 'alert'] as const;
export type Matcher = (typeof MATCHERS)[number];
export type Matchers = Readonly<
  Partial<Record<Exclude<Matcher, 'severity'>, string> & { severity: Severity }>
>;

/** While no page is sent. Instants in ms; `until` is the first at which pages are sent again. */
export interface Occurrence {
  readonly from: number;
  readonly until: number;
}

/** A window that recurs each week at the same time of the wall clock of its zone. */
export interface Weekly {
  /** Of the first occurrence: `2026-03-29T02:30`. */
  readonly start: string;
  readonly minutes: number;
}

/** When a silence holds. Of one that does not recur `first` is all of it, and `endsAt` its end. */
export interface Schedule {
  readonly zone: string;
  readonly weekly: Weekly | null;
  readonly first: Occurrence;
  readonly endsAt: number;
}

/** As it is asked for: by instants, or by a wall clock's time and a length. Instants in ms. */
export type ScheduleOrder =
  | { readonly zone: string; readonly startsAt: number | null; readonly endsAt: number }
  | {
      readonly zone: string;
      readonly start: string;
      readonly minutes: number;
      readonly repeats: 'never' | 'weekly';
      /** The end of the series; only of one that repeats. */
      readonly endsAt: number | null;
    };

/** Throws CAS_INPUT_INVALID where nothing is given: a silence of everything is not meant. */
export function checkMatchers(matchers: Matchers): void {
  if (MATCHERS.every((name) => matchers[name] === undefined))
    throw casError('CAS_INPUT_INVALID', `matchers: give at least one of ${MATCHERS.join(', ')}`);
}

/** Throws CAS_INPUT_INVALID where the end is missing, not ahead, or too far. */
export function scheduleOf(order: ScheduleOrder, now: number): Schedule {
  checkZone(order.zone);
  if (!('start' in order)) {
    const from = Math.max(order.startsAt ?? now, now);
    return onceFor(order.zone, { from, until: order.endsAt }, now);
  }
  const { zone, start, minutes, repeats, endsAt } = order;
  const from = instantIn(zone, start);
  if (repeats === 'never') return onceFor(zone, { from, until: from + minutes * 60_000 }, now);
  if (endsAt === null) throw casError('CAS_INPUT_INVALID', 'ends: say when the series ends');
  if (endsAt - now > SERIES_MS_MAX)
    throw casError('CAS_INPUT_INVALID', 'ends: a maintenance window recurs for 400 days at most');
  const weekly = { start, minutes };
  const [first] = occurrences({ zone, weekly, endsAt }, now, 1);
  if (!first) throw casError('CAS_INPUT_INVALID', 'ends: the window does not occur before this');
  return { zone, weekly, first, endsAt };
}

function onceFor(zone: string, first: Occurrence, now: number): Schedule {
  checkEnd(first, now);
  return { zone, weekly: null, first, endsAt: first.until };
}

/** Throws CAS_INPUT_INVALID. */
export function checkEnd({ from, until }: Occurrence, now: number): void {
  if (until <= now)
    throw casError('CAS_INPUT_INVALID', 'ends: this is over already; give an instant that is ahead');
  if (until <= from) throw casError('CAS_INPUT_INVALID', 'ends: this is before the start');
  if (until - now > SILENCE_MS_MAX)
    throw casError('CAS_INPUT_INVALID', 'ends: a silence lasts 90 days at most, from now');
}

/** Those of a weekly window that are under way or to come, at most so many; the last is cut off at the series' end. */
export function occurrences(
  { zone, weekly, endsAt }: Pick<Schedule, 'zone' | 'endsAt'> & { readonly weekly: Weekly },
  now: number,
  count: number,
): Occurrence[] {
  const found: Occurrence[] = [];
  const passed = Math.floor((now - instantIn(zone, weekly.start)) / (7 * DAY_MS));
  // One week of leeway: an occurrence may have begun before the change of a clock.
  for (let week = Math.max(0, passed - 1); found.length < count; week += 1) {
    const from = instantIn(zone, daysLater(weekly.start, 7 * week));
    if (from >= endsAt) break;
    const until = Math.min(from + weekly.minutes * 60_000, endsAt);
    if (until > now) found.push({ from, until });
  }
  return found;
}
