import type { PublicJwk } from './types.js';

/**
 * Browsers keep WebCrypto from pages that came over plain HTTP from another machine, so sealing may be impossible.
 * Then a secret must not be sent at all.
 */
export function canSeal(): boolean {
  return typeof crypto !== 'undefined' && typeof crypto.subtle === 'object';
}

/** Compact JWE that only the node can open: the server carries it and cannot read it. */
export async function seal(secret: string, to: PublicJwk): Promise<string> {
  // Loaded when needed: most visits seal nothing.
  const { CompactEncrypt, importJWK } = await import('jose');
  const key = await importJWK({ kty: to.kty, crv: to.crv, x: to.x, y: to.y }, 'ECDH-ES+A256KW');
  return new CompactEncrypt(new TextEncoder().encode(secret))
    .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM' })
    .encrypt(key);
}
