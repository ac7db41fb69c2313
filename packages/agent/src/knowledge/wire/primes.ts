import { checkPrime, createHash, getDiffieHellman } from 'node:crypto';
import { promisify } from 'node:util';

/** Groups of RFC 2409 and 3526, as Node has them. */
const MODP: readonly (readonly [bits: number, name: string, group: string])[] = [
  [768, 'modp1', 'RFC 2409 modp768'],
  [1024, 'modp2', 'RFC 2409 modp1024'],
  [1536, 'modp5', 'RFC 3526 modp1536'],
  [2048, 'modp14', 'RFC 3526 modp2048'],
  [3072, 'modp15', 'RFC 3526 modp3072'],
  [4096, 'modp16', 'RFC 3526 modp4096'],
  [6144, 'modp17', 'RFC 3526 modp6144'],
  [8192, 'modp18', 'RFC 3526 modp8192'],
];

/** SHA-256 of the primes of RFC 7919, appendix A: 2^b - 2^(b-64) + (floor(2^(b-130) e) + X) 2^64 - 1. */
const FFDHE: readonly (readonly [sha256: string, group: string])[] = [
  ['9cd3b7f336872f46c09428d1bbc19877a4d440512cda8d1c1cf0cd6e33698966', 'RFC 7919 ffdhe2048'],
  ['0eaf67db3a839156d5013494a5318a772b5697d270d721f37f092efc69ea5a17', 'RFC 7919 ffdhe3072'],
  ['4648414224ac881b3d0dc59b466f96d06a558278776807797ecf1f66ff397b3e', 'RFC 7919 ffdhe4096'],
  ['227ac9066b3ddd9e193670cda2388fa884f65ba0cf98b742d1fe77a6687c79c7', 'RFC 7919 ffdhe6144'],
  ['770b14efaf6f049929c523113b3fa99a8d11dab1b18af3609590122075d19833', 'RFC 7919 ffdhe8192'],
];

/** A longer one that is no known group is not tested: it would take seconds. */
const BITS_TESTED_MAX = 4096;
const testPrime = promisify<Buffer, boolean>((candidate, done) => checkPrime(candidate, {}, done));

export function sha256Of(prime: Buffer): string {
  return createHash('sha256').update(prime).digest('hex');
}

/** Of a number without leading zeros. */
export function bitsOf(prime: Buffer): number {
  return prime.length === 0 ? 0 : prime.length * 8 - Math.clz32(prime[0] ?? 0) + 24;
}

/** `RFC 3526 modp2048`; null: none that is known here. */
export function groupOf(prime: Buffer): string | null {
  const sha256 = sha256Of(prime);
  const known = FFDHE.find(([one]) => one === sha256);
  if (known) return known[1];
  // To have Node make a group takes its time: only the one of this size.
  const modp = MODP.find(
    ([bits, name]) => bits === bitsOf(prime) && getDiffieHellman(name).getPrime().equals(prime),
  );
  return modp?.[2] ?? null;
}

/** Null: too long to be tested. */
export async function isPrime(prime: Buffer): Promise<boolean | null> {
  if (groupOf(prime) !== null) return true;
  return bitsOf(prime) <= BITS_TESTED_MAX ? testPrime(prime) : null;
}
