import { randomBytes } from 'node:crypto';
import type { Clock } from '../ports/clock.js';
import type { Random } from '../ports/random.js';

export const systemClock: Clock = { now: () => Date.now(), steady: () => performance.now() };

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  share: () => Math.random(),
  id: (prefix) => `${prefix}_${[...randomBytes(24)].map((byte) => LETTERS[byte % 32]).join('')}`,
};
