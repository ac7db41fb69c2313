import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const RSA_BITS = 2048;

export interface SelfSignedRequest {
  readonly commonName: string;
  /** `DNS:mta1.example.com`, `IP:192.0.2.1` */
  readonly altNames: readonly string[];
  readonly nowMs: number;
  readonly days: number;
}

/** A new RSA 2048 key and its certificate, as create_ssl_cert makes them (Manual, executable.create_ssl_cert). */
export async function selfSigned({
  commonName,
  altNames,
  nowMs,
  days,
}: SelfSignedRequest): Promise<{ readonly keyPem: string; readonly certificatePem: string }> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
  // `BEGIN RSA PRIVATE KEY`: what the Apache and PostgreSQL of that time read for certain.
  const keyPem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const key = forge.pki.privateKeyFromPem(keyPem);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  // A serial number is positive: the first byte keeps the sign bit clear.
  certificate.serialNumber = `4a${randomBytes(15).toString('hex')}`;
  // An hour back, for clients whose clocks are slow.
  certificate.validity.notBefore = new Date(nowMs - HOUR_MS);
  certificate.validity.notAfter = new Date(nowMs + days * DAY_MS);
  const subject = [{ name: 'commonName', value: commonName }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: altNames.flatMap(altName) },
  ]);
  certificate.sign(key, forge.md.sha256.create());
  return { keyPem, certificatePem: forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n') };
}

/** RFC 5280, GeneralName: 2 is a host name, 7 an address. Other kinds have no place in a service's certificate. */
function altName(text: string): object[] {
  if (text.startsWith('DNS:')) return [{ type: 2, value: text.slice(4) }];
  if (text.startsWith('IP:')) return [{ type: 7, ip: text.slice(3) }];
  return [];
}
