import { randomBytes } from 'node:crypto';
import type { Random } from '../ports/random.js';

const UINT48 = 2 ** 48;
/** Without i, l, o and u: nobody mistakes one for another on the telephone. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_DIGITS = 10;
const RANDOM_DIGITS = 16;

export const nodeRandom: Random = {
  unit: () => randomBytes(6).readUIntBE(0, 6) / UINT48,
  bytes: (count) => randomBytes(count),
  // Ten digits of milliseconds, sixteen (80 bits) by chance: sorts by time, and two never meet.
  id: () => timeDigits(Date.now()) + [...randomBytes(RANDOM_DIGITS)].map((b) => ALPHABET[b % 32]).join(''),
};

function timeDigits(ms: number): string {
  let text = '';
  for (let rest = ms; text.length < TIME_DIGITS; rest = Math.floor(rest / 32))
    text = `${ALPHABET[rest % 32]}${text}`;
  return text;
}
