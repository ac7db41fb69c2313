import { describe, expect, test } from 'vitest';
import { type AlertView, isNews, isRepeat, isTrue, type Notified, typeOf } from './alert.js';
import {
  BETTER_MS,
  type Decision,
  decide,
  GROWTH_FACTOR,
  SETTLE_MS_MAX,
  SETTLED_MS,
  SLOW_GROWTH_MS,
  STAYED_AWAY_MS_MAX,
} from './decide.js';

const NOW = 1_000_000_000;
const SECOND = 1_000;
const STAYED_AWAY_MS = 300_000;

const open = (changes: Partial<AlertView> = {}): AlertView => ({
  state: 'open',
  severity: 'high',
  findings: 1,
  lastOpenedAt: NOW,
  changedAt: NOW,
  endedAt: null,
  openings: 1,
  ...changes,
});
const ended = (changes: Partial<AlertView> = {}): AlertView =>
  open({ state: 'ended', findings: 0, endedAt: NOW, ...changes });
const acknowledged = open({ state: 'acknowledged' });
const held = open({ state: 'held', findings: 0 });

const was = (state: Notified['state'], changes: Partial<Notified> = {}): Notified => ({
  state,
  unsure: null,
  severity: 'high',
  findings: 1,
  at: NOW - 60 * SECOND,
  growthSince: null,
  ...changes,
});
const firing = (changes: Partial<Notified> = {}) => was('firing', changes);
const MAYBE = { unsure: 'msg_1' };
const unsure = firing(MAYBE);

const said = (decision: Decision): string =>
  decision.kind === 'notify' ? decision.reason : decision.kind === 'wait' ? `+${decision.at - NOW}` : '-';

describe('what is said', () => {
  test.each<[string, AlertView, Notified | null, string]>([
    ['of what is open, to who was told nothing', open(), null, 'opened'],
    ['of what is open, to who may have been told', open(), unsure, 'opened'],
    ['of what is as it was', open(), firing(), '-'],
    ['of what came back', open(), was('resolved'), 'returned'],
    ['of what nobody has any more', open(), was('acknowledged'), 'unacknowledged'],
    ['of what became worse', open({ severity: 'critical' }), firing(), 'worse'],
    ['of what became worse and more', open({ severity: 'critical', findings: 9 }), firing(), 'worse'],
    ['of what somebody has, to who was told', acknowledged, firing(), 'acknowledged'],
    ['of what somebody has, to who may have been told', acknowledged, unsure, 'acknowledged'],
    ['of what somebody has, to who was told so', acknowledged, was('acknowledged'), '-'],
    ['of what somebody has, to who was told nothing', acknowledged, null, '-'],
    [
      'of what somebody has, to who may have been told so',
      acknowledged,
      was('acknowledged', MAYBE),
      'acknowledged',
    ],
    [
      'of what somebody has, to who may have been told of an end',
      acknowledged,
      was('resolved', MAYBE),
      'acknowledged',
    ],
    [
      'of what nobody has any more, to who may have been told of one',
      open(),
      was('acknowledged', MAYBE),
      'unacknowledged',
    ],
    ['of what is held back', held, null, '-'],
    ['of what is held back, to who was told', held, firing(), '-'],
    ['of what ended, to who was told', ended(), firing(), 'resolved'],
    ['of what ended, to who may have been told', ended(), unsure, 'resolved'],
    ['of what ended, to who knows that somebody had it', ended(), was('acknowledged'), 'resolved'],
    ['of what ended, to who was told nothing', ended(), null, '-'],
    ['of what ended, to who was told so', ended(), was('resolved'), '-'],
    ['of what ended, to who may have been told so', ended(), was('resolved', MAYBE), 'resolved'],
  ])('%s', (_name, view, notified, expected) => {
    expect(said(decide(view, notified, { remindAfterMs: null, stayedAwayMs: STAYED_AWAY_MS }, NOW))).toBe(
      expected,
    );
  });
});

describe('growth', () => {
  const grown = (findings: number, changes: Partial<AlertView> = {}) => open({ findings, ...changes });
  test.each<[string, AlertView, Notified, string]>([
    ['to twice as many waits until it has settled', grown(2), firing(), `+${SETTLED_MS}`],
    ['that has settled is said', grown(2, { lastOpenedAt: NOW - SETTLED_MS }), firing(), 'grew'],
    [
      'that does not settle is said at the latest',
      grown(900),
      firing({ growthSince: NOW - SETTLE_MS_MAX }),
      'grew',
    ],
    [
      'that does not settle is not said before',
      grown(900),
      firing({ growthSince: NOW - SETTLE_MS_MAX + 1 }),
      '+1',
    ],
    ['by less waits for long', grown(199), firing({ findings: 100, at: NOW }), `+${SLOW_GROWTH_MS}`],
    ['by less is said in the end', grown(101), firing({ findings: 100, at: NOW - SLOW_GROWTH_MS }), 'grew'],
    ['by none is nothing', grown(100), firing({ findings: 100 }), '-'],
  ])('%s', (_name, view, notified, expected) => {
    expect(said(decide(view, notified, { remindAfterMs: null, stayedAwayMs: STAYED_AWAY_MS }, NOW))).toBe(
      expected,
    );
  });
});

