import { caseConfig } from '../../../testing/cases/config.js';
import { caseInstall } from '../../../testing/cases/node.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type SecretFile = Facts['secretFiles']['files'][number];

const LAST = '/opt/msys/etc/installer/lastinstall';
const ECDB = '/opt/msys/etc/installer/ecelerity.d/ecdb.conf';

const file = (mode: number, over: Partial<SecretFile> = {}, ids = [0, 0]): SecretFile => ({
  path: LAST,
  realPath: LAST,
  what: 'the installer’s answers, passwords among them',
  line: null,
  holdsSecret: true,
  reader: 'root',
  access: { uid: ids[0] ?? 0, gid: ids[1] ?? 0, mode },
  acl: null,
  shutBy: null,
  wayUnknown: null,
  ...over,
});
const ecdb = (mode: number, over: Partial<SecretFile> = {}, ids = [0, 7100]) =>
  file(mode, { path: ECDB, realPath: ECDB, what: 'a password', line: 3, reader: 'ecuser', ...over }, ids);
const facts =
  (
    files: readonly SecretFile[],
    unseen: Facts['secretFiles']['unseen'] = [],
    config: Partial<Facts['momentumConfig']> = {},
  ) =>
  (): Partial<Facts> => ({
    secretFiles: { files, unseen },
    install: caseInstall(),
    momentumConfig: { ...caseConfig('').momentumConfig, ...config },
  });
const list = (uid: number, mask: number): Partial<SecretFile> => ({
  acl: { users: [{ uid, bits: 4 }], groups: [{ gid: null, bits: 4 }], mask },
});
const nobody = { name: 'mailops', at: null, principal: null };

export default defineCases([
  { name: 'root’s alone', facts: facts([file(0o600)]), expect: { status: 'pass' } },
  {
    name: 'readable to everybody',
    facts: facts([file(0o644)]),
    expect: { status: 'fail', violations: 1, at: { file: LAST } },
  },
  {
    name: 'a data source that ecuser reads by its group',
    facts: facts([ecdb(0o640)]),
    expect: { status: 'pass' },
  },
  {
    name: 'the same, readable to everybody: the line is named',
    facts: facts([ecdb(0o644)]),
    expect: { status: 'fail', violations: 1, at: { file: ECDB, line: 3 } },
  },
  {
    name: 'a data source without a password, readable to everybody',
    facts: facts([ecdb(0o644, { holdsSecret: false, line: null })]),
    expect: { status: 'pass' },
  },
  {
    name: 'readable to another group',
    facts: facts([ecdb(0o640, {}, [0, 50])]),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'an access list lets another user read it',
    facts: facts([ecdb(0o640, list(50, 4))]),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'the same with a mask that takes it away',
    facts: facts([ecdb(0o620, list(50, 2))]),
    expect: { status: 'pass' },
  },
  {
    name: 'an access list that could not be read',
    facts: facts([ecdb(0o640, { acl: 'unread' })]),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'open itself, in a folder that strangers cannot pass',
    facts: facts([file(0o644, { shutBy: '/opt/msys/etc/installer' })]),
    expect: { status: 'pass' },
  },
  {
    name: 'an access list inside of such a folder is a fault all the same',
    facts: facts([ecdb(0o640, { ...list(50, 4), shutBy: '/opt/msys/etc/installer' })]),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'open itself, below a folder whose access list could not be read: it may keep strangers out',
    facts: facts([file(0o644, { wayUnknown: '/opt/msys/etc: its access list cannot be read' })]),
    expect: { status: 'indeterminate', violations: 1 },
  },
  {
    name: 'open to one user by an access list, below such a folder: a fault all the same',
    facts: facts([
      ecdb(0o640, { ...list(50, 4), wayUnknown: '/opt/msys/etc: its access list cannot be read' }),
    ]),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'a file that a person owns',
    facts: facts([file(0o600, {}, [1000, 0])]),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'whether it holds a secret is not known',
    facts: facts([ecdb(0o644, { holdsSecret: null, line: null })]),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'another group, and Momentum’s user is not known: it may be its own',
    facts: facts([ecdb(0o640, {}, [0, 2200])], [], { runUser: nobody }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'everybody, and Momentum’s user is not known',
    facts: facts([ecdb(0o644, {}, [0, 2200])], [], { runUser: nobody }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'one open, one in order, one that could not be inspected',
    facts: facts([file(0o644), ecdb(0o640)], [{ path: '/opt/msys/etc/.svcpasswd', problem: 'denied' }]),
    expect: {
      status: 'fail',
      subjects: { [LAST]: 'fail', [ECDB]: 'pass', '/opt/msys/etc/.svcpasswd': 'indeterminate' },
    },
  },
  {
    name: 'none was seen, and a file of the configuration could not be read',
    facts: facts([], [], { unread: [{ path: '/x.conf', problem: 'denied', from: null }] }),
    expect: { status: 'indeterminate' },
  },
  { name: 'there is none', facts: facts([]), expect: { status: 'not-applicable' } },
]);
