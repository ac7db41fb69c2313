import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { sha256Hex } from '@castellan/shared/base/canonical-json';
import type {
  CertificateEvidence,
  KeyEvidence,
  ParsedCertificate,
  PemProblem,
} from '../../facts/parts/pem-evidence.js';
import type { FileProblem, FileReader } from '../../ports/files.js';
import { derSequence } from './der.js';
import { pemBlocks } from './pem-blocks.js';

const BYTES_MAX = 1024 * 1024;
const CERTIFICATES_MAX = 64;
const DER_SEQUENCE = 0x30;
const DER_OBJECT_IDENTIFIER = 0x06;

/** Every certificate of a PEM or DER file; Node's own parser reads the first only, so the blocks are cut here. */
export function certificateEvidence(files: FileReader, path: string): CertificateEvidence {
  const content = contentOf(files, path);
  if (!('bytes' in content)) return { state: 'unread', ...content };
  const text = content.bytes.toString('latin1');
  const found = pemBlocks(text, 'CERTIFICATE');
  const blocks = found.flatMap((block) => block.text ?? []);
  const begun = found.length;
  if (begun === 0 && content.bytes[0] !== DER_SEQUENCE)
    return { state: 'unread', ...noBlock(text, 'CERTIFICATE') };
  // OpenSSL refuses the whole file then, although the first certificate is whole.
  if (begun > blocks.length)
    return malformed('one of its certificates has a beginning and no end: it is half written');
  if (blocks.length > CERTIFICATES_MAX)
    return malformed(`it holds ${blocks.length} certificates, more than ${CERTIFICATES_MAX}`);
  try {
    const chain = (begun === 0 ? [content.bytes] : blocks).map((block) => parsed(new X509Certificate(block)));
    const [leaf] = chain;
    return leaf
      ? { state: 'parsed', leaf, chain }
      : { state: 'unread', problem: 'no-block', detail: 'it holds no certificate' };
  } catch {
    return malformed('a certificate in it cannot be decoded: it is damaged or half written');
  }
}

/** What may be told of a private key: kind, size, and the hash of its public half. */
export function keyEvidence(files: FileReader, path: string): KeyEvidence {
  const content = contentOf(files, path);
  return 'bytes' in content ? keyOf(content.bytes) : { state: 'unread', ...content };
}

/** The same of a file's content, for whoever has it of the descriptor that is then changed. */
export function keyOf(bytes: Buffer): KeyEvidence {
  const text = bytes.toString('latin1');
  const block = pemBlocks(text, 'PRIVATE KEY')[0]?.text ?? null;
  const isDer = bytes[0] === DER_SEQUENCE;
  if (!block && !isDer) return { state: 'unread', ...noBlock(text, 'PRIVATE KEY') };
  if (block ? /ENCRYPTED/.test(block.slice(0, 400)) : isEncryptedDer(bytes))
    return {
      state: 'encrypted',
      detail: 'it asks for a passphrase, so no service starts with it unattended',
    };
  try {
    const key = block ? createPrivateKey(block) : derKey(bytes);
    return { state: 'parsed', ...publicHalf(createPublicKey(key)) };
  } catch {
    return malformed('the key in it cannot be decoded: it is damaged or half written');
  }
}

function malformed(detail: string): {
  readonly state: 'unread';
  readonly problem: PemProblem;
  readonly detail: string;
} {
  return { state: 'unread', problem: 'malformed', detail };
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
    isSelfSigned: certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey),
  };
}

function publicHalf(key: KeyObject): { keyType: string; keyBits: number | null; spkiSha256: string } {
  const details = key.asymmetricKeyDetails;
  const curveBits: Readonly<Record<string, number>> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 };
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

function noBlock(text: string, what: string): { readonly problem: PemProblem; readonly detail: string } {
  return text.includes(`${what}-----`)
    ? { problem: 'malformed', detail: 'its PEM block has a beginning and no end: it is half written' }
    : { problem: 'no-block', detail: `it holds no ${what.toLowerCase()}` };
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
