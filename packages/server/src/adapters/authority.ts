import 'reflect-metadata';
import {
  createHash,
  createPublicKey,
  type KeyObject,
  X509Certificate as NodeCertificate,
  webcrypto,
} from 'node:crypto';
import { isIP } from 'node:net';
import { err, ok, type Result } from '@castellan/shared/base/result';
import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import * as x509 from '@peculiar/x509';
import { CompactSign, importPKCS8 } from 'jose';
import type {
  Authority,
  CommandSigner,
  IssuedCertificate,
  NodeIdentity,
  PublicJwk,
} from '../ports/authority.js';
import type { AuthorityMaker, AuthorityMaterial } from '../ports/authority-maker.js';
import type { Clock } from '../ports/clock.js';
import { EC, lifeFrom, newSerial, SERVER_AUTH } from './certificates.js';
import { openServiceAuthority } from './service-authority.js';

const DAY_MS = 86_400_000;
const ROOT_DAYS = 3650;
const SERVER_MS = 397 * DAY_MS;
/** The root outlives every mistake of the first day. */
const ROOT_BACKDATE_MS = 365 * DAY_MS;
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

export function authorityMaker(clock: Clock): AuthorityMaker {
  return {
    make: (name) => makeMaterial(clock, name),
    open: (material) => openAuthority(clock, material),
    openServices: (material) => openServiceAuthority(clock, material),
    makeCommandKey,
    openSigner,
  };
}

async function makeMaterial(clock: Clock, name: string): Promise<AuthorityMaterial> {
  const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: `CN=${name}`,
    notBefore: new Date(clock.now() - ROOT_BACKDATE_MS),
    notAfter: new Date(clock.now() + ROOT_DAYS * DAY_MS),
    signingAlgorithm: EC,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    rootPem: root.toString('pem'),
    rootKeyPkcs8: new Uint8Array(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)),
  };
}

