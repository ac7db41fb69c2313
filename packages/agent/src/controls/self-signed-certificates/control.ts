import type { CertificateEvidence } from '../../facts/parts/pem-evidence.js';
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
  readonly trackedBy: string;
}

const TRACKED_BY = { ecconfigd: 'MOM-CRT-006', ecwebui: 'MOM-CRT-004', msyspg: 'MOM-CRT-002' } as const;

export default defineControl({
  id: 'MOM-CRT-005',
  slug: 'self-signed-certificates',
  title: 'Self-signed 1-yr cert replaced or tracked',
  severity: 'low',
  subject: 'certificates',
  reads: ['serviceCertificates', 'mtaCertificates'],
  sources: [manual3('install.security'), manual3('executable.create_ssl_cert')],
  remediation: null,
  params: {
    requireCa: {
      default: false,
      text: 'self-signed certificates fail: the site wants certificates of an authority. The manual ships self-signed ones',
    },
  },

  evaluate({ facts: { serviceCertificates, mtaCertificates }, params }) {
    const services = serviceCertificates.services
      .filter(({ location }) => location.tls !== 'off' && !location.isUnnamed)
      .map(
        ({ location, certificate }): Seen => ({
          path: location.certificatePath,
          evidence: certificate,
          trackedBy: TRACKED_BY[location.service],
        }),
      );
    const mta = mtaCertificates.pairs.map(
      ({ certificatePath, certificate }): Seen => ({
        path: certificatePath,
        evidence: certificate,
        trackedBy: 'MOM-CRT-007',
      }),
    );
    const all = new Map([...mta, ...services].map((one) => [one.path, one]));
    const judged = [...all.values()].map((one) => judgement(one.path, judge(one, params.requireCa)));
    const [unknown] = serviceCertificates.unknowns;
    if (unknown)
      judged.push(
        judgement('certificates', indeterminate(`Further certificates may be there: ${unknown.why}.`)),
      );
    return judged.length > 0 ? judged : notApplicable('No certificate is named on this node.');
  },
});

function judge({ path, evidence, trackedBy }: Seen, requireCa: boolean): Outcome {
  if (evidence.state === 'unread')
    return evidence.problem === 'missing'
      ? notApplicable(`There is no ${path}: ${trackedBy} tells of that.`)
      : indeterminate(`${path}: ${evidence.detail}.`);
  const { leaf } = evidence;
  if (!leaf.isSelfSigned) return pass(`${path} is of an authority: ${leaf.issuer}.`);
  if (!requireCa)
    return pass(`${path} is self-signed, as the product makes it; ${trackedBy} tracks when it ends.`);
  return fail(`${path} is self-signed, and policy asks for a certificate of an authority.`, [
    {
      at: { file: path },
      found: `${leaf.subject}: its issuer is itself`,
      proposed: 'a certificate of an authority that its clients trust',
    },
  ]);
}
