import { caseInstall } from '../../../testing/cases/node.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type Keys = Facts['privateKeys'];
type Key = Keys['keys'][number];
type Access = Key['access'];

const WEB = '/opt/msys/ecwebui/config/site/server.key';
const DATABASE = '/var/db/msyspg/server.key';

const webKey = (access: Access, over: Partial<Key> = {}): Key => ({
  path: WEB,
  realPath: WEB,
  usedBy: { what: 'key of ecwebui', at: { file: '/opt/msys/ecwebui/config/httpd.conf', line: 3 } },
  owner: 'ecuser',
  access,
  writableParents: [],
  ...over,
});
const databaseKey = (access: Access, over: Partial<Key> = {}): Key =>
  webKey(access, {
    reach: { kind: 'readable' },
    path: DATABASE,
    realPath: DATABASE,
    owner: 'msyspg',
    usedBy: { what: 'key of msyspg', at: { object: 'default' } },
    ...over,
  });

const facts =
  (keys: readonly Key[], over: Partial<Keys> = {}, node: Partial<Facts['install']> = {}) =>
  (): Partial<Facts> => ({ privateKeys: { keys, unread: [], ...over }, install: caseInstall(node) });

const list = (uid: number, mask: number, bits = 4): Partial<Key> => ({
  acl: { users: [{ uid, bits }], groups: [{ gid: null, bits: 4 }], mask },
});
const OWN = { uid: 7100, gid: 7100 };
const PG = { uid: 7101, gid: 7101 };

export default defineCases([
  {
    name: 'ecuser’s own, closed to all others',
    facts: facts([webKey({ ...OWN, mode: 0o600 })]),
    expect: { status: 'pass' },
  },
  {
    name: 'root’s, readable to ecuser’s group',
    facts: facts([webKey({ uid: 0, gid: 7100, mode: 0o640 })]),
    expect: { status: 'pass' },
  },
  {
    name: 'readable to everybody',
    facts: facts([webKey({ ...OWN, mode: 0o644 })]),
    expect: { status: 'fail', violations: 1, at: { file: WEB } },
  },
  {
    name: 'a single bit for others',
    facts: facts([webKey({ ...OWN, mode: 0o601 })]),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'readable to another group',
    facts: facts([webKey({ uid: 7100, gid: 50, mode: 0o640 })]),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'another group with no bit',
    facts: facts([webKey({ uid: 7100, gid: 50, mode: 0o600 })]),
    expect: { status: 'pass' },
  },
  {
    name: 'owned by a person',
    facts: facts([webKey({ uid: 1000, gid: 7100, mode: 0o640 })]),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'a folder above that others may write to',
    facts: facts([
      webKey(
        { ...OWN, mode: 0o600 },
        { writableParents: [{ path: '/opt/msys/ecwebui/config', access: { uid: 0, gid: 0, mode: 0o777 } }] },
      ),
    ]),
    expect: { status: 'fail', violations: 1, at: { file: '/opt/msys/ecwebui/config' } },
  },
  {
    name: 'PostgreSQL’s own key with 0600',
    facts: facts([databaseKey({ ...PG, mode: 0o600 })]),
    expect: { status: 'pass' },
  },
  {
    name: 'PostgreSQL’s own key with 0640: it does not start',
    facts: facts([databaseKey({ ...PG, mode: 0o640 })]),
    expect: { status: 'fail', violations: 1, at: { file: DATABASE } },
  },
  {
    name: 'root’s key for PostgreSQL 15, readable to its group',
    facts: facts([databaseKey({ uid: 0, gid: 7101, mode: 0o640 })], { databaseVersion: 15 }),
    expect: { status: 'pass' },
  },
  {
    name: 'the same for PostgreSQL 9.0: it does not start',
    facts: facts([databaseKey({ uid: 0, gid: 7101, mode: 0o640 })], { databaseVersion: 9 }),
    expect: { status: 'fail', violations: 1, at: { file: DATABASE } },
  },
  {
    name: 'the same for a PostgreSQL whose release is not known',
    facts: facts([databaseKey({ uid: 0, gid: 7101, mode: 0o640 })], { databaseVersion: null }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'PostgreSQL’s key, left to root alone',
    facts: facts([
      databaseKey(
        { uid: 0, gid: 0, mode: 0o600 },
        { reach: { kind: 'denied', path: DATABASE, access: { uid: 0, gid: 0, mode: 0o600 } } },
      ),
    ]),
    expect: { status: 'fail', violations: 1, at: { file: DATABASE } },
  },
  {
    name: 'PostgreSQL’s key in a folder that is closed to it',
    facts: facts([
      databaseKey(
        { ...PG, mode: 0o600 },
        { reach: { kind: 'denied', path: '/var/db', access: { uid: 0, gid: 0, mode: 0o700 } } },
      ),
    ]),
    expect: { status: 'fail', violations: 1, at: { file: '/var/db' } },
  },
  {
    name: 'whether PostgreSQL can read its key is not known',
    facts: facts([databaseKey({ ...PG, mode: 0o600 }, { reach: { kind: 'unknown', problem: 'failed' } })]),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a key named by a relative path, and another that is in order',
    facts: facts([webKey({ ...OWN, mode: 0o600 })], {
      unread: [{ path: 'server.key', problem: 'relative', at: { object: 'default' } }],
    }),
    expect: { status: 'indeterminate', subjects: { [WEB]: 'pass', 'server.key': 'indeterminate' } },
  },
  {
    name: 'root’s key for PostgreSQL, which its group may change',
    facts: facts([databaseKey({ uid: 0, gid: 7101, mode: 0o660 })]),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'a key that may not be inspected',
    facts: facts([], { unread: [{ path: WEB, problem: 'denied', at: { object: 'default' } }] }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'one key not inspected does not hide another that is open',
    facts: facts([databaseKey({ ...PG, mode: 0o644 })], {
      unread: [{ path: WEB, problem: 'denied', at: { object: 'default' } }],
    }),
    expect: { status: 'fail', violations: 1, subjects: { [DATABASE]: 'fail', [WEB]: 'indeterminate' } },
  },
  {
    name: 'no such user on the node',
    facts: facts([webKey({ ...OWN, mode: 0o600 })], {}, { serviceUser: null }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a key that is missing is another control’s matter',
    facts: facts([], { unread: [{ path: WEB, problem: 'missing', at: { object: 'default' } }] }),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'an access list lets another user read it',
    facts: facts([webKey({ uid: 0, gid: 7100, mode: 0o640 }, list(50, 4))]),
    expect: { status: 'fail', violations: 1, at: { file: WEB } },
  },
  {
    name: 'an access list lets another user write it only',
    facts: facts([webKey({ uid: 0, gid: 7100, mode: 0o660 }, list(50, 6, 2))]),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'an access list whose mask takes it away',
    facts: facts([webKey({ uid: 0, gid: 7100, mode: 0o610 }, list(50, 1))]),
    expect: { status: 'pass' },
  },
  {
    name: 'an access list for the service itself, and nothing for the other group of the file',
    facts: facts([
      webKey(
        { uid: 0, gid: 50, mode: 0o640 },
        { acl: { users: [{ uid: 7100, bits: 4 }], groups: [{ gid: null, bits: 0 }], mask: 4 } },
      ),
    ]),
    expect: { status: 'pass' },
  },
  {
    name: 'an access list that could not be read',
    facts: facts([webKey({ uid: 0, gid: 7100, mode: 0o640 }, { acl: 'unread' })]),
    expect: { status: 'indeterminate' },
  },
  { name: 'no key is named', facts: facts([]), expect: { status: 'not-applicable' } },
]);
