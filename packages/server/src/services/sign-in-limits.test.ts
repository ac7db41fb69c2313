import { describe, expect, test } from 'vitest';
import { placeOf } from './place-of.js';
import { ACCOUNTS_MAX, FREE_TRIES, SignInLimits, WAIT_MS_MAX } from './sign-in-limits.js';

const of = (name: string, address = '192.0.2.1') => ({ name, isKnown: true, address });

describe('tries on one account', () => {
  test('wait longer and longer, from however many addresses they come, up to a cap', () => {
    const limits = new SignInLimits();
    let now = 0;
    const waits: number[] = [];
    for (let n = 0; n < 95; n += 1) {
      const wait = limits.begin(of('alice', `192.0.2.${n}`), now);
      if (wait === null) continue;
      waits.push(wait);
      now += wait;
      expect(limits.begin(of('alice', `198.51.100.${n}`), now)).toBe(null);
    }
    expect(waits.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
    expect(Math.max(...waits)).toBe(WAIT_MS_MAX);
    // 95 tries take hours, not seconds.
    expect(now).toBeGreaterThan(3_600_000 / 2);
  });

  test('that are made at once are not all free', () => {
    const limits = new SignInLimits();
    const free = Array.from({ length: 95 }, () => limits.begin(of('alice'), 0)).filter(
      (wait) => wait === null,
    );
    expect(free.length).toBe(FREE_TRIES);
  });

  test('do not hold up the right person where she was before, nor other accounts', () => {
    const limits = new SignInLimits();
    limits.begin(of('alice', '203.0.113.7'), 0);
    limits.succeeded(of('alice', '203.0.113.7'));
    for (let n = 0; n < 50; n += 1) limits.begin(of('alice', `192.0.2.${n}`), n);
    expect(limits.begin(of('alice', '192.0.2.99'), 51)).toBeGreaterThan(0);
    expect(limits.begin(of('alice', '203.0.113.7'), 51)).toBe(null);
    expect(limits.begin(of('bob'), 51)).toBe(null);
  });

  test('are forgotten after a while, and a clock put back keeps nobody out for longer than the cap', () => {
    const limits = new SignInLimits();
    for (let n = 0; n < 9; n += 1) limits.begin(of('alice'), 1_000_000 + n * WAIT_MS_MAX);
    expect(limits.begin(of('alice'), 0)).toBe(WAIT_MS_MAX);
    expect(limits.begin(of('alice'), 1_000_000 + 60 * 60_000)).toBe(null);
  });

  test('on names that are made up share few places, and accounts are kept up to a bound', () => {
    const limits = new SignInLimits();
    for (let n = 0; n < 3 * ACCOUNTS_MAX; n += 1) limits.begin({ ...of(`x${n}`), isKnown: false }, 0);
    // Each place was tried more often than is free.
    expect(limits.begin({ ...of('another'), isKnown: false }, 1)).toBeGreaterThan(0);
    for (let n = 0; n <= ACCOUNTS_MAX; n += 1)
      for (let tries = 0; tries < FREE_TRIES; tries += 1) limits.begin(of(`user${n}`), 0);
    expect([limits.begin(of('user0'), 1), limits.begin(of('user9000'), 1)]).toEqual([null, 999]);
  });
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:0:1::5', '2001:db8:0:1::/64'],
  ['2001:DB8:0000:0001:aaaa:bbbb:cccc:dddd', '2001:db8:0:1::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s counts as %s', (address, place) => expect(placeOf(address)).toBe(place));
