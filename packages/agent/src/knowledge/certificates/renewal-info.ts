import { createHash, X509Certificate } from 'node:crypto';
import type { RenewalWindow } from '../../ports/acme.js';
import { derLength, derSequence } from './der.js';

/** id-ce-authorityKeyIdentifier (RFC 5280, 4.2.1.1) */
const AUTHORITY_KEY = Buffer.from('0603551d23', 'hex');
const OCTET_STRING = 0x04;
const KEY_IDENTIFIER = 0x80;

/** What RFC 9773, 4.1, calls a certificate by; null: it does not say which key signed it. */
export function certificateIdOf(pem: string): string | null {
  const certificate = new X509Certificate(pem);
  const authority = authorityKeyOf(certificate.raw);
  if (authority === null) return null;
  const hex = certificate.serialNumber;
  const serial = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  // As DER has it: a number that is not negative begins with a clear bit.
  const octets = (serial[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), serial]) : serial;
  return `${authority.toString('base64url')}.${octets.toString('base64url')}`;
}

function authorityKeyOf(der: Buffer): Buffer | null {
  const at = der.indexOf(AUTHORITY_KEY);
  const value = at < 0 ? Buffer.alloc(0) : der.subarray(at + AUTHORITY_KEY.length);
  const length = value[0] === OCTET_STRING ? derLength(value) : null;
  const sequence = length === null ? null : derSequence(value.subarray(2, length));
  if (!sequence || sequence[0] !== KEY_IDENTIFIER) return null;
  const end = derLength(sequence);
  return end === null ? null : sequence.subarray(2, end);
}

/**
 * The instant in the window at which this certificate is renewed: spread evenly over the window by the certificate's
 * name, so that it is the same at each look and another for each certificate, with nothing to remember.
 */
export function dueAt({ startMs, endMs }: RenewalWindow, certificateId: string): number {
  const part = createHash('sha256').update(certificateId).digest().readUInt32BE(0) / 2 ** 32;
  return startMs + Math.floor(part * (endMs - startMs));
}
