import { isWorse } from '@castellan/shared/model/severity';
import type { AlertView, Notified, Reason } from './alert.js';

/** Growth is notified once no finding has opened for this long, */
export const SETTLED_MS = 10_000;
/** or at the latest so long after it began; */
export const SETTLE_MS_MAX = 120_000;
/** at once-settled only when the findings have at least so many times more; else this long after the last notification. */
export const GROWTH_FACTOR = 2;
export const SLOW_GROWTH_MS = 3_600_000;
/** What got better is said once nothing has changed for this long. */
export const BETTER_MS = 300_000;
/** An alert that begins again within this time after its end is the same alert. Not less than STAYED_AWAY_MS_MAX. */
export const SAME_ALERT_MS = 3_600_000;
/** The longest that an alert that came back has to stay away before its end is believed. */
export const STAYED_AWAY_MS_MAX = 3_600_000;

/** The furthest ahead that a decision is put off: the longest reminder. */
export const DECIDE_AHEAD_MS_MAX = 8 * 86_400_000;

export type Decision =
  | { readonly kind: 'notify'; readonly reason: Reason }
  /** Nothing yet; to be decided again at the instant `at`, and told then for `reason` if nothing changes. */
  | { readonly kind: 'wait'; readonly at: number; readonly reason: Reason }
  | { readonly kind: 'nothing'; readonly why: string };

/** What a target asks for, and the settings. */
export interface Wishes {
  /** The end of an alert that came back once is believed after this time without it; after each further time, twice that. */
  readonly stayedAwayMs: number;
  /** Says again what is still open and nobody has; null: never. */
  readonly remindAfterMs: number | null;
}

/** What to say now to a target of an alert, from what is and what it was last notified of (null: nothing). */
export function decide(
  view: AlertView,
  notified: Notified | null,
  { remindAfterMs, stayedAwayMs }: Wishes,
  now: number,
): Decision {
  switch (view.state) {
    case 'ended':
      return ofEnded(view, notified, stayedAwayMs, now);
    case 'held':
      return nothing('it is held back');
    case 'acknowledged':
      return notified !== null && (notified.state === 'firing' || notified.unsure !== null)
        ? notify('acknowledged')
        : nothing('somebody has it');
    case 'open':
      return ofOpen(view, notified, remindAfterMs, now);
  }
}

function ofEnded(view: AlertView, notified: Notified | null, stayedAwayMs: number, now: number): Decision {
  if (notified === null) return nothing('it ended before it could be delivered');
  if (notified.state === 'resolved' && notified.unsure === null) return nothing('its end was delivered');
  const believedAt = (view.endedAt ?? now) + quietMs(view.openings, stayedAwayMs);
  // It came back before: its end is not believed yet.
  return now < believedAt ? wait(believedAt, 'resolved') : notify('resolved');
}

/** For how long an alert that began so often has to stay away. */
function quietMs(openings: number, stayedAwayMs: number): number {
  return openings < 2 ? 0 : Math.min(stayedAwayMs * 2 ** (openings - 2), STAYED_AWAY_MS_MAX);
}

function ofOpen(
  view: AlertView,
  notified: Notified | null,
  remindAfterMs: number | null,
  now: number,
): Decision {
  if (notified === null) return notify('opened');
  if (notified.state === 'resolved') return notify('returned');
  if (notified.state === 'acknowledged') return notify('unacknowledged');
  if (notified.unsure !== null) return notify('opened');
  if (isWorse(view.severity, notified.severity)) return notify('worse');
  const next = [growth(view, notified), better(view, notified), reminder(notified, remindAfterMs)]
    .filter((due) => due !== null)
    .sort((a, b) => a.at - b.at)[0];
  if (next === undefined) return nothing('it is as it was last notified');
  return next.at <= now ? notify(next.reason) : wait(next.at, next.reason);
}

interface Due {
  readonly at: number;
  readonly reason: Reason;
}

function growth(view: AlertView, notified: Notified): Due | null {
  if (view.findings <= notified.findings) return null;
  if (view.findings < notified.findings * GROWTH_FACTOR)
    return { at: notified.at + SLOW_GROWTH_MS, reason: 'grew' };
  const latest = (notified.growthSince ?? view.lastOpenedAt) + SETTLE_MS_MAX;
  return { at: Math.min(view.lastOpenedAt + SETTLED_MS, latest), reason: 'grew' };
}

function better(view: AlertView, notified: Notified): Due | null {
  const isBetter =
    isWorse(notified.severity, view.severity) || view.findings * GROWTH_FACTOR <= notified.findings;
  return isBetter ? { at: view.changedAt + BETTER_MS, reason: 'better' } : null;
}

function reminder(notified: Notified, afterMs: number | null): Due | null {
  return afterMs === null ? null : { at: notified.at + afterMs, reason: 'reminder' };
}

const notify = (reason: Reason): Decision => ({ kind: 'notify', reason });
const wait = (at: number, reason: Reason): Decision => ({ kind: 'wait', at, reason });
const nothing = (why: string): Decision => ({ kind: 'nothing', why });
