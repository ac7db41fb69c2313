import { X509Certificate } from 'node:crypto';
import { PLAIN_PATTERN } from '@castellan/shared/model/bounds';
import {
  COMMON_NAME_LENGTH_MAX,
  SERVICE_NAME_PATTERN,
  SIGNED_NAME_LENGTH_MAX,
  SIGNED_NAMES_MAX,
} from '@castellan/shared/model/plan';
import { certificateRequest } from '../../../../knowledge/certificates/certificate-request.js';
import { newKey, pemOf } from '../../../../knowledge/certificates/new-key.js';
import type { IssuingSettings } from '../../../../units/issuing.js';
import { type CertificateWanted, defineIssuer, IssueFailed } from '../issuer.js';

const SIGN_MS = 60_000;
const NAME = new RegExp(SERVICE_NAME_PATTERN);
const PATH = new RegExp(PLAIN_PATTERN, 'u');
const PATH_LENGTH_MAX = 4096;

/**
 * The server's authority for services, by request over the agent's link. The request is bound to the run: the server
 * signs what the approved plan says, once.
 */
export default defineIssuer({
  name: 'server',
  text: "signed by the server's authority for services, within a run that a person approved there",
  isOutside: true,
  isSelfSigned: false,
  blocker(wanted, { issuing: { server }, clock }) {
    if ('why' in server) return server.why;
    const fault = strangeness(wanted);
    if (fault !== null) return fault;
    return Date.parse(new X509Certificate(server.authorityPem).validTo) <= clock.now()
      ? `the server's authority for services has ended: "castellan-server ca services make" makes the next`
      : null;
  },
  describe: (wanted, { server }) =>
    `a new certificate by the server's authority for services, valid for ${'why' in server ? wanted.days : daysOf(wanted, server)} days`,
  notes: ({ server }) =>
    'why' in server
      ? []
      : [
          `whoever connects has to trust the server's authority for services (SHA-256 ${fingerprintOf(server.authorityPem)}): "castellan-server ca services export" prints it, and so does GET /api/v1/service-authorities`,
        ],
  hasIssued: (oldPem, { server }) => {
    if ('why' in server) return false;
    const [old, authority] = [new X509Certificate(oldPem), new X509Certificate(server.authorityPem)];
    return old.checkIssued(authority) && old.verify(authority.publicKey);
  },
  signs: (wanted, { server }) =>
    'why' in server
      ? null
      : {
          target: wanted.certificatePath,
          authority: fingerprintOf(server.authorityPem),
          commonName: wanted.commonName,
          altNames: [...wanted.altNames],
          keyType: wanted.keyType,
          days: daysOf(wanted, server),
        },
  async issue({ certificatePath, commonName, altNames, keyType }, make, { server }) {
    if ('why' in server) throw new IssueFailed(server.why);
    const key = await newKey(keyType);
    const result = await make.sign({
      target: certificatePath,
      requestPem: await certificateRequest(key, keyType, { commonName, altNames }),
      timeoutMs: SIGN_MS,
    });
    if (result.kind === 'refused')
      throw new IssueFailed(`the server signed no certificate: ${result.detail}`);
    // The root is sent too: a file of its own for the chain must not go on holding another's.
    return {
      keyPem: pemOf(key),
      certificatePem: result.certificatePem,
      chainPems: [server.authorityPem],
    };
  },
});

/** What no plan can ask the server for; null: nothing. */
function strangeness({ commonName, altNames, certificatePath }: CertificateWanted): string | null {
  if (commonName.length === 0 || commonName.length > COMMON_NAME_LENGTH_MAX)
    return `a common name has 1 to ${COMMON_NAME_LENGTH_MAX} characters, and "${commonName}" has ${commonName.length}`;
  if (altNames.length > SIGNED_NAMES_MAX)
    return `the certificate has ${altNames.length} names, and the server signs for ${SIGNED_NAMES_MAX} at most`;
  const odd = altNames.find((name) => !NAME.test(name) || name.length > SIGNED_NAME_LENGTH_MAX);
  if (odd !== undefined) return `${odd} is not a host name or an address that the server signs for`;
  return PATH.test(certificatePath) && certificatePath.length <= PATH_LENGTH_MAX
    ? null
    : `the path ${certificatePath} cannot be told to the server`;
}

function daysOf(
  { days }: CertificateWanted,
  { daysMax }: Extract<IssuingSettings['server'], { daysMax: number }>,
): number {
  return Math.min(days, daysMax);
}

/** SHA-256, lower-case hexadecimal, as the server and openssl name it. */
function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
}
