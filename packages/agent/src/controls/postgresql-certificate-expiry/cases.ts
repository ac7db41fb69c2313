import {
  CASE_NOW_MS,
  caseCertificate,
  caseService,
  caseServices,
} from '../../../testing/cases/certificate.js';
import { expiryCases } from '../../../testing/cases/expiry.js';
import type { ControlCase } from '../../units/case.js';
import { defineCases } from '../../units/case.js';

const CA = 'CN=ca.example.com';
const above = (daysLeft: number, subject = CA) => caseCertificate(daysLeft, { subject, issuer: 'CN=root' });

/** The leaf with what stands below it in its file. */
const withChain = (leafDays: number, ...chain: ReturnType<typeof above>[]): ControlCase['facts'] => {
  const leaf = caseCertificate(leafDays, { issuer: CA });
  const certificate = { state: 'parsed' as const, leaf, chain: [leaf, ...chain] };
  return caseServices(caseService('msyspg', leafDays, { certificate }));
};

export default defineCases([
  ...expiryCases('msyspg'),
  {
    name: 'the certificate of its issuer is in its time',
    nowMs: CASE_NOW_MS,
    facts: withChain(200, above(100)),
    expect: { status: 'pass' },
  },
  {
    name: 'the certificate of its issuer expired yesterday',
    nowMs: CASE_NOW_MS,
    facts: withChain(200, above(-1)),
    expect: { status: 'fail', severity: 'critical', violations: 1 },
  },
  {
    name: 'both are soon over, the issuer’s first',
    nowMs: CASE_NOW_MS,
    facts: withChain(20, above(10)),
    expect: { status: 'fail', severity: 'high', violations: 2 },
  },
  {
    name: 'the issuer’s old certificate stands beside its new one',
    nowMs: CASE_NOW_MS,
    facts: withChain(200, above(-1), above(300)),
    expect: { status: 'pass' },
  },
  {
    name: 'an expired certificate in the file that signed nothing of it',
    nowMs: CASE_NOW_MS,
    facts: withChain(200, above(-1, 'CN=other')),
    expect: { status: 'pass' },
  },
]);
