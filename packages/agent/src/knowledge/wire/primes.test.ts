import { getDiffieHellman } from 'node:crypto';
import { expect, test } from 'vitest';
import { bitsOf, groupOf, isPrime } from './primes.js';

/** RFC 7919, A.1: the one that is not among Node's own. */
const FFDHE2048 = Buffer.from(
  'ffffffffffffffffadf85458a2bb4a9aafdc5620273d3cf1d8b9c583ce2d3695a9e13641146433fbcc939dce249b3ef97d2fe363630c75d8f681b202aec4617ad3df1ed5d5fd65612433f51f5f066ed0856365553ded1af3b557135e7f57c935984f0c70e0e68b77e2a689daf3efe8721df158a136ade73530acca4f483a797abc0ab182b324fb61d108a94bb2c8e3fbb96adab760d7f4681d4f42a3de394df4ae56ede76372bb190b07a7c8ee0a6d709e02fce1cdf7e2ecc03404cd28342f619172fe9ce98583ff8e4f1232eef28183c3fe3b1b4c6fad733bb5fcbc2ec22005c58ef1837d1683b2c6f34a26c1b2effa886b423861285c97ffffffffffffffff',
  'hex',
);

test.each([
  ['RFC 7919 ffdhe2048', FFDHE2048, 2048],
  ['RFC 2409 modp1024', getDiffieHellman('modp2').getPrime(), 1024],
  ['RFC 3526 modp2048', getDiffieHellman('modp14').getPrime(), 2048],
])('%s is known by its prime', async (group, prime, bits) => {
  expect([groupOf(prime), bitsOf(prime), await isPrime(prime)]).toEqual([group, bits, true]);
});

test('a number that is no prime is told, a longer one than is tested is not', async () => {
  expect([await isPrime(Buffer.from([0x0f])), await isPrime(Buffer.from([0x0d]))]).toEqual([false, true]);
  expect(await isPrime(Buffer.alloc(1025, 0xff))).toBe(null);
  expect([bitsOf(Buffer.alloc(0)), bitsOf(Buffer.from([1])), groupOf(Buffer.from([0x0d]))]).toEqual([
    0,
    1,
    null,
  ]);
});
