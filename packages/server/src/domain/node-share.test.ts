import { expect, test } from 'vitest';
import { Bucket } from './node-share.js';

test('a burst is free, what is beyond is waited for, and a quiet time earns a burst again, never more', () => {
  const bucket = new Bucket({ perSecond: 10, burst: 5 }, 0);
  expect(bucket.take(5, 0)).toBe(0);
  expect(bucket.take(1, 0)).toBe(100);
  expect(bucket.take(1, 100)).toBe(100);
  expect(bucket.take(5, 1_000_000)).toBe(0);
  expect(bucket.take(1, 1_000_000)).toBe(100);
});

test('nobody owes more than a burst, and a clock that stands still or goes back earns nothing', () => {
  const bucket = new Bucket({ perSecond: 1, burst: 3 }, 1_000);
  expect(bucket.take(1_000, 1_000)).toBe(3_000);
  expect(bucket.take(0, 0)).toBe(3_000);
  expect(bucket.tryTake(0)).toBe(false);
});
