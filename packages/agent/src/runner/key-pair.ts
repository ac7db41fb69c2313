import { createPrivateKey, X509Certificate } from 'node:crypto';

/** Whether each key among contents of files is of each certificate among them. Throws where one cannot be parsed. */
export function areOfEachOther(contents: readonly Uint8Array[]): boolean {
  const keys = textsOf(contents).filter((text) => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text));
  if (keys.length === 0) return true;
  const certificates = certificatesAmong(contents);
  return keys.every((key) => certificates.every((one) => one.checkPrivateKey(createPrivateKey(key))));
}

/** Of the certificates among contents of files, as `fingerprintOf`. Throws where one cannot be parsed. */
export function fingerprintsAmong(contents: readonly Uint8Array[]): string[] {
  return certificatesAmong(contents).map(fingerprintOf);
}

/** SHA-256, 64 small hexadecimal digits. */
export function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

function certificatesAmong(contents: readonly Uint8Array[]): X509Certificate[] {
  return textsOf(contents)
    .filter((text) => text.includes('-----BEGIN CERTIFICATE-----'))
    .map((text) => new X509Certificate(text));
}

function textsOf(contents: readonly Uint8Array[]): string[] {
  return contents.map((content) => Buffer.from(content).toString('latin1'));
}
