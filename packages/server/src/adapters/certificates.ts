import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);

/** The kind of key that every authority of ours has. */
export const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
/**
 * Certificates are valid from before they are made: far more than the skew that is tolerated between two clocks, so that
 * a clock of either end that was some hours ahead, and was put right, leaves nobody with a certificate of the future.
 */
export const BACKDATE_MS = 86_400_000;
/** Of a certificate's life: one of a short life is dated back by less, so that two thirds of its dates are its own. */
const BACKDATE_SHARE = 1 / 8;

/** Good for so long from now on, and never longer than who signs it. */
export function lifeFrom(now: number, lifeMs: number, issuerEnds: number) {
  return {
    notBefore: new Date(now - Math.min(BACKDATE_MS, lifeMs * BACKDATE_SHARE)),
    notAfter: new Date(Math.min(now + lifeMs, issuerEnds)),
  };
}

/** Positive and 128 bits long, as the CA/Browser rules ask of everybody. */
export function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
