import { dirname } from 'node:path';
import type { Access } from '@castellan/shared/model/plan';
import type { Facts } from '../../facts/facts.generated.js';
import { closedWayWish, ownFolderWish, WAYS, wayWish } from '../../knowledge/access/folder-wish.js';
import {
  listNote,
  rootOf,
  type ServiceUser,
  type Wanted,
  type Wish,
  wantedOf,
} from '../../knowledge/access/wish.js';
import { CONFIG_PLACES, CONFIG_ROOTS, STORE_FOLDERS } from '../../knowledge/momentum/managed-paths.js';
import { grants, isBelow, PathAccess } from '../../knowledge/permissions/path-access.js';
import type { PlanContext } from '../../units/remediation.js';

export type Reads = 'configTree' | 'credentialStore' | 'secretFiles' | 'install';

type Files = PlanContext['look']['files'];
type Denied = Facts['configTree']['denied'][number];

const CONF = '/opt/msys/ecelerity/etc/conf/';
/** Where every service of Momentum has its programs. */
const SHARED = '/opt/msys';

/** What should change, with the paths without links, each once; and what has to be left to a person. */
export function wantedChanges(facts: Pick<Facts, Reads>, files: Files): Wanted {
  const notes: string[] = [];
  const wishes = [
    ...configWishes(facts, notes),
    ...sharedWishes(facts, files, notes),
    ...storeWishes(facts, notes),
  ];
  return wantedOf(files, facts.install, wishes, notes);
}

function isConfig(path: string): boolean {
  return CONFIG_ROOTS.some((root) => isBelow(path, root));
}

/** A main file, or one that it includes by name, may stand in the folder above conf: as a text, and without a secret. */
function isConfigText(path: string): boolean {
  return CONFIG_PLACES.includes(dirname(path)) && path.endsWith('.conf');
}

const STORE_FILES: ReadonlySet<string> = new Set(
  STORE_FOLDERS.flatMap((folder) => [
    `${folder}/credentials.key`,
    ...['', '-wal', '-journal', '-shm'].map((ending) => `${folder}/credentials.db${ending}`),
  ]),
);

function configWishes(facts: Pick<Facts, Reads>, notes: string[]): Wish[] {
  const { configTree, install } = facts;
  const user = install.serviceUser;
  const isAtFault = configTree.denied.length + configTree.foreign.length > 0;
  // The configuration, which names the user, is written by a user itself: root gives nothing to whoever stands there.
  if (isAtFault && user?.uid !== configTree.user.uid)
    notes.push(
      `the configuration has Momentum run as ${configTree.user.name}: what that user is given must be decided by a person`,
    );
  if (!user || user.uid !== configTree.user.uid) return [];
  const denied = configTree.denied.map((entry): Wish => {
    if (entry.kind === 'file') return fileWish(entry, user);
    if (WAYS.has(entry.path)) return passWish(entry.path, user, facts, notes);
    const uid = entry.path.startsWith(CONF) ? user.uid : undefined;
    return ownFolderWish(entry.path, user, { places: CONFIG_ROOTS, ...(uid === undefined ? {} : { uid }) });
  });
  const foreign = configTree.foreign.map(
    ({ path }): Wish => ({
      path,
      user,
      places: CONFIG_ROOTS.join(', '),
      isInPlace: isConfig,
      why: `the configuration belongs to ${user.name}`,
      after: (before) => ({ uid: user.uid, gid: user.gid, mode: before.mode & 0o1777 }),
    }),
  );
  return [...denied, ...foreign];
}

function fileWish({ path, holdsSecret }: Denied, user: ServiceUser): Wish {
  return {
    path,
    user,
    places: CONFIG_PLACES.join(', '),
    isInPlace: (real) => isConfig(real) || (!holdsSecret && isConfigText(real)),
    why: `${user.name} must be able to read it`,
    after: (before) => {
      // What the old group might do is not what the new one may; setuid was given to the old owner.
      const kept = before.gid === user.gid ? before.mode : before.mode & ~0o070;
      const mode = (kept & 0o777) | 0o640;
      return {
        uid: path.startsWith(CONF) ? user.uid : before.uid,
        gid: user.gid,
        mode: holdsSecret ? mode & ~0o007 : mode,
      };
    },
  };
}

/** Open to all, unless a secret below is readable by its own mode and this folder is what keeps others from it. */
function passWish(
  path: string,
  user: ServiceUser,
  { secretFiles }: Pick<Facts, Reads>,
  notes: string[],
): Wish {
  const kept =
    secretFiles.files.find(
      ({ realPath, access, shutBy }) =>
        shutBy !== null && isBelow(realPath, path) && (access.mode & 0o007) !== 0,
    )?.realPath ?? secretFiles.unseen.find((one) => isBelow(one.path, path))?.path;
  if (kept === undefined) return wayWish(path, user);
  notes.push(
    `${path} is not made passable for all, because ${kept} may hold a secret that only the folder keeps from others: close that file first, then plan again`,
  );
  return closedWayWish(path, user);
}

/** The database has its programs there as well: what lets one service through must not shut the other out. */
function sharedWishes(facts: Pick<Facts, Reads>, files: Files, notes: string[]): Wish[] {
  const user = facts.install.databaseUser;
  if (!user || !files.stat(SHARED).ok) return [];
  const isBarred = new PathAccess(files, user)
    .obstacles(SHARED, 'pass')
    .some(({ kind, path }) => kind === 'denied' && path === SHARED);
  return isBarred ? [passWish(SHARED, user, facts, notes)] : [];
}

/** Manual, executable.credmgr: for root to write and ecuser to read. */
function storeWishes({ credentialStore: store, install }: Pick<Facts, Reads>, notes: string[]): Wish[] {
  const user = install.serviceUser;
  for (const { path, acl } of [store.database, store.key]) if (acl) notes.push(listNote(path));
  if (!user) return [];
  return [store.database, store.key, ...store.siblings, store.other.database, store.other.key]
    .filter(({ state }) => state === 'present')
    .map(
      ({ path }): Wish => ({
        path,
        user,
        places: STORE_FOLDERS.join(', '),
        isInPlace: (real) => STORE_FILES.has(real),
        why: 'the credential store: root writes it, ecuser reads it, nobody else',
        after: (before) =>
          isClosedStore(before, user, rootOf(install))
            ? before
            : { uid: rootOf(install), gid: user.gid, mode: 0o640 },
      }),
    );
}

/** Stricter than credmgr makes it is fine too, as long as ecuser can read what it may not write. */
function isClosedStore(access: Access, user: ServiceUser, rootUid: number): boolean {
  const isRoots = access.uid === 0 || access.uid === rootUid;
  const isReadOnlyUsers = access.uid === user.uid && (access.mode & 0o200) === 0;
  const hasGroup = (access.mode & 0o070) !== 0;
  return (
    (isRoots || isReadOnlyUsers) &&
    (access.mode & 0o027) === 0 &&
    (!hasGroup || access.gid === user.gid) &&
    grants(access, user, 'read')
  );
}
