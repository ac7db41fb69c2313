import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type Store = Facts['credentialStore'];
type StoreFile = Store['database'];

const MODULE = '/opt/msys/etc/credentials';
const TOOL = '/opt/msys/ecelerity/etc/credentials';

const present = (path: string, ino: number, isSqlite: boolean | null = null): StoreFile => ({
  path,
  realPath: path,
  state: 'present',
  access: { uid: 0, gid: 7100, mode: 0o640 },
  dev: 1,
  ino,
  isSqlite,
});

const none = (path: string, state: StoreFile['state'] = 'missing'): StoreFile => ({
  path,
  realPath: null,
  state,
  access: null,
  dev: null,
  ino: null,
  isSqlite: null,
});

const facts = (over: Partial<Store>) => (): Partial<Facts> => ({
  credentialStore: {
    isEnabled: true,
    blocksElsewhere: [],
    database: present(`${MODULE}.db`, 1, true),
    key: present(`${MODULE}.key`, 2),
    namedBy: null,
    other: { database: none(`${TOOL}.db`), key: none(`${TOOL}.key`) },
    split: false,
    siblings: [],
    folder: { path: '/opt/msys/etc', access: { uid: 0, gid: 0, mode: 0o755 } },
    ...over,
  },
});

export default defineCases([
  { name: 'database and key where the module looks', facts: facts({}), expect: { status: 'pass' } },
  {
    name: 'a link at the other place to the same files',
    facts: facts({ other: { database: present(`${TOOL}.db`, 1, true), key: present(`${TOOL}.key`, 2) } }),
    expect: { status: 'pass' },
  },
  {
    name: 'no database',
    facts: facts({ database: none(`${MODULE}.db`) }),
    expect: { status: 'fail', violations: 1, at: { file: `${MODULE}.db` } },
  },
  {
    name: 'neither database nor key, at a place that the configuration names',
    facts: facts({
      database: none('/data/c.db'),
      key: none('/data/c.key'),
      namedBy: { file: '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf', line: 7 },
    }),
    expect: { status: 'fail', violations: 2, at: { file: '/data/c.db' } },
  },
  {
    name: 'a folder where the key should be',
    facts: facts({ key: none(`${MODULE}.key`, 'other') }),
    expect: { status: 'fail', violations: 1, at: { file: `${MODULE}.key` } },
  },
  {
    name: 'an empty key',
    facts: facts({ key: { ...present(`${MODULE}.key`, 2), sizeBytes: 0 } }),
    expect: { status: 'fail', violations: 1, at: { file: `${MODULE}.key` } },
  },
  {
    name: 'a key of some octets',
    facts: facts({ key: { ...present(`${MODULE}.key`, 2), sizeBytes: 32 } }),
    expect: { status: 'pass' },
  },
  {
    name: 'a file that is no SQLite database',
    facts: facts({ database: present(`${MODULE}.db`, 1, false) }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'two stores that are not the same',
    facts: facts({
      split: true,
      other: { database: present(`${TOOL}.db`, 3, true), key: present(`${TOOL}.key`, 4) },
    }),
    expect: { status: 'fail', violations: 1, at: { file: `${TOOL}.db` } },
  },
  {
    name: 'a key that may not be inspected',
    facts: facts({ key: none(`${MODULE}.key`, 'denied') }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a database that cannot be read',
    facts: facts({ database: present(`${MODULE}.db`, 1, null) }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'securecreds is off, and there is no store',
    facts: facts({ isEnabled: false, database: none(`${MODULE}.db`), key: none(`${MODULE}.key`) }),
    expect: { status: 'not-applicable' },
  },
]);
