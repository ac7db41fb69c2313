import { CASE_LISTENER, caseServed, caseUnprobed, caseWire } from '../../../testing/cases/served.js';
import type { Facts } from '../../facts/facts.generated.js';
import type { ServedTls } from '../../facts/parts/served-tls.js';
import { defineCases } from '../../units/case.js';

type File = Facts['dhParameters']['files'][number];
const at = { file: '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf', line: 4 };
const file = (over: Partial<File>): File => ({
  path: '/etc/dh.pem',
  at,
  state: 'parsed',
  detail: '2048 bits',
  bits: 2048,
  isPrime: true,
  serviceCanRead: true,
  mtimeMs: 0,
  ...over,
});
const facts =
  (over: Partial<File> | null, doubts: Facts['dhParameters']['doubts'] = []) =>
  () => ({
    dhParameters: { files: over === null ? [] : [file(over)], doubts },
    ...caseUnprobed(),
  });

const dhe = (over: Partial<NonNullable<ServedTls['dhe']>>): ServedTls =>
  caseServed({
    dhe: {
      answer: 'offered',
      reason: 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA',
      bits: 2048,
      primeSha256: 'aa',
      group: null,
      isPrime: true,
      ...over,
    },
  });

export default defineCases([
  { name: '2048 bits', facts: facts({}), expect: { status: 'pass' } },
  { name: 'none named', facts: facts(null), expect: { status: 'pass' } },
  {
    name: 'none named where policy wants one',
    facts: facts(null),
    params: { mustBeSet: true },
    expect: { status: 'fail', severity: 'low' },
  },
  {
    name: "the manual's 512 bits",
    facts: facts({ bits: 512 }),
    expect: { status: 'fail', severity: 'critical', at },
  },
  { name: '1024 bits', facts: facts({ bits: 1024 }), expect: { status: 'fail', severity: 'medium' } },
  { name: 'not a prime', facts: facts({ isPrime: false }), expect: { status: 'fail', severity: 'critical' } },
  { name: 'ecuser cannot read it', facts: facts({ serviceCanRead: false }), expect: { status: 'fail' } },
  {
    name: 'missing',
    facts: facts({ state: 'missing', bits: null, detail: 'no such file' }),
    expect: { status: 'fail', severity: 'high' },
  },
  {
    name: 'the agent cannot read it',
    facts: facts({ state: 'denied', bits: null }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'small and no prime either',
    facts: facts({ bits: 1536, isPrime: false }),
    expect: { status: 'fail', severity: 'critical' },
  },
  {
    name: 'of two files one is bad',
    facts: () => ({
      dhParameters: { files: [file({}), file({ path: '/etc/other.pem', bits: 512 })], doubts: [] },
      ...caseUnprobed(),
    }),
    expect: { status: 'fail', severity: 'critical', violations: 1 },
  },
  {
    name: 'a file that could name another was not read',
    facts: facts({}, [
      { kind: 'incomplete', reason: '/etc/unreadable.conf could not be read (denied) and may set it' },
    ]),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a bad file is told, whatever else was not read',
    facts: facts({ bits: 512 }, [{ kind: 'incomplete', reason: 'a doubt' }]),
    expect: { status: 'fail', severity: 'critical' },
  },
  {
    name: 'older than policy allows',
    facts: facts({ mtimeMs: Date.UTC(2020, 0, 1) }),
    params: { ageDaysMax: 7 },
    expect: { status: 'fail', severity: 'low' },
  },
  { name: 'too large to be tested', facts: facts({ isPrime: null }), expect: { status: 'indeterminate' } },
  {
    name: 'the file is good, and 512 bits are served',
    facts: () => ({
      ...facts({})(),
      ...caseWire(dhe({ bits: 512 })),
    }),
    expect: {
      status: 'fail',
      severity: 'critical',
      subjects: { 'dh-parameters': 'pass', [`${CASE_LISTENER} served`]: 'fail' },
    },
  },
  {
    name: '1024 bits of a group that many use are served',
    facts: () => ({
      ...facts({})(),
      ...caseWire(dhe({ bits: 1024, group: 'RFC 2409 modp1024' })),
    }),
    expect: {
      status: 'fail',
      severity: 'high',
      subjects: { 'dh-parameters': 'pass', [`${CASE_LISTENER} served`]: 'fail' },
    },
  },
  {
    name: '1024 bits of its own are served',
    facts: () => ({
      ...facts(null)(),
      ...caseWire(dhe({ bits: 1024 })),
    }),
    expect: {
      status: 'fail',
      severity: 'medium',
      subjects: { 'dh-parameters': 'pass', [`${CASE_LISTENER} served`]: 'fail' },
    },
  },
  {
    name: 'what is served is no prime',
    facts: () => ({
      ...facts({})(),
      ...caseWire(dhe({ isPrime: false })),
    }),
    expect: {
      status: 'fail',
      severity: 'critical',
      subjects: { 'dh-parameters': 'pass', [`${CASE_LISTENER} served`]: 'fail' },
    },
  },
  {
    name: "another prime than the file's is served",
    facts: () => ({
      ...facts({ primeSha256: 'bb' })(),
      ...caseWire(dhe({})),
    }),
    expect: {
      status: 'fail',
      severity: 'low',
      subjects: { 'dh-parameters': 'pass', [`${CASE_LISTENER} served`]: 'fail' },
    },
  },
  {
    name: "a group of RFC 7919 is served beside the file's own prime",
    facts: () => ({
      ...facts({ primeSha256: 'bb' })(),
      ...caseWire(dhe({ group: 'RFC 7919 ffdhe2048' })),
    }),
    expect: { status: 'pass', subjects: { 'dh-parameters': 'pass', [`${CASE_LISTENER} served`]: 'pass' } },
  },
  {
    name: "the file's own prime is served",
    facts: () => ({
      ...facts({ primeSha256: 'aa' })(),
      ...caseWire(dhe({})),
    }),
    expect: { status: 'pass', subjects: { 'dh-parameters': 'pass', [`${CASE_LISTENER} served`]: 'pass' } },
  },
  {
    name: 'the file is bad, and what is served is not: that makes it no better',
    facts: () => ({ ...facts({ bits: 512 })(), ...caseWire(caseServed()) }),
    expect: { status: 'fail', subjects: { 'dh-parameters': 'fail', [`${CASE_LISTENER} served`]: 'pass' } },
  },
]);
