import { dirname } from 'node:path';
import { evaluate, hasModule } from '@castellan/momentum';
import type { Place } from '@castellan/shared/model/verdict';
import type { CredentialStoreFact, StoreFile } from '../../facts/credential-store.js';
import type { Facts } from '../../facts/facts.generated.js';
import { accessOf, PathAccess, replaceableIn } from '../../knowledge/permissions/path-access.js';
import type { FileReader } from '../../ports/files.js';
import { defineCollector } from '../../units/fact.js';
import { blocksElsewhere } from './unreached.js';

interface Pair {
  readonly database: string;
  readonly key: string;
}

/** Manual, modules.securecreds: where the module looks. */
const MODULE_DEFAULT: Pair = {
  database: '/opt/msys/etc/credentials.db',
  key: '/opt/msys/etc/credentials.key',
};
/** Manual, executable.credmgr: where the tool writes. The two pages do not agree. */
const TOOL_DEFAULT: Pair = {
  database: '/opt/msys/ecelerity/etc/credentials.db',
  key: '/opt/msys/ecelerity/etc/credentials.key',
};
/** sqlite.org/fileformat.html, section 1.3. */
const SQLITE_HEADER = 'SQLite format 3\0';
const SIBLINGS = ['-wal', '-journal', '-shm'];

export default defineCollector({
  name: 'credentialStore',
  needs: ['momentumConfig'],
  title: 'The encrypted credentials of securecreds: which files, whose, and with which modes',
  timeoutMs: 10_000,
  evidence: 'files',
  collect({ files, facts }): CredentialStoreFact {
    const user = facts.momentumConfig.runUser.principal;
    const named = namedPair(facts.momentumConfig);
    const used = named.pair;
    const other = used.database === MODULE_DEFAULT.database ? TOOL_DEFAULT : MODULE_DEFAULT;
    const pair = (at: Pair) => ({
      database: storeFile(files, at.database, true, user),
      key: storeFile(files, at.key, false, user),
    });
    const here = pair(used);
    const there = pair(other);
    const folder = dirname(here.database.realPath ?? used.database);
    const folderStat = files.stat(folder);
    return {
      isEnabled: named.isEnabled,
      blocksElsewhere: blocksElsewhere(files, facts.momentumConfig),
      ...here,
      namedBy: named.at,
      other: there,
      split: areTwo(here.database, there.database) || areTwo(here.key, there.key),
      siblings: SIBLINGS.map((ending) =>
        storeFile(files, `${here.database.realPath ?? used.database}${ending}`, false, user),
      ).filter((file) => file.state !== 'missing'),
      openFolders: openFolders(files, [here.database, here.key], user),
      folder: { path: folder, access: folderStat.ok ? accessOf(folderStat.value) : null },
    };
  },
});

function namedPair({ configs }: Facts['momentumConfig']): {
  pair: Pair;
  at: Place | null;
  isEnabled: boolean;
} {
  for (const { config } of configs) {
    const module = hasModule(config, 'securecreds');
    if (!module?.enabled) continue;
    const option = (name: string) => {
      const found = evaluate(config, module.path, name);
      return found.set ? found.text : null;
    };
    const database = option('credentials');
    const key = option('key');
    const pair = {
      database: absolute(database) ?? MODULE_DEFAULT.database,
      key: absolute(key) ?? MODULE_DEFAULT.key,
    };
    const isNamed = database !== null || key !== null;
    return { pair, at: isNamed ? module.at : null, isEnabled: true };
  }
  return { pair: MODULE_DEFAULT, at: null, isEnabled: false };
}

/** ASSUMED: a name without a slash in front is one under Momentum's own folder, as other options' files are. */
function absolute(path: string | null): string | null {
  if (path === null || path === '') return null;
  return path.startsWith('/') ? path : `/opt/msys/ecelerity/etc/${path}`;
}

type User = Facts['momentumConfig']['runUser']['principal'];

function openFolders(
  files: FileReader,
  store: readonly StoreFile[],
  user: User,
): NonNullable<CredentialStoreFact['openFolders']> {
  const owner = user ?? { uid: 0, gid: 0 };
  const found = store.flatMap(({ realPath }) => (realPath ? replaceableIn(files, realPath, owner) : []));
  return [...new Map(found.map((folder) => [folder.path, folder])).values()];
}

function reachOf(files: FileReader, path: string, user: NonNullable<User>): NonNullable<StoreFile['reach']> {
  const reach = new PathAccess(files, user).check(path, 'read');
  if (reach.kind === 'granted') return { kind: 'readable' };
  return reach.kind === 'denied'
    ? { kind: 'denied', path: reach.path, access: reach.access }
    : { kind: 'unknown', problem: reach.problem };
}

function storeFile(files: FileReader, path: string, isDatabase: boolean, user: User): StoreFile {
  const stat = files.stat(path);
  if (!stat.ok) {
    const state = stat.problem === 'missing' ? 'missing' : stat.problem === 'denied' ? 'denied' : 'other';
    return { path, realPath: null, state, access: null, dev: null, ino: null, isSqlite: null };
  }
  const real = files.realpath(path);
  const acl = files.acl(path);
  return {
    path,
    realPath: real.ok ? real.value.path : null,
    state: stat.value.kind === 'file' ? 'present' : 'other',
    access: accessOf(stat.value),
    acl: acl.ok ? acl.value : 'unread',
    sizeBytes: stat.value.sizeBytes,
    mtimeMs: stat.value.mtimeMs,
    ...(user ? { reach: reachOf(files, path, user) } : {}),
    dev: stat.value.dev,
    ino: stat.value.ino,
    isSqlite: isDatabase ? beginsLikeSqlite(files, path) : null,
  };
}

/** Only the beginning is inspected; what is stored stays where it is. */
function beginsLikeSqlite(files: FileReader, path: string): boolean | null {
  const content = files.read(path);
  return content.ok
    ? content.value.subarray(0, SQLITE_HEADER.length).toString('latin1') === SQLITE_HEADER
    : null;
}

function areTwo(a: StoreFile, b: StoreFile): boolean {
  return a.state === 'present' && b.state === 'present' && (a.dev !== b.dev || a.ino !== b.ino);
}
