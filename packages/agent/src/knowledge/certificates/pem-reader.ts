import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { sha256Hex } from '@castellan/shared/base/canonical-json';
import type {
  CertificateEvidence,
  KeyEvidence,
  ParsedCertificate,
  PemProblem,
} from '../../facts/parts/pem-evidence.js';
import type { FileProblem, FileReader } from '../../ports/files.js';
import { derLength, derSequence } from './der.js';
import { type OpensslBlock, opensslPem, type PemStop } from './openssl-pem.js';
import { signatureDigest } from './signature-digest.js';

const BYTES_MAX = 1024 * 1024;
const CERTIFICATES_MAX = 64;
const DER_SEQUENCE = 0x30;
const DER_OBJECT_IDENTIFIER = 0x06;

/** Who reads the file. `any`: nobody in particular, where the question is only what the file holds. */
export type PemConsumer = 'postgresql' | 'apache' | 'any';

const CERTIFICATE_LABELS = ['CERTIFICATE', 'X509 CERTIFICATE'];
const TRUSTED_LABEL = 'TRUSTED CERTIFICATE';
/** What PEM_read_bio_PrivateKey takes; other labels (`OPENSSH PRIVATE KEY`) it passes over. */
const KEY_LABELS = [
  'PRIVATE KEY',
  'ENCRYPTED PRIVATE KEY',
  'RSA PRIVATE KEY',
  'EC PRIVATE KEY',
  'DSA PRIVATE KEY',
];
const ENCRYPTED_LABEL = 'ENCRYPTED PRIVATE KEY';

type Unread = Extract<CertificateEvidence, { readonly state: 'unread' }>;

/** Every certificate of a file, as its consumer takes them: by OpenSSL's SSL_CTX_use_certificate_chain_file. */
export function certificateEvidence(
  files: FileReader,
  path: string,
  consumer: PemConsumer,
): CertificateEvidence {
  const content = contentOf(files, path);
  if (!('bytes' in content)) return { state: 'unread', ...content };
  const { bytes } = content;
  if (!bytes.includes('-----BEGIN ') && bytes[0] === DER_SEQUENCE) return derCertificate(bytes, consumer);
  const { blocks, stop } = opensslPem(bytes);
  const chain: ParsedCertificate[] = [];
  for (const block of blocks) {
    if (!isCertificate(block, chain.length === 0)) continue;
    if (chain.length === CERTIFICATES_MAX)
      return unclear(`it holds more than ${CERTIFICATES_MAX} certificates`);
    const one = certificateOf(block);
    if ('state' in one) return one;
    chain.push(one);
  }
  // An error after the first certificate fails the whole file: a chain that is cut off is not served in part.
  if (stop) return stopped(stop);
  const [leaf] = chain;
  return leaf
    ? { state: 'parsed', leaf, chain }
    : { state: 'unread', problem: 'no-block', detail: 'it holds no certificate in PEM form' };
}

/** `TRUSTED CERTIFICATE` counts as the first one only. */
function isCertificate({ label }: OpensslBlock, isFirst: boolean): boolean {
  return CERTIFICATE_LABELS.includes(label) || (isFirst && label === TRUSTED_LABEL);
}

function certificateOf({ label, header, der }: OpensslBlock): ParsedCertificate | Unread {
  if (header !== null) return malformed('a certificate in it has a header (RFC 1421), which none may have');
  const whole = derLength(der);
  // What OpenSSL appends to a trusted certificate is not decoded here.
  if (label === TRUSTED_LABEL && whole !== der.length)
    return unclear('it is a trusted certificate in OpenSSL’s own form, with settings of its own');
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(der);
  } catch {
    return malformed('a certificate in it cannot be decoded: it is damaged or half written');
  }
  try {
    return parsed(certificate);
  } catch {
    // OpenSSL loads a certificate whose times it cannot read.
    return unclear('a certificate in it holds a time or a key that cannot be decoded');
  }
}

function derCertificate(bytes: Buffer, consumer: PemConsumer): CertificateEvidence {
  if (consumer === 'postgresql')
    return malformed('it is not PEM but DER, which PostgreSQL does not read (no start line)', 'not-pem');
  // Apache 2.2 tries DER after PEM (SSL_read_X509); since 2.4.8 it reads PEM only.
  if (consumer === 'apache')
    return unclear('it is not PEM but DER, which Apache reads up to 2.4.7 and not since');
  try {
    const leaf = parsed(new X509Certificate(bytes));
    return { state: 'parsed', leaf, chain: [leaf] };
  } catch {
    return malformed('a certificate in it cannot be decoded: it is damaged or half written');
  }
}

/** What may be told of a private key: kind, size, and the hash of its public half. */
export function keyEvidence(files: FileReader, path: string, consumer: PemConsumer): KeyEvidence {
  const content = contentOf(files, path);
  return 'bytes' in content ? keyOf(content.bytes, consumer) : { state: 'unread', ...content };
}

/** The same of a file's content, for whoever has it of the descriptor that is then changed. */
export function keyOf(bytes: Buffer, consumer: PemConsumer = 'any'): KeyEvidence {
  if (!bytes.includes('-----BEGIN ') && bytes[0] === DER_SEQUENCE) return derKeyEvidence(bytes, consumer);
  const { blocks, stop } = opensslPem(bytes);
  const found = blocks.filter(({ label }) => KEY_LABELS.includes(label));
  const [first] = found;
  if (!first) {
    if (stop?.kind === 'refused' && stop.isKeyBelow)
      return unclear(`${stop.why}; OpenSSL 3 may find the key further down, others do not`);
    if (stop) return stopped(stop);
    return { state: 'unread', problem: 'no-block', detail: 'it holds no private key in PEM form' };
  }
  const key = keyOfBlock(first);
  return key.state !== 'parsed' && (found.length > 1 || stop?.isKeyBelow)
    ? unclear('it holds several private keys, the first of which cannot be used as it is')
    : key;
}

