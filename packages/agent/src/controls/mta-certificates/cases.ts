import { CASE_NOW_MS, caseCertificate } from '../../../testing/cases/certificate.js';
import { caseConfig } from '../../../testing/cases/config.js';
import { CASE_MTA_CERT, CASE_MTA_KEY, caseMtaCertificates, casePair } from '../../../testing/cases/mta.js';
import { caseInstall } from '../../../testing/cases/node.js';
import { CASE_LISTENER, caseServed, caseUnprobed, caseWire } from '../../../testing/cases/served.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type Fact = Facts['mtaCertificates'];
type Pair = Fact['pairs'][number];
type Authorities = Fact['authorities'][number];

const CA = '/opt/msys/ecelerity/etc/certs/ca.pem';
const PAIR = `${CASE_MTA_CERT} with ${CASE_MTA_KEY}`;
const denied = { kind: 'denied', path: CASE_MTA_KEY, access: { uid: 0, gid: 0, mode: 0o600 } } as const;
const readable = { kind: 'readable' } as const;

const facts =
  (pairs: readonly Pair[], over: Partial<Fact> = {}) =>
  (): Partial<Facts> => ({
    ...caseMtaCertificates(pairs, over),
    ...caseConfig(''),
    ...caseUnprobed(),
    install: caseInstall(),
  });
const ending = (daysLeft: number, over: Parameters<typeof caseCertificate>[1] = {}) => {
  const leaf = caseCertificate(daysLeft, over);
  return casePair({ certificate: { state: 'parsed', leaf, chain: [leaf] } });
};
const unread = (problem: 'missing' | 'denied' | 'malformed', detail: string) =>
  ({ state: 'unread', problem, detail }) as const;
const authorities = (over: Partial<Authorities> = {}): Partial<Fact> => ({
  authorities: [
    {
      path: CA,
      option: 'tls_ca',
      at: { file: '/c.conf', line: 3 },
      state: 'parsed',
      detail: '',
      reach: readable,
      ...over,
    },
  ],
});

const SERVED = `${CASE_LISTENER} served`;
const shown = (chain: readonly ReturnType<typeof caseCertificate>[]) => (): Partial<Facts> => ({
  ...facts([casePair()])(),
  ...caseWire(caseServed({ chain }), { certificatePath: CASE_MTA_CERT }),
});

