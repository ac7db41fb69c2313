import { caseConfig } from '../../../testing/cases/config.js';
import { caseInstall } from '../../../testing/cases/node.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type RunUser = Facts['momentumConfig']['runUser'];
type Store = Facts['credentialStore'];
type StoreFile = Store['database'];
type Access = NonNullable<StoreFile['access']>;

const MODULE = '/opt/msys/etc/credentials';
const TOOL = '/opt/msys/ecelerity/etc/credentials';
const RIGHT: Access = { uid: 0, gid: 7100, mode: 0o640 };

const file = (
  path: string,
  access: Access | null,
  state: StoreFile['state'] = access ? 'present' : 'missing',
): StoreFile => ({
  path,
  realPath: access ? path : null,
  state,
  access,
  dev: access ? 1 : null,
  ino: access ? path.length : null,
  isSqlite: null,
});

function caseRunUser(runUser: Partial<RunUser>): Facts['momentumConfig'] {
  const { momentumConfig } = caseConfig('');
  return { ...momentumConfig, runUser: { ...momentumConfig.runUser, ...runUser } };
}

const facts =
  (over: Partial<Store>, node: Partial<Facts['install']> = {}, runUser: Partial<RunUser> = {}) =>
  (): Partial<Facts> => ({
    install: caseInstall(node),
    momentumConfig: caseRunUser(runUser),
    credentialStore: {
      isEnabled: true,
      blocksElsewhere: [],
      database: file(`${MODULE}.db`, RIGHT),
      key: file(`${MODULE}.key`, RIGHT),
      namedBy: null,
      other: { database: file(`${TOOL}.db`, null), key: file(`${TOOL}.key`, null) },
      split: false,
      siblings: [],
      folder: { path: '/opt/msys/etc', access: { uid: 0, gid: 0, mode: 0o755 } },
      ...over,
    },
  });

const MAILOPS: Access = { uid: 0, gid: 2200, mode: 0o640 };
const list = (uid: number, bits: number, mask: number) => ({
  users: [{ uid, bits }],
  groups: [{ gid: null, bits: 4 }],
  mask,
});
const key = (access: Access) => facts({ key: file(`${MODULE}.key`, access) });
const atKey = { file: `${MODULE}.key` };

export default defineCases([
  { name: 'root:ecuser 0640, as credmgr leaves it', facts: facts({}), expect: { status: 'pass' } },
  { name: 'read-only for both', facts: key({ ...RIGHT, mode: 0o440 }), expect: { status: 'pass' } },
  {
    name: 'a key that everybody can read',
    facts: key({ ...RIGHT, mode: 0o644 }),
    expect: { status: 'fail', violations: 1, at: atKey },
  },
  {
    name: 'one bit for others is enough',
    facts: key({ ...RIGHT, mode: 0o641 }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'the group may write',
    facts: key({ ...RIGHT, mode: 0o660 }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'another group reads it, and ecuser does not',
    facts: key({ uid: 0, gid: 50, mode: 0o640 }),
    expect: { status: 'fail', violations: 2 },
  },
  {
    name: 'only root reads it',
    facts: key({ uid: 0, gid: 0, mode: 0o600 }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'it belongs to somebody else',
    facts: key({ uid: 1000, gid: 7100, mode: 0o640 }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'ecuser may change it',
    facts: key({ uid: 7100, gid: 7100, mode: 0o600 }),
    expect: { status: 'fail', severity: 'medium', violations: 1 },
  },
  {
    name: 'ecuser owns it and cannot write to it',
    facts: key({ uid: 7100, gid: 7100, mode: 0o400 }),
    expect: { status: 'pass' },
  },
  {
    name: 'SQLite’s own file beside the database',
    facts: facts({ siblings: [file(`${MODULE}.db-journal`, { ...RIGHT, mode: 0o644 })] }),
    expect: { status: 'fail', violations: 1, at: { file: `${MODULE}.db-journal` } },
  },
  {
    name: 'the copy at the other place',
    facts: facts({
      other: { database: file(`${TOOL}.db`, { ...RIGHT, mode: 0o666 }), key: file(`${TOOL}.key`, null) },
    }),
    expect: { status: 'fail', violations: 2, at: { file: `${TOOL}.db` } },
  },
  {
    name: 'a folder that everybody may write to',
    facts: facts({ folder: { path: '/opt/msys/etc', access: { uid: 0, gid: 0, mode: 0o777 } } }),
    expect: { status: 'fail', violations: 1, at: { file: '/opt/msys/etc' } },
  },
  {
    name: 'a node where one user is root and ecuser',
    facts: () => {
      const one = { uid: 1000, gid: 1000, groups: [1000] };
      const mine = { uid: 1000, gid: 1000, mode: 0o640 };
      const user = { name: 'ecuser', ...one };
      return facts(
        { database: file(`${MODULE}.db`, mine), key: file(`${MODULE}.key`, mine) },
        { serviceUser: user, users: [{ name: 'root', ...one }, user] },
        { principal: one },
      )();
    },
    expect: { status: 'pass' },
  },
  { name: 'no ecuser', facts: facts({}, {}, { principal: null }), expect: { status: 'indeterminate' } },
  {
    name: 'the user that the configuration names, and not ecuser',
    facts: facts(
      { database: file(`${MODULE}.db`, MAILOPS), key: file(`${MODULE}.key`, MAILOPS) },
      {},
      { name: 'mailops', principal: { uid: 2200, gid: 2200, groups: [2200] } },
    ),
    expect: { status: 'pass' },
  },
  {
    name: 'an access list lets another user read the key',
    facts: facts({ key: { ...file(`${MODULE}.key`, RIGHT), acl: list(50, 4, 4) } }),
    expect: { status: 'fail', violations: 1, at: atKey },
  },
  {
    name: 'a mask takes it away, and ecuser’s group with it',
    facts: facts({ key: { ...file(`${MODULE}.key`, { ...RIGHT, mode: 0o610 }), acl: list(50, 4, 1) } }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'an access list lets ecuser write the key',
    facts: facts({ key: { ...file(`${MODULE}.key`, { ...RIGHT, mode: 0o660 }), acl: list(7100, 6, 6) } }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'an access list that could not be read',
    facts: facts({ key: { ...file(`${MODULE}.key`, RIGHT), acl: 'unread' } }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a folder above that is closed to ecuser',
    facts: facts({
      key: {
        ...file(`${MODULE}.key`, RIGHT),
        reach: { kind: 'denied', path: '/opt/msys/etc', access: { uid: 0, gid: 0, mode: 0o700 } },
      },
    }),
    expect: { status: 'fail', violations: 1, at: atKey },
  },
  {
    name: 'whether ecuser can read it is not known',
    facts: facts({ key: { ...file(`${MODULE}.key`, RIGHT), reach: { kind: 'unknown', problem: 'failed' } } }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a folder above that another user owns',
    facts: facts({ openFolders: [{ path: '/opt/msys', access: { uid: 1000, gid: 0, mode: 0o755 } }] }),
    expect: { status: 'fail', violations: 1, at: { file: '/opt/msys' } },
  },
  {
    name: 'an empty key',
    facts: facts({ key: { ...file(`${MODULE}.key`, RIGHT), sizeBytes: 0 } }),
    expect: { status: 'fail', violations: 1, at: atKey },
  },
  {
    name: 'a key that may not be inspected',
    facts: facts({ key: file(`${MODULE}.key`, null, 'denied') }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'no store at all',
    facts: facts({ database: file(`${MODULE}.db`, null), key: file(`${MODULE}.key`, null) }),
    expect: { status: 'not-applicable' },
  },
]);
