import { expect, test } from 'vitest';
import { type MemberCount, viewFor } from './view.js';

const ALERT = { severity: 'critical', lastOpenedAt: 2, changedAt: 3, endedAt: null, openings: 1 } as const;
const some = (
  severity: MemberCount['severity'],
  state: MemberCount['state'] = 'open',
  isHeld = false,
): MemberCount => ({ severity, state, isHeld, count: 2 });

test.each<[string, MemberCount[], object]>([
  ['nothing left', [], { state: 'ended', findings: 0, severity: 'critical', endedAt: 3 }],
  ['the worst that is told', [some('low'), some('high')], { state: 'open', findings: 4, severity: 'high' }],
  [
    'one that nobody has among others',
    [some('high', 'acknowledged'), some('medium')],
    { state: 'open', findings: 4, severity: 'high' },
  ],
  ['all that somebody has', [some('high', 'acknowledged')], { state: 'acknowledged', findings: 2 }],
  ['all held back', [some('high', 'open', true)], { state: 'held', findings: 0 }],
  [
    'all held back since they opened',
    [{ ...some('high', 'open', true), isHeldNew: true }],
    { state: 'ended', findings: 0, openings: 2 },
  ],
  [
    'some held back',
    [some('critical', 'open', true), some('high')],
    { state: 'open', findings: 2, severity: 'high' },
  ],
])('%s', (_name, members, expected) => {
  expect(viewFor(ALERT, members, 'low')).toMatchObject(expected);
});

test('what is not bad enough for a target is no part of what it sees', () => {
  expect(viewFor(ALERT, [some('medium'), some('high')], 'high')).toMatchObject({ findings: 2 });
  // And may be worse again soon: it did not really end.
  expect(viewFor(ALERT, [some('medium')], 'high')).toMatchObject({ state: 'ended', openings: 2, endedAt: 3 });
  expect(viewFor({ ...ALERT, endedAt: 5 }, [], 'high')).toMatchObject({
    state: 'ended',
    openings: 1,
    endedAt: 5,
  });
});
