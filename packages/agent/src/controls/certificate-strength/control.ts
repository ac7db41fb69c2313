import type { Facts } from '../../facts/facts.generated.js';
import type { CertificateEvidence, ParsedCertificate } from '../../facts/parts/pem-evidence.js';
import {
  defineControl,
  fail,
  indeterminate,
  judgement,
  notApplicable,
  type Outcome,
  pass,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

interface Seen {
  readonly path: string;
  readonly evidence: CertificateEvidence;
}

const WEAK_DIGESTS = ['md2', 'md5', 'sha1'];

export default defineControl({
  id: 'MOM-CRT-008',
  slug: 'certificate-strength',
  title: 'Key strength / signature',
  severity: 'medium',
  subject: 'certificates',
  reads: ['serviceCertificates', 'mtaCertificates'],
  sources: [
    manual3('executable.create_ssl_cert'),
    { cite: 'NIST SP 800-131A Rev. 2', url: 'https://doi.org/10.6028/NIST.SP.800-131Ar2' },
    { cite: 'RFC 9155', url: 'https://www.rfc-editor.org/rfc/rfc9155' },
  ],
  remediation: null,
  params: {
    rsaBits: { default: 2048, unit: 'bits', text: 'RSA keys with fewer fail' },
    ecBits: { default: 256, unit: 'bits', text: 'elliptic curves with fewer fail' },
  },

  evaluate({ facts, params }) {
    const seen = certificatesOf(facts);
    const { unknowns } = facts.serviceCertificates;
    const judged = [...seen.values()].map((one) => judgement(one.path, judge(one, params)));
    const [unknown] = unknowns;
    if (unknown)
      judged.push(
        judgement('certificates', indeterminate(`Further certificates may be there: ${unknown.why}.`)),
      );
    return judged.length > 0 ? judged : notApplicable('No certificate is named on this node.');
  },
});

function certificatesOf({
  serviceCertificates,
  mtaCertificates,
}: Pick<Facts, 'serviceCertificates' | 'mtaCertificates'>) {
  const services = serviceCertificates.services
    .filter(({ location }) => location.tls !== 'off' && !location.isUnnamed)
    .map(({ location, certificate }): Seen => ({ path: location.certificatePath, evidence: certificate }));
  const mta = mtaCertificates.pairs.map(
    ({ certificatePath, certificate }): Seen => ({ path: certificatePath, evidence: certificate }),
  );
  return new Map([...services, ...mta].map((one) => [one.path, one]));
}

function judge({ path, evidence }: Seen, limits: { rsaBits: number; ecBits: number }): Outcome {
  if (evidence.state === 'unread')
    return evidence.problem === 'missing'
      ? notApplicable(`There is no ${path}: MOM-CRT-001, 003, 006 and 007 tell of missing ones.`)
      : indeterminate(`${path}: ${evidence.detail}.`);
  const { chain, leaf } = evidence;
  const faults = chain.flatMap((one, index) =>
    faultsOf(one, limits, index > 0 && one.isSelfSigned).map((found) => ({
      at: { file: path },
      found: `${one.subject}: ${found}`,
      proposed: `a certificate of a key of RSA ${limits.rsaBits} bits or EC ${limits.ecBits} bits, signed with SHA-256`,
    })),
  );
  const [first] = faults;
  if (first) return fail(`${path} is weak: ${first.found}`, faults);
  const unclear = chain.find((one) => isUnclear(one));
  if (unclear)
    return indeterminate(`How strong ${unclear.subject} in ${path} is, is not known (${unclear.keyType}).`);
  return pass(
    `${path}: ${leaf.keyType} ${leaf.keyBits ?? ''} signed with ${leaf.signatureDigest ?? 'its own digest'}.`,
  );
}

/** Nobody checks the signature of an anchor: whoever trusts it has it already (RFC 5280, section 6.1). */
function faultsOf(
  { keyType, keyBits, signatureDigest = 'unknown' }: ParsedCertificate,
  { rsaBits, ecBits }: { rsaBits: number; ecBits: number },
  isAnchor: boolean,
): string[] {
  const faults: string[] = [];
  if (keyType === 'dsa') faults.push('its key is DSA, which TLS 1.3 and current libraries do not take');
  if (/^rsa/.test(keyType) && keyBits !== null && keyBits < rsaBits)
    faults.push(`its RSA key has ${keyBits} bits`);
  if (keyType === 'ec' && keyBits !== null && keyBits < ecBits) faults.push(`its curve has ${keyBits} bits`);
  if (!isAnchor && WEAK_DIGESTS.includes(signatureDigest))
    faults.push(`it is signed with ${signatureDigest.toUpperCase()}`);
  return faults;
}

function isUnclear({ keyType, keyBits, signatureDigest }: ParsedCertificate): boolean {
  const isEdwards = /^ed(25519|448)$/.test(keyType);
  return (keyBits === null && !isEdwards) || signatureDigest === undefined || signatureDigest === 'unknown';
}