export default defineCases([
  {
    name: 'a pair in order',
    nowMs: CASE_NOW_MS,
    facts: facts([casePair()]),
    expect: { status: 'pass', subjects: { [PAIR]: 'pass' } },
  },
  {
    name: 'no such certificate',
    nowMs: CASE_NOW_MS,
    facts: facts([casePair({ certificate: unread('missing', 'there is no such file'), matches: null })]),
    expect: { status: 'fail', violations: 1, at: { file: CASE_MTA_CERT } },
  },
  {
    name: 'a certificate’s file that should hold the key, and does not',
    nowMs: CASE_NOW_MS,
    facts: facts([
      casePair({
        keyPath: CASE_MTA_CERT,
        key: unread('malformed', 'it holds no private key'),
        matches: null,
      }),
    ]),
    expect: { status: 'fail', violations: 1, subjects: { [CASE_MTA_CERT]: 'fail' } },
  },
  {
    name: 'a key of another certificate',
    nowMs: CASE_NOW_MS,
    facts: facts([casePair({ matches: false })]),
    expect: { status: 'fail', violations: 1, at: { file: CASE_MTA_CERT } },
  },
  {
    name: 'expired yesterday',
    nowMs: CASE_NOW_MS,
    facts: facts([ending(-1)]),
    expect: { status: 'fail', severity: 'high' },
  },
  {
    name: 'thirteen days to go',
    nowMs: CASE_NOW_MS,
    facts: facts([ending(13)]),
    expect: { status: 'fail', severity: 'high' },
  },
  {
    name: 'twenty days to go',
    nowMs: CASE_NOW_MS,
    facts: facts([ending(20)]),
    expect: { status: 'fail', severity: 'medium' },
  },
  {
    name: 'thirty-one days to go',
    nowMs: CASE_NOW_MS,
    facts: facts([ending(31)]),
    expect: { status: 'pass' },
  },
  {
    name: 'not valid yet',
    nowMs: CASE_NOW_MS,
    facts: facts([ending(200, { notBeforeMs: CASE_NOW_MS + 1000 })]),
    expect: { status: 'fail', severity: 'high' },
  },
  {
    name: 'a key that Momentum’s user cannot read',
    nowMs: CASE_NOW_MS,
    facts: facts([casePair({ reach: { certificate: readable, key: denied } })]),
    expect: { status: 'fail', violations: 1, at: { file: CASE_MTA_KEY } },
  },
  {
    name: 'no such user: whether it can read the key is not known',
    nowMs: CASE_NOW_MS,
    facts: () => {
      const { reach: _, ...pair } = casePair();
      return facts([pair])();
    },
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a certificate that the agent cannot read',
    nowMs: CASE_NOW_MS,
    facts: facts([casePair({ certificate: unread('denied', 'permission denied'), matches: null })]),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'an encrypted key',
    nowMs: CASE_NOW_MS,
    facts: facts([
      casePair({ key: { state: 'encrypted', detail: 'it asks for a passphrase' }, matches: null }),
    ]),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a name with a macro, beside a pair in order',
    nowMs: CASE_NOW_MS,
    facts: facts([casePair()], { unresolved: [{ path: '/c/%{d}.crt', problem: 'macro', at: {} }] }),
    expect: { status: 'indeterminate', subjects: { [PAIR]: 'pass', '/c/%{d}.crt': 'indeterminate' } },
  },
  {
    name: 'a relative name',
    nowMs: CASE_NOW_MS,
    facts: facts([], { unresolved: [{ path: 'server.crt', problem: 'relative', at: {} }] }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'authorities in order',
    nowMs: CASE_NOW_MS,
    facts: facts([], authorities()),
    expect: { status: 'pass' },
  },
  {
    name: 'no such file of authorities',
    nowMs: CASE_NOW_MS,
    facts: facts([], authorities({ state: 'missing' })),
    expect: { status: 'fail', violations: 1, at: { file: CA } },
  },
  {
    name: 'authorities that hold no certificate',
    nowMs: CASE_NOW_MS,
    facts: facts([], authorities({ state: 'unusable', detail: 'it holds no certificate in PEM form' })),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'authorities that could not be read',
    nowMs: CASE_NOW_MS,
    facts: facts([], authorities({ state: 'unread', detail: 'permission denied' })),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'the configuration was not read in full',
    nowMs: CASE_NOW_MS,
    facts: facts([casePair()], { doubts: [{ kind: 'incomplete', reason: '/x.conf could not be read' }] }),
    expect: { status: 'indeterminate' },
  },
  { name: 'none is named', nowMs: CASE_NOW_MS, facts: facts([]), expect: { status: 'not-applicable' } },
  {
    name: 'another certificate is served than the file holds',
    facts: shown([caseCertificate(100, { fingerprint: 'ff'.repeat(32) })]),
    expect: { status: 'fail', severity: 'medium', subjects: { [PAIR]: 'pass', [SERVED]: 'fail' } },
  },
  {
    name: 'an ended certificate is served, and the file holds a new one',
    facts: shown([caseCertificate(-1, { fingerprint: 'ff'.repeat(32) })]),
    expect: { status: 'fail', severity: 'high', subjects: { [PAIR]: 'pass', [SERVED]: 'fail' } },
  },
  {
    name: 'a certificate of an authority that has ended is served with it',
    facts: shown([caseCertificate(200), caseCertificate(-1, { fingerprint: 'ee'.repeat(32) })]),
    expect: { status: 'fail', severity: 'high', subjects: { [PAIR]: 'pass', [SERVED]: 'fail' } },
  },
  {
    name: 'the certificate of the file is served',
    facts: shown([caseCertificate(200)]),
    expect: { status: 'pass', subjects: { [PAIR]: 'pass', [SERVED]: 'pass' } },
  },
  {
    name: 'what is served was not seen',
    facts: shown([]),
    expect: { status: 'pass', subjects: { [PAIR]: 'pass' } },
  },
]);