async function makeCommandKey(): Promise<Uint8Array> {
  const command = (await webcrypto.subtle.generateKey('Ed25519', true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  return new Uint8Array(await webcrypto.subtle.exportKey('pkcs8', command.privateKey));
}

async function openSigner(commandKeyPkcs8: Uint8Array): Promise<CommandSigner> {
  const commandPem = x509.PemConverter.encode(commandKeyPkcs8, 'PRIVATE KEY');
  const commandKey = await importPKCS8(commandPem, 'EdDSA');
  const commandX = createPublicKey(commandPem).export({ format: 'jwk' }).x ?? '';
  return {
    commandKey: { kty: 'OKP', crv: 'Ed25519', x: commandX },
    sign: (payload) => new CompactSign(payload).setProtectedHeader({ alg: 'EdDSA' }).sign(commandKey),
  };
}

async function openAuthority(clock: Clock, material: AuthorityMaterial): Promise<Authority> {
  const root = new x509.X509Certificate(material.rootPem);
  const rootForNode = new NodeCertificate(material.rootPem);
  const rootEnds = root.notAfter.getTime();
  const rootKey = await webcrypto.subtle.importKey('pkcs8', material.rootKeyPkcs8, EC, false, ['sign']);
  const fingerprint = createHash('sha256').update(rootForNode.raw).digest('hex');

  const issue = async (
    subject: string,
    publicKey: x509.PublicKey | webcrypto.CryptoKey,
    lifeMs: number,
    extensions: x509.Extension[],
  ) =>
    x509.X509CertificateGenerator.create({
      serialNumber: newSerial(),
      subject,
      issuer: root.subject,
      ...lifeFrom(clock.now(), lifeMs, rootEnds),
      signingAlgorithm: EC,
      publicKey,
      signingKey: rootKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        await x509.AuthorityKeyIdentifierExtension.create(root),
        ...extensions,
      ],
    });

  return {
    rootPem: material.rootPem,
    notAfter: rootEnds,
    fingerprint,
    async issueServer(hostnames) {
      const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
      const names = hostnames.map((name) => ({ type: isIP(name) ? 'ip' : 'dns', value: name }) as const);
      const certificate = await issue(`CN=${hostnames[0] ?? 'localhost'}`, keys.publicKey, SERVER_MS, [
        new x509.SubjectAlternativeNameExtension(names),
        new x509.ExtendedKeyUsageExtension([SERVER_AUTH]),
      ]);
      const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
      return {
        keyPem: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
        certificatePem: certificate.toString('pem'),
      };
    },
    async issueNode({ csrPem, nodeId, name, lifeMs }) {
      const request = await readRequest(csrPem, name);
      if (!request.ok) return request;
      const certificate = await issue(`CN=${nodeId}`, request.value.publicKey, lifeMs, [
        new x509.ExtendedKeyUsageExtension([CLIENT_AUTH]),
        await x509.SubjectKeyIdentifierExtension.create(request.value.publicKey),
      ]);
      return ok(describeIssued(certificate, fingerprint));
    },
    hasIssued: (der) => {
      try {
        return isIssuedBy(new NodeCertificate(der), rootForNode);
      } catch {
        // Not a certificate: what it is wrong with is said by `identify`.
        return false;
      }
    },
    identify: (der) => identify(der, rootForNode, fingerprint, clock.now()),
  };
}

function isIssuedBy(certificate: NodeCertificate, root: NodeCertificate): boolean {
  return certificate.checkIssued(root) && certificate.verify(root.publicKey);
}

function describeIssued(certificate: x509.X509Certificate, authorityFingerprint: string): IssuedCertificate {
  const pem = certificate.toString('pem');
  const parsed = new NodeCertificate(pem);
  return {
    pem,
    serial: serialOf(parsed),
    notAfter: certificate.notAfter.getTime(),
    publicJwk: jwkOf(parsed.publicKey),
    authorityFingerprint,
  };
}

function jwkOf(key: KeyObject): PublicJwk {
  const { kty = '', crv = '', x = '', y = '' } = key.export({ format: 'jwk' });
  return { kty, crv, x, y };
}

function serialOf(certificate: NodeCertificate): string {
  return certificate.serialNumber.toLowerCase();
}

async function readRequest(csrPem: string, name: string): Promise<Result<x509.Pkcs10CertificateRequest>> {
  const invalid = (detail: string, cause?: unknown): { ok: false; error: CasError } =>
    err(casError('CAS_CSR_INVALID', detail, cause));
  let request: x509.Pkcs10CertificateRequest;
  try {
    request = new x509.Pkcs10CertificateRequest(csrPem);
    if (!(await request.verify())) return invalid('the signature of the certificate request is wrong');
    const key = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' });
    // Sealed parameters (ECDH-ES) go to this key, so its kind is part of the protocol.
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
      return invalid('the key of the certificate request is not EC P-256');
  } catch (cause) {
    return invalid('the certificate request cannot be read', cause);
  }
  const subject = request.subjectName.getField('CN');
  if (subject.length > 0 && subject[0] !== name)
    return invalid(`the certificate request names "${subject[0]}", not "${name}"`);
  return ok(request);
}

function identify(
  der: Uint8Array | null,
  root: NodeCertificate,
  authorityFingerprint: string,
  now: number,
): Result<NodeIdentity> {
  if (der === null) return err(casError('CAS_CERT_MISSING'));
  let certificate: NodeCertificate;
  try {
    certificate = new NodeCertificate(der);
  } catch (cause) {
    return err(casError('CAS_CERT_UNKNOWN_CA', 'the client certificate cannot be read', cause));
  }
  if (!isIssuedBy(certificate, root)) return err(casError('CAS_CERT_UNKNOWN_CA'));
  // Node names the extended key usage `keyUsage`. Our own server's certificate is of our CA too, and is no node's.
  if (!certificate.keyUsage?.includes(CLIENT_AUTH))
    return err(casError('CAS_CERT_UNKNOWN_CA', 'the certificate is not a client certificate'));
  if (now >= Date.parse(certificate.validTo))
    return err(
      casError(
        'CAS_CERT_EXPIRED',
        `it ended on ${certificate.validTo}: renew it by its key (POST /renew), or enrol the node again`,
      ),
    );
  if (now < Date.parse(certificate.validFrom)) {
    return err(
      casError(
        'CAS_CERT_EXPIRED',
        `not valid before ${certificate.validFrom}: compare the clocks of node and server`,
      ),
    );
  }
  const nodeId = /^CN=([A-Za-z0-9._-]{1,128})$/m.exec(certificate.subject)?.[1];
  if (!nodeId) return err(casError('CAS_CERT_UNKNOWN_CA', 'the certificate names no node'));
  return ok({
    nodeId,
    serial: serialOf(certificate),
    authorityFingerprint,
    notAfter: Date.parse(certificate.validTo),
    publicJwk: jwkOf(certificate.publicKey),
  });
}
