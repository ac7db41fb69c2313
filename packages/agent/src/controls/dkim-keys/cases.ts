import { caseConfig } from '../../../testing/cases/config.js';
import { caseInstall } from '../../../testing/cases/node.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type Fact = Facts['dkimKeys'];
type Key = Fact['keys'][number];

const PATH = '/opt/msys/ecelerity/etc/conf/dkim/example.com/s1.key';
const AT = { file: '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf', line: 20 };
const rsa = (keyBits: number) => ({ state: 'parsed', keyType: 'rsa', keyBits, spkiSha256: 'b' }) as const;
const key = (over: Partial<Key> = {}): Key => ({
  path: PATH,
  at: AT,
  isMissing: false,
  key: rsa(2048),
  access: { uid: 7100, gid: 7100, mode: 0o640 },
  acl: null,
  reach: { kind: 'readable' },
  ...over,
});
const facts =
  (keys: readonly Key[], over: Partial<Fact> = {}) =>
  (): Partial<Facts> => ({
    ...caseConfig(''),
    install: caseInstall(),
    dkimKeys: { keys, sha1: [], doubts: [], ...over },
  });
const open = (mode: number, gid = 7100) => facts([key({ access: { uid: 7100, gid, mode } })]);
const list = (mask: number): Partial<Key> => ({
  acl: { users: [{ uid: 50, bits: 4 }], groups: [{ gid: null, bits: 4 }], mask },
});
const denied = { kind: 'denied', path: PATH, access: { uid: 0, gid: 0, mode: 0o600 } } as const;

export default defineCases([
  {
    name: 'RSA 2048, ecuser’s own',
    facts: facts([key()]),
    expect: { status: 'pass', subjects: { [PATH]: 'pass' } },
  },
  {
    name: 'readable to everybody',
    facts: open(0o644),
    expect: { status: 'fail', severity: 'medium', violations: 1, at: { file: PATH } },
  },
  {
    name: 'readable to another group',
    facts: open(0o640, 50),
    expect: { status: 'fail', severity: 'medium' },
  },
  {
    name: 'an access list lets another user read it',
    facts: facts([key(list(4))]),
    expect: { status: 'fail', violations: 1 },
  },
  { name: 'a mask takes it away', facts: facts([key(list(1))]), expect: { status: 'pass' } },
  {
    name: 'an access list that could not be read',
    facts: facts([key({ acl: 'unread' })]),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'ecuser cannot read it',
    facts: facts([key({ reach: denied })]),
    expect: { status: 'fail', severity: 'medium', violations: 1 },
  },
  {
    name: 'RSA 1024',
    facts: facts([key({ key: rsa(1024) })]),
    expect: { status: 'fail', severity: 'low', violations: 1 },
  },
  {
    name: 'RSA 768',
    facts: facts([key({ key: rsa(768) })]),
    expect: { status: 'fail', severity: 'medium', violations: 1 },
  },
  {
    name: 'RSA 1024 where policy takes it',
    params: { rsaBits: 1024 },
    facts: facts([key({ key: rsa(1024) })]),
    expect: { status: 'pass' },
  },
  {
    name: 'no such file',
    facts: facts([
      key({
        isMissing: true,
        access: null,
        reach: null,
        key: { state: 'unread', problem: 'missing', detail: '' },
      }),
    ]),
    expect: { status: 'fail', severity: 'medium', violations: 1 },
  },
  {
    name: 'an encrypted key',
    facts: facts([key({ key: { state: 'encrypted', detail: '' } })]),
    expect: { status: 'fail', severity: 'medium' },
  },
  {
    name: 'a key that the agent cannot read',
    facts: facts([key({ key: { state: 'unread', problem: 'denied', detail: 'denied' } })]),
    expect: { status: 'indeterminate' },
  },
  { name: 'no such user', facts: facts([key({ reach: null })]), expect: { status: 'indeterminate' } },
  {
    name: 'signed by SHA-1',
    facts: facts([key()], { sha1: [AT] }),
    expect: { status: 'fail', severity: 'low', subjects: { [PATH]: 'pass', digest: 'fail' } },
  },
  {
    name: 'keys that could not be listed',
    facts: facts([], { doubts: [{ kind: 'incomplete', reason: 'relative' }] }),
    expect: { status: 'indeterminate' },
  },
  { name: 'no DKIM', facts: facts([]), expect: { status: 'not-applicable' } },
]);
