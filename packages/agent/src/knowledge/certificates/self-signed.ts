import { randomBytes, webcrypto } from 'node:crypto';
import { altNamesOf, type Pkcs10Crypto, subjectOf, x509Builder } from './certificate-request.js';
import { type KeyType, newKey, pemOf, signingPair } from './new-key.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface SelfSignedRequest {
  readonly commonName: string;
  /** `DNS:mta1.example.com`, `IP:192.0.2.1` */
  readonly altNames: readonly string[];
  readonly nowMs: number;
  readonly days: number;
  /** RSA 2048, as create_ssl_cert makes it (Manual, executable.create_ssl_cert), unless given. */
  readonly keyType?: KeyType;
}

/** A new key and its certificate. */
export async function selfSigned({
  commonName,
  altNames,
  nowMs,
  days,
  keyType = 'rsa2048',
}: SelfSignedRequest): Promise<{ readonly keyPem: string; readonly certificatePem: string }> {
  const x509 = await x509Builder();
  const key = await newKey(keyType);
  const { algorithm, keys } = await signingPair(key, keyType);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      // A serial number is positive: the first byte keeps the sign bit clear.
      serialNumber: `4a${randomBytes(15).toString('hex')}`,
      name: subjectOf(commonName),
      // An hour back, for clients whose clocks are slow.
      notBefore: new Date(nowMs - HOUR_MS),
      notAfter: new Date(nowMs + days * DAY_MS),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true),
        new x509.SubjectAlternativeNameExtension(altNamesOf(altNames)),
      ],
    },
    webcrypto as Pkcs10Crypto,
  );
  return { keyPem: pemOf(key), certificatePem: `${certificate.toString('pem').trim()}\n` };
}
