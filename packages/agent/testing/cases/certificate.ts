import type { Facts } from '../../src/facts/facts.generated.js';
import type { ParsedCertificate } from '../../src/facts/parts/pem-evidence.js';

type Service = Facts['serviceCertificates']['services'][number];

/** The moment at which cases about certificates are judged. */
export const CASE_NOW_MS = Date.UTC(2026, 10, 23, 9);
export const DAY_MS = 86_400_000;

/** A certificate with `daysLeft` days to go at CASE_NOW_MS. */
export function caseCertificate(daysLeft: number, over: Partial<ParsedCertificate> = {}): ParsedCertificate {
  return {
    subject: 'CN=mta1.example.com',
    issuer: 'CN=mta1.example.com',
    commonName: 'mta1.example.com',
    subjectAltNames: ['DNS:mta1.example.com'],
    serial: '01',
    notBeforeMs: CASE_NOW_MS + (daysLeft - 365) * DAY_MS,
    notAfterMs: CASE_NOW_MS + daysLeft * DAY_MS,
    fingerprint: 'a'.repeat(64),
    spkiSha256: 'b'.repeat(64),
    keyType: 'rsa',
    keyBits: 2048,
    isSelfSigned: true,
    signatureDigest: 'sha256',
    ...over,
  };
}

const READABLE = { kind: 'readable' } as const;

/** A service in good order, its certificate with `daysLeft` days to go; `over` changes what a case is about. */
export function caseService(
  service: Service['location']['service'],
  daysLeft: number,
  over: Partial<Service> = {},
): Service {
  const folder =
    service === 'msyspg'
      ? '/var/db/msyspg'
      : service === 'ecwebui'
        ? '/opt/msys/ecwebui/config/site'
        : '/var/ecconfigd/apache';
  const leaf = caseCertificate(daysLeft);
  return {
    location: {
      service,
      tls: 'on',
      decidedBy: { file: `${folder}/settings.conf`, line: 3 },
      certificatePath: `${folder}/server.crt`,
      keyPath: `${folder}/server.key`,
      owner: service === 'msyspg' ? 'msyspg' : 'ecuser',
      hostname: 'mta1.example.com',
      endpoint: { host: '127.0.0.1', port: 2027, preamble: service === 'msyspg' ? 'postgresql' : 'none' },
      otherPlace: null,
    },
    certificate: { state: 'parsed', leaf, chain: [leaf] },
    key: { state: 'parsed', keyType: 'rsa', keyBits: 2048, spkiSha256: leaf.spkiSha256 },
    matches: true,
    served: { kind: 'forbidden', detail: 'probing is switched off' },
    servedNotAfterMs: null,
    plainAccess: service === 'msyspg' ? { lines: [], unread: null } : null,
    ...(service === 'msyspg' ? { reach: { certificate: READABLE, key: READABLE } } : {}),
    ...over,
  };
}

export const caseServices =
  (...services: readonly Service[]) =>
  (): Partial<Facts> => ({ serviceCertificates: { services, unknowns: [] } });
