import { expect, test } from 'vitest';
import { judge, type LivingFinding } from './lifecycle.js';

const open: LivingFinding = { state: 'open', severity: 'high', stale: false };
const stale: LivingFinding = { ...open, stale: true };

test.each([
  ['fail opens what was not there', null, 'fail', { kind: 'open' }],
  ['fail again updates', open, 'fail', { kind: 'update', why: null }],
  ['fail makes a stale finding sure again', stale, 'fail', { kind: 'update', why: 'seen again' }],
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
    { kind: 'doubt', why: 'indeterminate: file unreadable' },
  ],
  ['errored keeps and doubts', open, 'errored', { kind: 'doubt', why: 'errored: file unreadable' }],
  ['doubt is said once', stale, 'indeterminate', { kind: 'none' }],
  ['pass of what is not open says nothing', null, 'pass', { kind: 'none' }],
  ['indeterminate opens nothing', null, 'indeterminate', { kind: 'none' }],
] as const)('%s', (_name, living, status, decision) => {
  expect(judge(living, { status, severity: 'high', reason: 'file unreadable' })).toEqual(decision);
});

test('a severity that changes is part of the history', () => {
  expect(judge(open, { status: 'fail', severity: 'critical', reason: null })).toEqual({
    kind: 'update',
    why: 'severity high -> critical',
  });
});
