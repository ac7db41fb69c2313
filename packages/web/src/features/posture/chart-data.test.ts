import { expect, test } from 'vitest';
import type { PosturePoint } from '../../api/types.js';
import { dayAfter, inWords, layersOf } from './chart-data.js';

const point = (day: string, changes: Partial<PosturePoint>): PosturePoint => ({
  day,
  takenAt: `${day}T23:00:00.000Z`,
  critical: 0,
  high: 0,
  medium: 0,
  low: 0,
  stale: 0,
  held: 0,
  judged: 0,
  passing: 0,
  ...changes,
});

test('a day that was not counted leaves its place free', () => {
  const points = [point('2026-11-25', { high: 2 }), point('2026-11-28', { high: 1, low: 4 })];
  const layers = layersOf(points, '2026-11-24');
  expect(layers.map(({ severity }) => severity)).toEqual(['low', 'medium', 'high', 'critical']);
  expect(layers[2]?.data).toEqual([
    { x: 1, y: 2 },
    { x: 4, y: 1 },
  ]);
  expect(dayAfter('2026-11-24', 4)).toBe('2026-11-28');
});

test('the chart in words', () => {
  expect(inWords([])).toBe('Nothing was counted yet.');
  expect(inWords([point('2026-11-27', { high: 2 }), point('2026-11-28', { critical: 1 })])).toBe(
    'From 2 open findings on 2026-11-27 to 1 on 2026-11-28 (1 critical, 0 high, 0 medium, 0 low); the most on one day were 2.',
  );
});
