import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { sha256Hex } from '@castellan/shared/base/canonical-json';
import type { FileReader } from '../ports/files.js';
import type { CertificateEvidence, KeyEvidence, ParsedCertificate, PemProblem } from './pem-evidence.js';

const BYTES_MAX = 1024 * 1024;
const CERTIFICATES_MAX = 64;
const CERTIFICATE =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;
const KEY = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----[\s\S]*?-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----/;

/** Every certificate of a PEM or DER file; Node's own parser reads the first only, so the blocks are cut here. */
export function certificateEvidence(files: FileReader, path: string): CertificateEvidence {
  const content = contentOf(files, path);
  if (!('bytes' in content)) return { state: 'unread', ...content };
  const text = content.bytes.toString('latin1');
  const blocks = [...text.matchAll(CERTIFICATE)].slice(0, CERTIFICATES_MAX).map((m) => m[0]);
  const isDer = content.bytes[0] === 0x30;
  if (blocks.length === 0 && !isDer) return { state: 'unread', ...noBlock(text, 'CERTIFICATE') };
  try {
    const chain = (isDer ? [content.bytes] : blocks).map((block) => parsed(new X509Certificate(block)));
    const [leaf] = chain;
    return leaf
      ? { state: 'parsed', leaf, chain }
      : { state: 'unread', problem: 'no-block', detail: 'it holds no certificate' };
  } catch {
    return {
      state: 'unread',
      problem: 'malformed',
      detail: 'a certificate in it cannot be decoded: it is damaged or half written',
    };
  }
}

/** What may be told of a private key: kind, size, and the hash of its public half. */
export function keyEvidence(files: FileReader, path: string): KeyEvidence {
  const content = contentOf(files, path);
  if (!('bytes' in content)) return { state: 'unread', ...content };
  const text = content.bytes.toString('latin1');
  const block = KEY.exec(text)?.[0];
  const isDer = content.bytes[0] === 0x30;
  if (!block && !isDer) return { state: 'unread', ...noBlock(text, 'PRIVATE KEY') };
  if (block && /ENCRYPTED/.test(block.slice(0, 400)))
    return {
      state: 'encrypted',
      detail: 'it asks for a passphrase: a service cannot start with it unattended',
    };
  try {
    const key = block
      ? createPrivateKey(block)
      : createPrivateKey({ key: content.bytes, format: 'der', type: 'pkcs8' });
    return { state: 'parsed', ...publicHalf(createPublicKey(key)) };
  } catch {
    return {
      state: 'unread',
      problem: 'malformed',
      detail: 'the key in it cannot be decoded: it is damaged or half written',
    };
  }
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
    notBeforeMs: Date.parse(certificate.validFrom),
    notAfterMs: Date.parse(certificate.validTo),
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

function contentOf(
  files: FileReader,
  path: string,
): { readonly bytes: Buffer } | { readonly problem: PemProblem; readonly detail: string } {
  const content = files.read(path, { bytesMax: BYTES_MAX });
  if (!content.ok) {
    const known = (['missing', 'denied', 'directory'] as const).find(
      (problem) => problem === content.problem,
    );
    return { problem: known ?? 'failed', detail: content.detail };
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
