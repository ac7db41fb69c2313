import type { Facts } from '../../src/facts/facts.generated.js';

type Store = Facts['credentialStore'];
type StoreFile = Store['database'];

export const CASE_STORE_KEY = '/opt/msys/etc/credentials.key';

/** One file of the store as credmgr leaves it. */
export function caseStoreFile(path: string, over: Partial<StoreFile> = {}): StoreFile {
  return {
    path,
    realPath: path,
    state: 'present',
    access: { uid: 0, gid: 7100, mode: 0o640 },
    sizeBytes: 65,
    dev: 1,
    ino: path.length,
    isSqlite: null,
    ...over,
  };
}

export function caseStore(over: Partial<Store> = {}): Pick<Facts, 'credentialStore'> {
  const none = (path: string) => caseStoreFile(path, { realPath: null, state: 'missing', access: null });
  return {
    credentialStore: {
      isEnabled: true,
      blocksElsewhere: [],
      database: caseStoreFile('/opt/msys/etc/credentials.db', { isSqlite: true }),
      key: caseStoreFile(CASE_STORE_KEY),
      namedBy: null,
      other: {
        database: none('/opt/msys/ecelerity/etc/credentials.db'),
        key: none('/opt/msys/ecelerity/etc/credentials.key'),
      },
      split: false,
      siblings: [],
      folder: { path: '/opt/msys/etc', access: { uid: 0, gid: 0, mode: 0o755 } },
      ...over,
    },
  };
}
