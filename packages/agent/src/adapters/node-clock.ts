import { setTimeout as after } from 'node:timers/promises';
import type { Clock } from '../ports/clock.js';

/** The longest that a timer of Node can wait, ms; a longer one would end at once. */
export const SLEEP_MS_MAX = 2_147_483_647;

export const nodeClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      await after(Math.min(ms, SLEEP_MS_MAX), undefined, signal ? { signal } : {});
    } catch (error) {
      // The timer rejects with its own AbortError; callers are promised the signal's reason.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
