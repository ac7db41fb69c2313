import { CompactEncrypt, importJWK } from 'jose';
import type { NodeRow } from './rest.js';

/** What the console does with a secret parameter: only the node can open it, the server carries it unread. */
export async function sealFor(node: NodeRow, secret: string): Promise<string> {
  const { kty, crv, x, y } = node.publicJwk;
  const key = await importJWK({ kty, crv, x, y }, 'ECDH-ES+A256KW');
  return new CompactEncrypt(new TextEncoder().encode(secret))
    .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM' })
    .encrypt(key);
}
