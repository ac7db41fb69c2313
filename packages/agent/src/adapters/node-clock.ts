import { setTimeout as after } from 'node:timers/promises';
import type { Clock } from '../ports/clock.js';

/** The longest that a timer of Node waits; a longer one would end at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export const nodeClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  cpuMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      for (let left = ms; ; left -= TIMER_MS_MAX) {
        await after(Math.min(left, TIMER_MS_MAX), undefined, signal ? { signal } : {});
        if (!(left > TIMER_MS_MAX)) return;
      }
    } catch (error) {
      // The timer rejects with its own AbortError; callers are promised the signal's reason.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
