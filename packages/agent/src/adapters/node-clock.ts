import { setTimeout as after } from 'node:timers/promises';
import type { Clock } from '../ports/clock.js';

export const nodeClock: Clock = {
  now: () => Date.now(),
  cpuMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      await after(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      // The timer rejects with its own AbortError; callers are promised the signal's reason.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
