import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../../testing/memory-store.js';
import {
  type Attempts,
  BREAKER_FAILURES,
  BREAKER_MS,
  begun,
  failedWith,
  NO_ATTEMPTS,
  notBefore,
  REMEMBERED_MAX,
  readAttempts,
  succeeded,
  WAIT_MS_MAX,
  waitMs,
  writeAttempts,
} from './attempts.js';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const times = (count: number, path = (_: number) => '/a.crt'): Attempts =>
  Array.from({ length: count }).reduce<Attempts>(
    (before, _, index) => begun(before, path(index), NOW),
    NO_ATTEMPTS,
  );

describe('an issuer that does not issue', () => {
  it.each([
    [1, 1],
    [2, 4],
    [3, 16],
    [4, 64],
    [5, 256],
    [6, 1024],
    [7, 1440],
    [1000, 1440],
  ])('is left alone after %i failures for %i minutes', (failures, minutes) => {
    expect(waitMs(failures)).toBe(minutes * MINUTE);
  });

  it('is asked for another certificate meanwhile, until so many failed in a row that it is down', () => {
    const few = times(BREAKER_FAILURES - 1);
    expect(notBefore(few, '/b.crt', NOW)).toBeNull();
    const down = times(BREAKER_FAILURES, (index) => `/${index}.crt`);
    expect(notBefore(down, '/b.crt', NOW)).toBe(NOW + BREAKER_MS);
    expect(notBefore(down, '/b.crt', NOW + BREAKER_MS)).toBeNull();
    // One try is let through then; if that fails, it is left alone again.
    const again = begun(down, '/b.crt', NOW + BREAKER_MS);
    expect(notBefore(again, '/c.crt', NOW + BREAKER_MS)).toBe(NOW + 2 * BREAKER_MS);
  });

  it('says itself when it wants to be asked again, within bounds', () => {
    const once = times(1);
    expect(notBefore(failedWith(once, '/a.crt', NOW, 3_600_000), '/a.crt', NOW)).toBe(NOW + 3_600_000);
    expect(notBefore(failedWith(once, '/a.crt', NOW, 0), '/a.crt', NOW)).toBe(NOW + MINUTE);
    expect(notBefore(failedWith(once, '/a.crt', NOW, 1e15), '/a.crt', NOW)).toBe(NOW + WAIT_MS_MAX);
  });

  it('is asked at once after it issued', () => {
    expect(notBefore(succeeded(times(20), '/a.crt'), '/a.crt', NOW)).toBeNull();
  });

  it('is not left alone for longer because a clock was set back', () => {
    expect(notBefore(times(1), '/a.crt', NOW - 10 * WAIT_MS_MAX)).toBe(NOW - 9 * WAIT_MS_MAX);
  });

  it('is remembered over starts, for so many certificates', () => {
    const state = memoryStore();
    writeAttempts(
      state,
      'acme',
      times(REMEMBERED_MAX + 10, (index) => `/${index}.crt`),
    );
    const known = readAttempts(state, 'acme');
    expect(known.failures).toBe(REMEMBERED_MAX + 10);
    expect(Object.keys(known.certificates)).toHaveLength(REMEMBERED_MAX);
    state.replace('issuing/acme.json', '{"failures":"many"}');
    expect(readAttempts(state, 'acme')).toEqual(NO_ATTEMPTS);
  });
});
