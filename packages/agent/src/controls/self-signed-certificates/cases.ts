import { caseCertificate, caseService, caseServices } from '../../../testing/cases/certificate.js';
import { CASE_MTA_CERT, caseMtaCertificates, casePair } from '../../../testing/cases/mta.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

const WEB = '/opt/msys/ecwebui/config/site/server.crt';
const demanded = { requireCa: true };
const ofAuthority = () => {
  const leaf = caseCertificate(200, { isSelfSigned: false, issuer: 'CN=ca.example.com' });
  return { state: 'parsed', leaf, chain: [leaf] } as const;
};
const unread = (problem: 'denied' | 'missing') => ({ state: 'unread', problem, detail: problem }) as const;
const facts =
  (certificate?: ReturnType<typeof ofAuthority> | ReturnType<typeof unread>) => (): Partial<Facts> => ({
    ...caseServices(caseService('ecwebui', 200, certificate ? { certificate } : {}))(),
    ...caseMtaCertificates([]),
  });

export default defineCases([
  { name: 'self-signed, as the product makes it', facts: facts(), expect: { status: 'pass' } },
  {
    name: 'self-signed, and policy wants an authority',
    params: demanded,
    facts: facts(),
    expect: { status: 'fail', severity: 'low', violations: 1, at: { file: WEB } },
  },
  {
    name: 'of an authority, as policy wants it',
    params: demanded,
    facts: facts(ofAuthority()),
    expect: { status: 'pass' },
  },
  { name: 'of an authority', facts: facts(ofAuthority()), expect: { status: 'pass' } },
  {
    name: 'a certificate that could not be read',
    facts: facts(unread('denied')),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a missing certificate is another control’s matter',
    facts: facts(unread('missing')),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'the MTA’s is self-signed, the web UI’s is not, and policy wants an authority',
    params: demanded,
    facts: () => ({ ...facts(ofAuthority())(), ...caseMtaCertificates([casePair()]) }),
    expect: { status: 'fail', violations: 1, subjects: { [WEB]: 'pass', [CASE_MTA_CERT]: 'fail' } },
  },
  {
    name: 'a service without TLS has none',
    facts: () => {
      const one = caseService('msyspg', 200);
      return {
        ...caseServices({ ...one, location: { ...one.location, tls: 'off' } })(),
        ...caseMtaCertificates([]),
      };
    },
    expect: { status: 'not-applicable' },
  },
  {
    name: 'further certificates may be there',
    facts: () => {
      const { serviceCertificates } = facts()();
      const unknowns = [{ service: 'ecwebui', at: {}, why: 'an include was not read' } as const];
      return {
        ...facts()(),
        serviceCertificates: { services: serviceCertificates?.services ?? [], unknowns },
      };
    },
    expect: { status: 'indeterminate', subjects: { [WEB]: 'pass', certificates: 'indeterminate' } },
  },
]);
