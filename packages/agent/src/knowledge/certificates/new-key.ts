import { createPublicKey, generateKeyPair, type KeyObject, webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyEvidence } from '../../facts/parts/pem-evidence.js';

export const KEY_TYPES = ['rsa2048', 'rsa3072', 'rsa4096', 'ecdsa-p256', 'ecdsa-p384'] as const;
export type KeyType = (typeof KEY_TYPES)[number];

/** Security strength in bits (NIST SP 800-57 part 1, table 2); 4096 stands between its rows. */
const STRENGTH: Readonly<Record<KeyType, number>> = {
  rsa2048: 112,
  rsa3072: 128,
  rsa4096: 140,
  'ecdsa-p256': 128,
  'ecdsa-p384': 192,
};
const CURVES: Readonly<Record<number, KeyType>> = { 256: 'ecdsa-p256', 384: 'ecdsa-p384' };

/** The type of a key that is there, never weaker than RSA 2048; null: one that is not made here. Unread: RSA 2048. */
export function keptType(key: KeyEvidence): KeyType | null {
  if (key.state !== 'parsed') return 'rsa2048';
  const { keyType, keyBits } = key;
  if (keyType === 'ec') return CURVES[keyBits ?? 0] ?? null;
  if (keyType !== 'rsa' || keyBits === null || keyBits > 4096) return null;
  return keyBits <= 2048 ? 'rsa2048' : keyBits <= 3072 ? 'rsa3072' : 'rsa4096';
}

export function isWeaker(one: KeyType, other: KeyType): boolean {
  return STRENGTH[one] < STRENGTH[other];
}

/** `RSA 2048`, `ECDSA P-256` */
export function nameOfType(type: KeyType): string {
  return type.startsWith('rsa')
    ? `RSA ${type.slice(3)}`
    : `ECDSA ${type.slice('ecdsa-'.length).toUpperCase()}`;
}

export async function newKey(type: KeyType): Promise<KeyObject> {
  const { privateKey } = type.startsWith('rsa')
    ? await promisify(generateKeyPair)('rsa', { modulusLength: Number(type.slice(3)) })
    : await promisify(generateKeyPair)('ec', { namedCurve: curveOf(type) });
  return privateKey;
}

/** `BEGIN RSA PRIVATE KEY`, `BEGIN EC PRIVATE KEY`: what the Apache and PostgreSQL of Momentum's time read for certain. */
export function pemOf(key: KeyObject): string {
  const type = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1';
  return key.export({ type, format: 'pem' }).toString();
}

/** The pair as the builder of certificates and requests wants it. */
export async function signingPair(key: KeyObject, type: KeyType) {
  const algorithm = type.startsWith('rsa')
    ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    : { name: 'ECDSA', namedCurve: curveOf(type), hash: type === 'ecdsa-p384' ? 'SHA-384' : 'SHA-256' };
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const { subtle } = webcrypto;
  const [privateKey, publicKey] = await Promise.all([
    subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']),
    subtle.importKey('spki', spki, algorithm, true, ['verify']),
  ]);
  return { algorithm, keys: { privateKey, publicKey } };
}

function curveOf(type: KeyType): string {
  return type === 'ecdsa-p384' ? 'P-384' : 'P-256';
}