function keyOfBlock({ label, header, der }: OpensslBlock): KeyEvidence {
  if (label === ENCRYPTED_LABEL || (header !== null && /^Proc-Type:.*\bENCRYPTED\b/.test(header)))
    return ENCRYPTED;
  if (header !== null) return malformed('the key in it has a header (RFC 1421) that names no encryption');
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  try {
    const key = createPrivateKey(
      [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n'),
    );
    return { state: 'parsed', ...publicHalf(createPublicKey(key)) };
  } catch {
    return malformed('the key in it cannot be decoded: it is damaged or half written');
  }
}

function derKeyEvidence(bytes: Buffer, consumer: PemConsumer): KeyEvidence {
  if (consumer === 'postgresql')
    return malformed('it is not PEM but DER, which PostgreSQL does not read', 'not-pem');
  if (consumer === 'apache')
    return unclear('it is not PEM but DER, which Apache reads up to 2.4.7 and not since');
  if (isEncryptedDer(bytes)) return ENCRYPTED;
  try {
    return { state: 'parsed', ...publicHalf(createPublicKey(derKey(bytes))) };
  } catch {
    return malformed('the key in it cannot be decoded: it is damaged or half written');
  }
}

const ENCRYPTED: KeyEvidence = {
  state: 'encrypted',
  detail: 'it asks for a passphrase, so no service starts with it unattended',
};

function malformed(detail: string, problem: PemProblem = 'malformed'): Unread {
  return { state: 'unread', problem, detail };
}

function unclear(detail: string): Unread {
  return { state: 'unread', problem: 'unclear', detail };
}

function stopped({ kind, line, why }: PemStop): Unread {
  const detail = `line ${line}: ${why}`;
  return kind === 'refused' ? malformed(detail) : unclear(detail);
}

/** PKCS #8 when encrypted begins with the algorithm, whose first part is an object identifier (RFC 5958). */
function isEncryptedDer(bytes: Buffer): boolean {
  const algorithm = derSequence(derSequence(bytes) ?? Buffer.alloc(0));
  return algorithm?.[0] === DER_OBJECT_IDENTIFIER;
}

/** DER says nowhere which of the three forms it is; none can be mistaken for another. */
function derKey(bytes: Buffer): KeyObject {
  for (const type of ['pkcs8', 'pkcs1', 'sec1'] as const) {
    try {
      return createPrivateKey({ key: bytes, format: 'der', type });
    } catch (error) {
      if (type === 'sec1') throw error;
    }
  }
  throw new Error('no form of a private key is left to try');
}

export function parsed(certificate: X509Certificate): ParsedCertificate {
  const names = (certificate.subjectAltName ?? '').split(/,\s*/).filter(Boolean);
  const half = publicHalf(certificate.publicKey);
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    commonName: /(?:^|\n)CN=(.*)/.exec(certificate.subject ?? '')?.[1] ?? null,
    subjectAltNames: names.map((name) => name.replace(/^IP Address:/, 'IP:')),
    serial: certificate.serialNumber,
    notBeforeMs: timeOf(certificate.validFrom),
    notAfterMs: timeOf(certificate.validTo),
    fingerprint: sha256Hex(certificate.raw),
    spkiSha256: half.spkiSha256,
    keyType: half.keyType,
    keyBits: half.keyBits,
    signatureDigest: signatureDigest(certificate.raw),
    isSelfSigned: certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey),
  };
}

function publicHalf(key: KeyObject): { keyType: string; keyBits: number | null; spkiSha256: string } {
  const details = key.asymmetricKeyDetails;
  const curveBits: Readonly<Record<string, number>> = {
    prime192v1: 192,
    secp224r1: 224,
    prime256v1: 256,
    secp256k1: 256,
    secp384r1: 384,
    secp521r1: 521,
  };
  return {
    keyType: key.asymmetricKeyType ?? 'unknown',
    keyBits: details?.modulusLength ?? (details?.namedCurve ? (curveBits[details.namedCurve] ?? null) : null),
    spkiSha256: sha256Hex(key.export({ type: 'spki', format: 'der' })),
  };
}

/** A time that cannot be read must not compare as "not yet over". */
function timeOf(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new Error('a time of the certificate cannot be read');
  return ms;
}

const PROBLEMS: Readonly<Record<FileProblem, PemProblem>> = {
  missing: 'missing',
  'not-directory': 'missing',
  loop: 'dangling',
  denied: 'denied',
  directory: 'directory',
  'too-large': 'too-large',
  failed: 'failed',
};

/** For what a system's own word (ENOENT) says less well. */
const PLAIN_WORDS: Partial<Record<PemProblem, string>> = {
  missing: 'there is no such file',
  directory: 'it is a folder, not a file',
  denied: 'permission denied',
};

function contentOf(
  files: FileReader,
  path: string,
): { readonly bytes: Buffer } | { readonly problem: PemProblem; readonly detail: string } {
  const content = files.read(path, { bytesMax: BYTES_MAX });
  if (!content.ok) {
    const link = content.problem === 'missing' ? files.readlink(path) : null;
    if (link?.ok)
      return { problem: 'dangling', detail: `it is a link to ${link.value}, and there is nothing` };
    const problem = PROBLEMS[content.problem];
    return { problem, detail: PLAIN_WORDS[problem] ?? content.detail };
  }
  if (content.value.length === 0) return { problem: 'empty', detail: 'the file is empty' };
  return { bytes: content.value };
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
