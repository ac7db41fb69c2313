import { judgePair, type ServiceCertificate, serviceOf } from '../../knowledge/certificates/judge-pair.js';
import { octal } from '../../knowledge/permissions/path-access.js';
import { defineControl, fail, indeterminate, type Violation } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: 'MOM-CRT-001',
  slug: 'postgresql-tls',
  title: 'PostgreSQL TLS key and certificate present',
  severity: 'high',
  otherSeverities: ['low'],
  subject: 'postgresql',
  reads: ['serviceCertificates'],
  sources: [manual3('install.security'), manual3('executable.create_ssl_cert')],
  remediation: 'certificate-renew',
  otherRemediations: ['postgres-tls-enable'],
  params: {},

  evaluate({ facts }) {
    const service = serviceOf(facts, 'msyspg');
    const pair = judgePair(service, 'msyspg');
    if (!service?.reach || service.location.tls !== 'on') return pair;
    const denied = deniedFrom(service, service.reach);
    if (denied.length > 0)
      return {
        ...fail('PostgreSQL cannot start: msyspg cannot read its certificate', [
          ...denied,
          ...(pair.status === 'fail' ? pair.violations : []),
        ]),
        params: { service: 'msyspg' },
      };
    const { certificate } = service.reach;
    return pair.status === 'pass' && certificate.kind === 'unknown'
      ? indeterminate(
          `Whether msyspg can read ${service.location.certificatePath} is not known (${certificate.problem}).`,
        )
      : pair;
  },
});

/** Of the key MOM-CRT-009 tells. */
function deniedFrom(
  { location }: ServiceCertificate,
  reach: NonNullable<ServiceCertificate['reach']>,
): Violation[] {
  if (reach.certificate.kind !== 'denied') return [];
  const { path, access } = reach.certificate;
  const what = path === location.certificatePath ? 'it' : location.certificatePath;
  return [
    {
      at: { file: path },
      found: `mode ${octal(access.mode)} of user ${access.uid}: msyspg cannot read ${what}`,
      proposed: 'a certificate that msyspg can read, such as msyspg:msyspg 0644',
    },
  ];
}