describe('what is better', () => {
  test.each<[string, AlertView, Notified, string]>([
    ['a milder one waits', open({ severity: 'low' }), firing(), `+${BETTER_MS}`],
    ['a milder one is said', open({ severity: 'low', changedAt: NOW - BETTER_MS }), firing(), 'better'],
    [
      'half as many are said',
      open({ findings: 5, changedAt: NOW - BETTER_MS }),
      firing({ findings: 5 * GROWTH_FACTOR }),
      'better',
    ],
    ['a few less are not', open({ findings: 6, changedAt: 0 }), firing({ findings: 10 }), '-'],
  ])('%s', (_name, view, notified, expected) => {
    expect(said(decide(view, notified, { remindAfterMs: null, stayedAwayMs: STAYED_AWAY_MS }, NOW))).toBe(
      expected,
    );
  });
});

test.each<[number, number]>([
  [1, 0],
  [2, STAYED_AWAY_MS],
  [3, 2 * STAYED_AWAY_MS],
  [4, 4 * STAYED_AWAY_MS],
  [99, STAYED_AWAY_MS_MAX],
])('the end of what began %i times is believed after %i ms', (openings, ms) => {
  const at = (now: number) =>
    said(decide(ended({ openings }), firing(), { remindAfterMs: null, stayedAwayMs: STAYED_AWAY_MS }, now));
  if (ms > 0) expect(at(NOW + ms - 1)).toBe(`+${ms}`);
  expect(at(NOW + ms)).toBe('resolved');
});

test('a reminder comes only where it is asked for, and when it is due', () => {
  const after = (remindAfterMs: number | null, notified: Notified) =>
    said(decide(open(), notified, { remindAfterMs, stayedAwayMs: STAYED_AWAY_MS }, NOW));
  const told = firing({ at: NOW - 3_600 * SECOND });
  expect(after(null, told)).toBe('-');
  expect(after(3_600 * SECOND, told)).toBe('reminder');
  expect(after(7_200 * SECOND, told)).toBe(`+${3_600 * SECOND}`);
  expect(
    said(decide(acknowledged, was('acknowledged'), { remindAfterMs: 1, stayedAwayMs: STAYED_AWAY_MS }, NOW)),
  ).toBe('-');
});

test('whatever is decided to be said is true of the alert', () => {
  for (const view of [open(), acknowledged, held, ended(), open({ severity: 'critical', findings: 8 })])
    for (const notified of [null, unsure, firing(), was('acknowledged'), was('resolved')]) {
      const decision = decide(view, notified, { remindAfterMs: 1, stayedAwayMs: STAYED_AWAY_MS }, NOW);
      if (decision.kind === 'notify') expect(isTrue(typeOf(decision.reason), view.state)).toBe(true);
    }
});

test('whatever is decided to be said is news, and no more once the alert is again as it was', () => {
  const wishes = { remindAfterMs: null, stayedAwayMs: STAYED_AWAY_MS };
  const long = NOW + SLOW_GROWTH_MS;
  for (const [view, reason] of [
    [open({ findings: 2 }), 'grew'],
    [open({ severity: 'critical' }), 'worse'],
    [open({ severity: 'low' }), 'better'],
  ] as const) {
    expect(said(decide(view, firing(), wishes, long))).toBe(reason);
    expect(isNews(reason, view, firing())).toBe(true);
    expect(isNews(reason, open(), firing())).toBe(false);
    // Whether the target has it is not known: it is sent again.
    expect(isNews(reason, open(), unsure)).toBe(true);
  }
  for (const [notified, reason] of [
    [null, 'opened'],
    [was('resolved'), 'returned'],
    [was('acknowledged'), 'unacknowledged'],
    [firing(), 'reminder'],
  ] as const)
    expect(isNews(reason, open(), notified)).toBe(true);
  // What was to be told as growth is told when it has become worse instead.
  expect(isNews('grew', open({ severity: 'critical' }), firing())).toBe(true);
});

test('what may have arrived and says the same is sent as it was; what says more is another message', () => {
  for (const [type, state] of [
    ['alert.firing', 'firing'],
    ['alert.acknowledged', 'acknowledged'],
    ['alert.resolved', 'resolved'],
  ] as const) {
    expect(isRepeat(type, open(), was(state, MAYBE))).toBe(true);
    expect(isRepeat(type, open(), was(state))).toBe(false);
    // How many there are is no news of an end, nor of that somebody has it.
    expect(isRepeat(type, open({ findings: 2 }), was(state, MAYBE))).toBe(type !== 'alert.firing');
  }
  expect(isRepeat('alert.acknowledged', open(), unsure)).toBe(false);
  expect(isRepeat('alert.updated', open(), unsure)).toBe(false);
});
