import {
  createHash,
  createPublicKey,
  type KeyObject,
  X509Certificate as NodeCertificate,
  webcrypto,
} from 'node:crypto';
import { isIP } from 'node:net';
import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { ServiceKeyType } from '@castellan/shared/model/plan';
import * as x509 from '@peculiar/x509';
import type { ServiceAuthority, ServiceRequest } from '../ports/authority.js';
import type { AuthorityMaterial } from '../ports/authority-maker.js';
import type { Clock } from '../ports/clock.js';
import { EC, lifeFrom, newSerial, SERVER_AUTH } from './certificates.js';

const CURVES: Readonly<Record<string, ServiceKeyType>> = {
  prime256v1: 'ecdsa-p256',
  secp384r1: 'ecdsa-p384',
};
const RSA_BITS: Readonly<Record<number, ServiceKeyType>> = {
  2048: 'rsa2048',
  3072: 'rsa3072',
  4096: 'rsa4096',
};
/** F4 (RFC 8017 leaves it open; smaller ones have cost whole libraries their signatures). */
const RSA_EXPONENT = 65_537n;

/** Opens the root that certificates of services are signed with. */
export async function openServiceAuthority(
  clock: Clock,
  material: AuthorityMaterial,
): Promise<ServiceAuthority> {
  const root = new x509.X509Certificate(material.rootPem);
  const signingKey = await webcrypto.subtle.importKey('pkcs8', material.rootKeyPkcs8, EC, false, ['sign']);
  const notAfter = root.notAfter.getTime();
  return {
    rootPem: material.rootPem,
    notAfter,
    fingerprint: createHash('sha256').update(new NodeCertificate(material.rootPem).raw).digest('hex'),
    async issue(asked) {
      const request = await requestOf(asked);
      if (!request.ok) return request;
      const { publicKey } = request.value;
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: newSerial(),
        subject: [{ CN: [asked.commonName] }],
        issuer: root.subject,
        ...lifeFrom(clock.now(), asked.lifeMs, notAfter),
        signingAlgorithm: EC,
        publicKey,
        signingKey,
        // What the request would have beside its names and its key is not looked at: nothing of it gets in.
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(usesOf(asked.keyType), true),
          new x509.ExtendedKeyUsageExtension([SERVER_AUTH]),
          new x509.SubjectAlternativeNameExtension(generalNames(asked.altNames)),
          await x509.SubjectKeyIdentifierExtension.create(publicKey),
          await x509.AuthorityKeyIdentifierExtension.create(root),
        ],
      });
      const serial = new NodeCertificate(Buffer.from(certificate.rawData)).serialNumber.toLowerCase();
      return ok({ pem: certificate.toString('pem'), serial, notAfter: certificate.notAfter.getTime() });
    },
  };
}

/** With a key of RSA clients of TLS 1.2 and before may send it the secret (RFC 5246, 7.4.7.1). */
function usesOf(keyType: ServiceKeyType): x509.KeyUsageFlags {
  const { digitalSignature, keyEncipherment } = x509.KeyUsageFlags;
  return keyType.startsWith('rsa') ? digitalSignature | keyEncipherment : digitalSignature;
}

/** The request, when it proves its key and asks for exactly what was approved. */
async function requestOf({
  csrPem,
  commonName,
  altNames,
  keyType,
}: ServiceRequest): Promise<Result<x509.Pkcs10CertificateRequest>> {
  const invalid = (detail: string, cause?: unknown): Result<never> =>
    err(casError('CAS_CSR_INVALID', detail, cause));
  try {
    const request = new x509.Pkcs10CertificateRequest(csrPem);
    const der = Buffer.from(request.publicKey.rawData);
    const kind = typeOfKey(createPublicKey({ key: der, format: 'der', type: 'spki' }));
    // Before its signature is checked, so that a key of any size costs nothing.
    if (kind !== keyType)
      return invalid(`the key of the request is ${kind ?? 'of another kind'}, and ${keyType} was approved`);
    if (!(await request.verify())) return invalid('the signature of the certificate request is wrong');
    const names = request.subjectName.toJSON().flatMap((part) => Object.entries(part));
    const [first, ...others] = names;
    if (first?.[0] !== 'CN' || first[1].length !== 1 || first[1][0] !== commonName || others.length > 0)
      return invalid(`the request is for another subject than CN=${commonName}, which was approved`);
    const asked = namesOf(request);
    const approved = new Set(altNames.map(comparable));
    const strange = asked.find((name) => !approved.has(comparable(name)));
    if (strange !== undefined) return invalid(`the request names ${strange}, which was not approved`);
    if (new Set(asked.map(comparable)).size !== approved.size)
      return invalid('the request leaves out names that were approved');
    return ok(request);
  } catch (cause) {
    return invalid('the certificate request cannot be read', cause);
  }
}

function typeOfKey(key: KeyObject): ServiceKeyType | null {
  const { modulusLength = 0, publicExponent, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ec') return CURVES[namedCurve] ?? null;
  // RSA-PSS keys are another type, and few of Momentum's time read them.
  if (key.asymmetricKeyType !== 'rsa' || publicExponent !== RSA_EXPONENT) return null;
  return RSA_BITS[modulusLength] ?? null;
}

/** As the plan writes them; one of another kind is given as it is, and is never among those that were approved. */
function namesOf(request: x509.Pkcs10CertificateRequest): string[] {
  const extension = request.extensions.find((one) => one.type === '2.5.29.17');
  if (!extension) return [];
  return new x509.SubjectAlternativeNameExtension(extension.rawData).names.items.map(
    ({ type, value }) => `${type.toUpperCase()}:${value}`,
  );
}

/** Host names have no case (RFC 4343), and an address of IPv6 has more than one spelling (RFC 5952). */
function comparable(name: string): string {
  const address = name.startsWith('IP:') && isIP(name.slice(3)) === 6 ? name.slice(3) : null;
  return address === null ? name.toLowerCase() : `ip:${new URL(`http://[${address}]`).hostname}`;
}

function generalNames(names: readonly string[]): { readonly type: 'dns' | 'ip'; readonly value: string }[] {
  return names.map((name) =>
    name.startsWith('IP:')
      ? { type: 'ip', value: name.slice('IP:'.length) }
      : { type: 'dns', value: name.slice('DNS:'.length) },
  );
}
