import { caseCertificate, caseService, caseServices } from '../../../testing/cases/certificate.js';
import { CASE_MTA_CERT, caseMtaCertificates, casePair } from '../../../testing/cases/mta.js';
import type { Facts } from '../../facts/facts.generated.js';
import type { ParsedCertificate } from '../../facts/parts/pem-evidence.js';
import { defineCases } from '../../units/case.js';

type Over = Partial<ParsedCertificate>;

const chainOf = (...overs: readonly Over[]) => {
  const chain = overs.map((over) => caseCertificate(200, over));
  return { state: 'parsed', leaf: chain[0] ?? caseCertificate(200), chain } as const;
};
const facts =
  (...overs: readonly Over[]) =>
  (): Partial<Facts> => ({
    ...caseServices()(),
    ...caseMtaCertificates([casePair({ certificate: chainOf(...overs) })]),
  });
const at = { file: CASE_MTA_CERT };

export default defineCases([
  { name: 'RSA 2048 with SHA-256', facts: facts({}), expect: { status: 'pass' } },
  { name: 'RSA 1024', facts: facts({ keyBits: 1024 }), expect: { status: 'fail', violations: 1, at } },
  {
    name: 'RSA-PSS 1024',
    facts: facts({ keyType: 'rsa-pss', keyBits: 1024 }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'signed with SHA-1',
    facts: facts({ signatureDigest: 'sha1' }),
    expect: { status: 'fail', violations: 1, at },
  },
  {
    name: 'signed with MD5, and short',
    facts: facts({ signatureDigest: 'md5', keyBits: 512 }),
    expect: { status: 'fail', violations: 2 },
  },
  { name: 'P-256', facts: facts({ keyType: 'ec', keyBits: 256 }), expect: { status: 'pass' } },
  { name: 'P-224', facts: facts({ keyType: 'ec', keyBits: 224 }), expect: { status: 'fail', violations: 1 } },
  {
    name: 'a curve of unknown size',
    facts: facts({ keyType: 'ec', keyBits: null }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'Ed25519',
    facts: facts({ keyType: 'ed25519', keyBits: null, signatureDigest: 'ed25519' }),
    expect: { status: 'pass' },
  },
  { name: 'DSA', facts: facts({ keyType: 'dsa', keyBits: 2048 }), expect: { status: 'fail', violations: 1 } },
  {
    name: 'a signature of unknown kind',
    facts: facts({ signatureDigest: 'unknown' }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'an anchor at the end of the chain, signed with SHA-1',
    facts: facts(
      { isSelfSigned: false },
      { subject: 'CN=root', signatureDigest: 'sha1', isSelfSigned: true },
    ),
    expect: { status: 'pass' },
  },
  {
    name: 'an authority between, signed with SHA-1',
    facts: facts(
      { isSelfSigned: false },
      { subject: 'CN=between', signatureDigest: 'sha1', isSelfSigned: false },
    ),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'a stricter policy',
    params: { rsaBits: 3072 },
    facts: facts({}),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'a service’s certificate is weak, and the MTA’s is not',
    facts: () => ({
      ...caseServices(caseService('ecwebui', 200, { certificate: chainOf({ keyBits: 1024 }) }))(),
      ...caseMtaCertificates([casePair()]),
    }),
    expect: {
      status: 'fail',
      subjects: { '/opt/msys/ecwebui/config/site/server.crt': 'fail', [CASE_MTA_CERT]: 'pass' },
    },
  },
  {
    name: 'a certificate that could not be read',
    facts: () => ({
      ...caseServices()(),
      ...caseMtaCertificates([
        casePair({ certificate: { state: 'unread', problem: 'denied', detail: 'denied' } }),
      ]),
    }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'none is named',
    facts: () => ({ ...caseServices()(), ...caseMtaCertificates([]) }),
    expect: { status: 'not-applicable' },
  },
]);
