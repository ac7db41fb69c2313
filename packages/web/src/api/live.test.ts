import { expect, test } from 'vitest';
import { staleKeys } from './live.js';

const told = { id: 'x', nodeId: '', alertId: '' };

test('a finding makes old its own page, and those of its node and of its alert: no other', () => {
  const keys = staleKeys('finding', { id: 'fnd_1', nodeId: 'nod_1', alertId: 'alr_1' });
  expect(keys).toEqual([
    ['findings', 'fnd_1'],
    ['nodes', 'nod_1'],
    ['alerts', 'alr_1'],
    ['overview'],
    ['silences'],
  ]);
  expect(staleKeys('finding', told)).toEqual([['findings', 'x'], ['overview'], ['silences']]);
});

test('a delivery makes old the page of its alert, and the targets', () => {
  expect(staleKeys('delivery', { ...told, alertId: 'alr_1' })).toEqual([['alerts', 'alr_1'], ['targets']]);
});
