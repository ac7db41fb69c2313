import { type KeyObject, webcrypto } from 'node:crypto';
import { type KeyType, signingPair } from './new-key.js';

export async function x509Builder() {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

type Builder = Awaited<ReturnType<typeof x509Builder>>;
export type Pkcs10Crypto = Parameters<Builder['Pkcs10CertificateRequestGenerator']['create']>[1];

/** A PKCS#10 request (PEM) by a key that stays here. */
export async function certificateRequest(
  key: KeyObject,
  keyType: KeyType,
  names: { readonly commonName: string; readonly altNames: readonly string[] },
): Promise<string> {
  const x509 = await x509Builder();
  const { algorithm, keys } = await signingPair(key, keyType);
  const request = await x509.Pkcs10CertificateRequestGenerator.create(
    {
      name: subjectOf(names.commonName),
      keys,
      signingAlgorithm: algorithm,
      extensions: [new x509.SubjectAlternativeNameExtension(altNamesOf(names.altNames))],
    },
    webcrypto as Pkcs10Crypto,
  );
  return `${request.toString('pem').trim()}\n`;
}

export function subjectOf(commonName: string): { readonly CN: string[] }[] {
  return [{ CN: [commonName] }];
}

/** Host names and addresses; other kinds of names have no place in a service's certificate (RFC 5280, GeneralName). */
export function altNamesOf(names: readonly string[]): { type: 'dns' | 'ip'; value: string }[] {
  return names.flatMap((name): { type: 'dns' | 'ip'; value: string }[] => {
    if (name.startsWith('DNS:')) return [{ type: 'dns', value: name.slice(4) }];
    return name.startsWith('IP:') ? [{ type: 'ip', value: name.slice(3) }] : [];
  });
}
