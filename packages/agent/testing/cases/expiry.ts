import type { Facts } from '../../src/facts/facts.generated.js';
import type { ControlCase } from '../../src/units/case.js';
import { CASE_NOW_MS, caseCertificate, caseService, caseServices, DAY_MS } from './certificate.js';

type ServiceName = Facts['serviceCertificates']['services'][number]['location']['service'];

/** How the certificate of a service ages: the cases of every control that judges one. */
export function expiryCases(service: ServiceName): readonly ControlCase[] {
  const at = { file: caseService(service, 1).location.certificatePath };
  const served = (fingerprint: string) => ({
    kind: 'served' as const,
    fingerprint,
    leafDer: Buffer.alloc(0),
    protocol: 'TLSv1.3',
  });
  const leaf = caseCertificate(200, { notBeforeMs: CASE_NOW_MS + DAY_MS });
  return [
    {
      name: 'half a year to go',
      nowMs: CASE_NOW_MS,
      facts: caseServices(caseService(service, 200)),
      expect: { status: 'pass' },
    },
    {
      name: 'thirty days to go',
      nowMs: CASE_NOW_MS,
      facts: caseServices(caseService(service, 30)),
      expect: { status: 'pass' },
    },
    {
      name: 'just under thirty days',
      nowMs: CASE_NOW_MS,
      facts: caseServices(caseService(service, 29.9)),
      expect: { status: 'fail', severity: 'medium', violations: 1, at },
    },
    {
      name: 'just under fourteen days',
      nowMs: CASE_NOW_MS,
      facts: caseServices(caseService(service, 13.9)),
      expect: { status: 'fail', severity: 'high', violations: 1, at },
    },
    {
      name: 'expired yesterday',
      nowMs: CASE_NOW_MS,
      facts: caseServices(caseService(service, -1)),
      expect: { status: 'fail', severity: 'critical', violations: 1, at },
    },
    {
      name: 'not valid before tomorrow',
      nowMs: CASE_NOW_MS,
      facts: caseServices(
        caseService(service, 200, { certificate: { state: 'parsed', leaf, chain: [leaf] } }),
      ),
      expect: { status: 'fail', severity: 'high', violations: 1, at },
    },
    {
      name: 'served as it stands on disk',
      nowMs: CASE_NOW_MS,
      facts: caseServices(caseService(service, 200, { served: served('a'.repeat(64)) })),
      expect: { status: 'pass' },
    },
    {
      name: 'renewed on disk, the old one still served',
      nowMs: CASE_NOW_MS,
      facts: caseServices(caseService(service, 200, { served: served('c'.repeat(64)) })),
      expect: { status: 'fail', violations: 1, at },
    },
    {
      name: 'the certificate could not be read',
      nowMs: CASE_NOW_MS,
      facts: caseServices(
        caseService(service, 200, {
          certificate: { state: 'unread', problem: 'denied', detail: 'permission denied' },
          matches: null,
        }),
      ),
      expect: { status: 'indeterminate' },
    },
    {
      name: 'the node does not run it',
      nowMs: CASE_NOW_MS,
      facts: caseServices(),
      expect: { status: 'not-applicable' },
    },
  ];
}
