import { defineCases } from '../../kit/case.js';
import type { Facts } from '../../kit/fact.js';

type File = NonNullable<Facts['dhParameters']['file']>;
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
const facts = (over: Partial<File> | null) => () => ({
  dhParameters: { file: over === null ? null : file(over) },
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
]);
