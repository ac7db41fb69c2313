import { defineCases } from '../../kit/case.js';
import {
  CASE_NOW_MS,
  caseCertificate,
  caseService,
  caseServices,
  DAY_MS,
} from '../../kit/case-certificate.js';

const nowMs = CASE_NOW_MS;
const at = { file: caseService('msyspg', 1).slot.certificatePath };
const served = (fingerprint: string) => ({
  kind: 'served' as const,
  fingerprint,
  leafDer: Buffer.alloc(0),
  protocol: 'TLSv1.3',
});
const leaf = caseCertificate(200, { notBeforeMs: CASE_NOW_MS + DAY_MS });

export default defineCases([
  {
    name: 'half a year to go',
    nowMs,
    facts: caseServices(caseService('msyspg', 200)),
    expect: { status: 'pass' },
  },
  {
    name: 'thirty days to go',
    nowMs,
    facts: caseServices(caseService('msyspg', 30)),
    expect: { status: 'pass' },
  },
  {
    name: 'just under thirty days',
    nowMs,
    facts: caseServices(caseService('msyspg', 29.9)),
    expect: { status: 'fail', severity: 'medium', violations: 1, at },
  },
  {
    name: 'just under fourteen days',
    nowMs,
    facts: caseServices(caseService('msyspg', 13.9)),
    expect: { status: 'fail', severity: 'high', violations: 1, at },
  },
  {
    name: 'expired yesterday',
    nowMs,
    facts: caseServices(caseService('msyspg', -1)),
    expect: { status: 'fail', severity: 'critical', violations: 1, at },
  },
  {
    name: 'not valid before tomorrow',
    nowMs,
    facts: caseServices(
      caseService('msyspg', 200, { certificate: { state: 'parsed', leaf, chain: [leaf] } }),
    ),
    expect: { status: 'fail', severity: 'high', violations: 1, at },
  },
  {
    name: 'served as it stands on disk',
    nowMs,
    facts: caseServices(caseService('msyspg', 200, { served: served('a'.repeat(64)) })),
    expect: { status: 'pass' },
  },
  {
    name: 'renewed on disk, the old one still served',
    nowMs,
    facts: caseServices(caseService('msyspg', 200, { served: served('c'.repeat(64)) })),
    expect: { status: 'fail', violations: 1, at },
  },
  {
    name: 'the certificate could not be read',
    nowMs,
    facts: caseServices(
      caseService('msyspg', 200, {
        certificate: { state: 'unread', problem: 'denied', detail: 'permission denied' },
        matches: null,
      }),
    ),
    expect: { status: 'indeterminate' },
  },
  { name: 'the node does not run it', nowMs, facts: caseServices(), expect: { status: 'not-applicable' } },
]);
