import { generateKeyPairSync, type KeyObject, sign, webcrypto } from 'node:crypto';

export interface NewKey {
  /** PKCS#8, PEM. It stays on the node. */
  readonly keyPem: string;
  /** PKCS#10, PEM. */
  readonly csr: string;
}

/** A new key of the kind that the protocol has (EC P-256), and the request for its certificate. */
export async function newKey(name: string): Promise<NewKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { keyPem, csr: await certificateRequest(name, privateKey, publicKey) };
}

/** ECDSA with SHA-256 over the text, r and s joined, base64url: what proves that the node asks itself. */
export function proofBy(keyPem: string, text: string): string {
  const key = { key: keyPem, dsaEncoding: 'ieee-p1363' } as const;
  return sign('sha256', Buffer.from(text), key).toString('base64url');
}

async function certificateRequest(
  name: string,
  privateKey: KeyObject,
  publicKey: KeyObject,
): Promise<string> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const { subtle } = webcrypto;
  const [forSigning, forVerifying] = await Promise.all([
    subtle.importKey('pkcs8', privateKey.export({ type: 'pkcs8', format: 'der' }), algorithm, true, ['sign']),
    subtle.importKey('spki', publicKey.export({ type: 'spki', format: 'der' }), algorithm, true, ['verify']),
  ]);
  const csr = await x509.Pkcs10CertificateRequestGenerator.create(
    {
      name: [{ CN: [name] }],
      keys: { privateKey: forSigning, publicKey: forVerifying },
      signingAlgorithm: algorithm,
    },
    webcrypto as Parameters<typeof x509.Pkcs10CertificateRequestGenerator.create>[1],
  );
  return csr.toString('pem');
}
