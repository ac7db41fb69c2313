import { derLength, derSequence } from './der.js';

/** Contents of the object identifiers of signatures, by digest (RFC 3279, RFC 4055, RFC 5758, RFC 8410). */
const DIGESTS: Readonly<Record<string, string>> = {
  '2a864886f70d010102': 'md2',
  '2a864886f70d010104': 'md5',
  '2a864886f70d010105': 'sha1',
  '2b0e03021d': 'sha1',
  '2a8648ce380403': 'sha1',
  '2a8648ce3d0401': 'sha1',
  '2a864886f70d01010e': 'sha224',
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d040301': 'sha224',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  '608648016503040302': 'sha256',
  '2b6570': 'ed25519',
  '2b6571': 'ed448',
};
const OBJECT_IDENTIFIER = 0x06;

/** The digest that a certificate is signed with: the algorithm after its first part (RFC 5280, section 4.1). */
export function signatureDigest(der: Buffer): string {
  const whole = derSequence(der);
  const first = whole ? derLength(whole) : null;
  const algorithm = whole && first !== null ? derSequence(whole.subarray(first)) : null;
  if (!algorithm || algorithm[0] !== OBJECT_IDENTIFIER) return 'unknown';
  const length = algorithm[1] ?? 0;
  return DIGESTS[algorithm.subarray(2, 2 + length).toString('hex')] ?? 'unknown';
}
