import { createDiffieHellmanGroup, generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';

export const DAY_MS = 86_400_000;

export interface Pair {
  readonly keyPem: string;
  readonly certificatePem: string;
}

export interface PairOptions {
  readonly hostname: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Use this key in place of a new one. */
  readonly keyPem?: string;
}

export function newKeyPem(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

/**
 * Self-signed RSA 2048, as create_ssl_cert makes them (Manual, executable.create_ssl_cert: "Generating a 2048 bit RSA
 * private key", valid for one year). ASSUMED: the host name becomes the CN and there are no further names.
 */
export function selfSigned({ hostname, notBefore, notAfter, keyPem = newKeyPem() }: PairOptions): Pair {
  const key = forge.pki.privateKeyFromPem(keyPem);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  // A serial number is positive: the first byte keeps the sign bit clear.
  certificate.serialNumber = `4a${randomBytes(8).toString('hex')}`;
  certificate.validity.notBefore = notBefore;
  certificate.validity.notAfter = notAfter;
  const subject = [{ name: 'commonName', value: hostname }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([{ name: 'basicConstraints', cA: true }]);
  certificate.sign(key, forge.md.sha256.create());
  return { keyPem, certificatePem: forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n') };
}

/** A pair that was made two months ago for a year. */
export function pairInItsPrime(hostname: string, now: Date): Pair {
  return selfSigned({
    hostname,
    notBefore: new Date(now.getTime() - 60 * DAY_MS),
    notAfter: new Date(now.getTime() + 305 * DAY_MS),
  });
}

/** The 2048-bit group of RFC 3526 as `openssl dhparam` would write it: making a new prime would take a minute. */
export function dhParametersPem(): string {
  const integer = (bytes: Buffer) =>
    forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.INTEGER, false, bytes.toString('binary'));
  const group = createDiffieHellmanGroup('modp14');
  const prime = Buffer.concat([Buffer.from([0]), group.getPrime()]);
  const sequence = forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.SEQUENCE, true, [
    integer(prime),
    integer(group.getGenerator()),
  ]);
  const body = Buffer.from(forge.asn1.toDer(sequence).getBytes(), 'binary').toString('base64');
  return `-----BEGIN DH PARAMETERS-----\n${body.replace(/(.{64})/g, '$1\n').trimEnd()}\n-----END DH PARAMETERS-----\n`;
}
