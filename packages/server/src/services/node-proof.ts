import { createPublicKey, verify } from 'node:crypto';
import { casError } from '@castellan/shared/errors/cas-error';
import { isSkewed } from '@castellan/shared/model/clock-skew';
import { clockSummary } from '../domain/clock-skew.js';
import type { PublicJwk } from '../ports/authority.js';
import type { Unit } from './unit.js';

/** Whether `proof` (ECDSA P-256 with SHA-256, r and s joined, base64url) is over this text, by this key. */
export function isSignedBy(publicJwk: PublicJwk, text: string, proof: string): boolean {
  const key = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
  return verify(
    'sha256',
    Buffer.from(text),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(proof, 'base64url'),
  );
}

/** Throws CAS_CLOCK_SKEW: no certificate is issued while the two clocks differ by too much. */
export function checkClock({ now }: Unit, clock: string | undefined): void {
  const skewMs = clock === undefined ? 0 : Date.parse(clock) - now;
  if (isSkewed(skewMs)) throw casError('CAS_CLOCK_SKEW', clockSummary(skewMs));
}
