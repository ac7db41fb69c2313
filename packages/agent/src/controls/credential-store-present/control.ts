import type { Facts } from '../../facts/facts.generated.js';
import {
  defineControl,
  fail,
  indeterminate,
  notApplicable,
  pass,
  type Violation,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

type Store = Facts['credentialStore'];
type StoreFile = Store['database'];

export default defineControl({
  id: 'MOM-CRED-003',
  slug: 'credential-store-present',
  title: 'Credentials db & key exist at configured path',
  severity: 'high',
  subject: 'credential store',
  reads: ['credentialStore'],
  sources: [manual3('modules.securecreds'), manual3('executable.credmgr')],
  remediation: 'securecreds-enable',
  params: {},

  evaluate({ facts: { credentialStore: store } }) {
    if (!store.isEnabled)
      return notApplicable('securecreds is not enabled (MOM-CRED-001), so nothing reads a credential store.');
    const faults = [
      ...absent(store),
      ...damaged(store.database),
      ...empty(store.key),
      ...(store.split ? [split(store)] : []),
    ];
    if (faults.length > 0) return fail(summaryOf(store), faults);
    const unseen = [store.database, store.key].filter(
      (file) => file.state === 'denied' || (file === store.database && file.isSqlite === null),
    );
    if (unseen.length > 0)
      return indeterminate(`${unseen.map((file) => file.path).join(', ')} could not be read. Run as root.`);
    return pass(`Database and key are there: ${store.database.path}, ${store.key.path}.`);
  },
});

function absent(store: Store): Violation[] {
  const by = store.namedBy?.file
    ? `named in ${store.namedBy.file}:${store.namedBy.line ?? 1}`
    : "the module's default place";
  const what = (file: StoreFile) =>
    file.state === 'missing' ? `there is no such file (${by})` : `not a file (${by})`;
  return [store.database, store.key]
    .filter((file) => file.state === 'missing' || file.state === 'other')
    .map((file) => ({
      at: { file: file.path },
      found: what(file),
      proposed: 'made by credmgr, with its path given',
    }));
}

function damaged(database: StoreFile): Violation[] {
  if (database.state !== 'present' || database.isSqlite !== false) return [];
  return [{ at: { file: database.path }, found: 'does not begin as an SQLite 3 database does' }];
}

/** credmgr makes a key of at least 16 octets (Manual, executable.credmgr). */
function empty(key: StoreFile): Violation[] {
  if (key.state !== 'present' || key.sizeBytes !== 0) return [];
  return [
    {
      at: { file: key.path },
      found: 'an empty file: no password can be decrypted with it',
      proposed: 'made by credmgr create_key',
    },
  ];
}

/** The manual's two pages name two default places: credmgr then writes what the module never reads. */
function split(store: Store): Violation {
  return {
    at: { file: store.other.database.state === 'present' ? store.other.database.path : store.other.key.path },
    found: `a second credential store; the module reads ${store.database.path} and ${store.key.path}`,
    proposed: 'one store, with a link to it at the other place',
  };
}

function summaryOf(store: Store): string {
  const missing = [store.database, store.key].filter((file) => file.state === 'missing');
  if (missing.length > 0)
    return `securecreds is enabled, and ${missing.map((file) => file.path).join(' and ')} is missing.`;
  if (store.split)
    return 'There are two credential stores: what credmgr writes to one, Momentum may not read.';
  return 'The credential store is not what securecreds can read.';
}
