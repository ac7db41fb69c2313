import { expect, test } from 'vitest';
import { type ActiveFinding, judge } from './lifecycle.js';

const open: ActiveFinding = { state: 'open', severity: 'high', stale: false };
const stale: ActiveFinding = { ...open, stale: true };

test.each([
  ['fail opens what was not there', null, 'fail', { kind: 'open' }],
  ['fail again updates', open, 'fail', { kind: 'update', why: null, isWorse: false }],
  [
    'fail makes a stale finding sure again',
    stale,
    'fail',
    { kind: 'update', why: 'seen again', isWorse: false },
  ],
  ['pass resolves', open, 'pass', { kind: 'resolve', resolution: 'pass' }],
  [
    'pass resolves what is acknowledged',
    { ...open, state: 'acknowledged' as const },
    'pass',
    { kind: 'resolve', resolution: 'pass' },
  ],
  [
    'not-applicable resolves as such',
    open,
    'not-applicable',
    { kind: 'resolve', resolution: 'not-applicable' },
  ],
  [
    'indeterminate keeps and doubts',
    open,
    'indeterminate',
    { kind: 'markStale', why: 'indeterminate: file unreadable' },
  ],
  ['errored keeps and doubts', open, 'errored', { kind: 'markStale', why: 'errored: file unreadable' }],
  ['doubt is said once', stale, 'indeterminate', { kind: 'none' }],
  ['pass of what is not open says nothing', null, 'pass', { kind: 'none' }],
  ['indeterminate opens nothing', null, 'indeterminate', { kind: 'none' }],
] as const)('%s', (_name, active, status, decision) => {
  expect(judge(active, { status, severity: 'high', reason: 'file unreadable' })).toEqual(decision);
});

test.each([
  ['worse', open, 'critical', 'severity high -> critical', true],
  ['better', open, 'low', 'severity high -> low', false],
  ['worse, seen again', stale, 'critical', 'seen again, severity high -> critical', true],
] as const)('a severity that changes is part of the history: %s', (_name, active, severity, why, isWorse) => {
  expect(judge(active, { status: 'fail', severity, reason: null })).toEqual({ kind: 'update', why, isWorse });
});
