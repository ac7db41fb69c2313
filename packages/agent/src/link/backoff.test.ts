import { describe, expect, test } from 'vitest';
import { BACKOFF_BASE_MS, BACKOFF_CAP_MS, Backoff, HEALTHY_AFTER_MS } from './backoff.js';

const never = { establishedMs: null, floorMs: 0, windowMs: 0 };

describe('the wait between attempts', () => {
  test('doubles up to the cap, and is still a random part of it there', () => {
    let unit = 0.999999;
    const backoff = new Backoff(() => unit);
    const waits = Array.from({ length: 10 }, () => backoff.next(never));
    expect(waits.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
    expect(waits.at(-1)).toBe(BACKOFF_CAP_MS);
    unit = 0.25;
    expect(backoff.next(never)).toBe(BACKOFF_CAP_MS / 4);
  });

  test('is spread over the window that the server named, after a session that stood', () => {
    const backoff = new Backoff(() => 0.5);
    expect(backoff.next({ establishedMs: HEALTHY_AFTER_MS, floorMs: 0, windowMs: 50_000 })).toBe(25_000);
    expect(backoff.next(never)).toBe(BACKOFF_BASE_MS);
  });

  test('is not forgotten by a session that stood only for a moment', () => {
    const backoff = new Backoff(() => 0.5);
    for (let i = 0; i < 5; i++) backoff.next(never);
    expect(backoff.next({ establishedMs: 10, floorMs: 0, windowMs: 0 })).toBe(16_000);
    expect(backoff.next({ establishedMs: HEALTHY_AFTER_MS, floorMs: 0, windowMs: 0 })).toBe(
      BACKOFF_BASE_MS / 2,
    );
  });

  test('has what the server asks as its floor, and jitter on top', () => {
    expect(new Backoff(() => 0.5).next({ ...never, floorMs: 30_000 })).toBe(30_500);
  });
});
