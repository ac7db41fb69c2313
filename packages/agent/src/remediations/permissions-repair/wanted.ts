import type { Access } from '@castellan/shared/model/plan';
import type { Facts } from '../../facts/facts.generated.js';
import { keyOf } from '../../knowledge/certificates/pem-reader.js';
import {
  CONFIG_ROOTS,
  foreignLink,
  KEY_PLACES,
  STORE_FOLDERS,
} from '../../knowledge/momentum/managed-paths.js';
import { ownUid } from '../../knowledge/permissions/own-user.js';
import {
  accessOf,
  grants,
  identityOf,
  isBelow,
  sameAccess,
} from '../../knowledge/permissions/path-access.js';
import type { PlanContext } from '../../units/remediation.js';
import type { AccessChange } from '../../units/step.js';

export type Reads = 'configTree' | 'privateKeys' | 'credentialStore' | 'install';

type ServiceUser = NonNullable<Facts['install']['serviceUser']>;
type Files = PlanContext['look']['files'];
type FileStat = Extract<ReturnType<Files['lstat']>, { readonly ok: true }>['value'];

export interface WantedChange extends AccessChange {
  readonly why: string;
  /** Who can do more with it afterwards; null: nobody. */
  readonly opensTo: string | null;
}

interface Wish {
  readonly path: string;
  readonly why: string;
  /** The user whose service it is: nobody but root and this one is ever given anything. */
  readonly user: ServiceUser;
  /** Which paths, without links, may be changed for this reason; in words for a person. */
  readonly places: string;
  isInPlace(path: string): boolean;
  /** A file that is to be private must be what it is said to be. */
  readonly must?: 'hold a key';
  after(before: Access): Access;
}

const CONF = '/opt/msys/ecelerity/etc/conf/';
const ENTRIES_MAX = 2000;

/** What should change, with the paths without links, each once; and what has to be left to a person. */
export function wantedChanges(
  facts: Pick<Facts, Reads>,
  files: Files,
): { readonly entries: readonly WantedChange[]; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const entries = new Map<string, WantedChange>();
  for (const wish of [
    ...configWishes(facts, notes),
    ...keyWishes(facts, notes),
    ...storeWishes(facts, notes),
  ]) {
    const found = lookAt(files, wish);
    if ('note' in found) {
      if (found.before === null || !sameAccess(found.before, wish.after(found.before)))
        notes.push(found.note);
      continue;
    }
    const { path, stat } = found;
    const before = accessOf(stat);
    const first = entries.get(path);
    const after = permitted(before, wish.after(first?.after ?? before), path, notes);
    if (!after || sameAccess(before, after)) continue;
    const opens = isMore(before, after, rootOf(facts.install));
    entries.set(path, {
      path,
      identity: identityOf(stat),
      before,
      after,
      why: first?.why ?? wish.why,
      opensTo: first?.opensTo ?? (opens ? wish.user.name : null),
    });
  }
  const sorted = [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  if (sorted.length > ENTRIES_MAX) notes.push(`${sorted.length - ENTRIES_MAX} more are left for another run`);
  return { entries: sorted.slice(0, ENTRIES_MAX), notes: [...new Set(notes)] };
}

type Found =
  | { readonly path: string; readonly stat: FileStat }
  | { readonly note: string; readonly before: Access | null };

/** The thing itself, and why it is not touched even by root: the service's user could have chosen it. */
function lookAt(files: Files, wish: Wish): Found {
  const real = files.realpath(wish.path);
  const path = real.ok ? real.value.path : wish.path;
  const stat = files.lstat(path);
  if (!stat.ok)
    return { note: `${wish.path} could not be inspected (${stat.problem}) and is left alone`, before: null };
  const link = foreignLink(files, wish.path);
  const blocker =
    link === null
      ? blockerOf(files, path, stat.value, wish)
      : `is reached by the link ${link}, which another user than root could point elsewhere`;
  return blocker === null
    ? { path, stat: stat.value }
    : { note: `${path} ${blocker}; it is left alone`, before: accessOf(stat.value) };
}

function blockerOf(files: Files, path: string, stat: FileStat, wish: Wish): string | null {
  if (!wish.isInPlace(path))
    return `is outside of the places that this is done in (${wish.places}): whether it may change must be decided by a person`;
  if (stat.kind === 'file' && stat.nlink > 1)
    return `has ${stat.nlink} names (hard links), one of which may stand elsewhere`;
  if (stat.kind !== 'file' && stat.kind !== 'directory') return 'is neither a file nor a folder';
  return wish.must === undefined ? null : keyBlocker(files, path, stat);
}

/** Of the same file that is then given its access: another one under the name by then is refused. */
function keyBlocker(files: Files, path: string, stat: FileStat): string | null {
  const file = files.capture(path, { follow: false, bytesMax: KEY_BYTES_MAX });
  if (!file.ok) return `cannot be read as a key (${file.problem})`;
  if (file.value.stat.dev !== stat.dev || file.value.stat.ino !== stat.ino)
    return 'was exchanged while it was inspected';
  if ((stat.mode & 0o111) !== 0) return 'can be run as a program, which no key is';
  const key = keyOf(file.value.content);
  return key.state === 'parsed' || key.state === 'encrypted' ? null : `holds no private key (${key.detail})`;
}

const KEY_BYTES_MAX = 1024 * 1024;

/** Whether anybody but root can do more afterwards. */
function isMore(before: Access, after: Access, rootUid: number): boolean {
  const added = after.mode & ~before.mode;
  if (after.uid !== before.uid && after.uid !== rootUid) return true;
  if (after.gid !== before.gid && (after.mode & 0o070) !== 0) return true;
  return (added & 0o077) !== 0 || ((added & 0o700) !== 0 && after.uid !== rootUid);
}

/** An agent that is not root can change the mode of what it owns, and nothing else. Null: it can do nothing. */
function permitted(before: Access, after: Access, path: string, notes: string[]): Access | null {
  const own = ownUid();
  if (own === 0 || sameAccess(before, after)) return after;
  if (before.uid !== own) {
    notes.push(`${path} belongs to another user: run as root to repair it`);
    return null;
  }
  if (after.uid === before.uid && after.gid === before.gid) return after;
  notes.push(`${path} should also change owner or group: run as root for that`);
  // Bits are only taken away: with the wrong group, more of them could let the wrong people in.
  return { ...before, mode: before.mode & after.mode };
}

function isConfig(path: string): boolean {
  return CONFIG_ROOTS.some((root) => isBelow(path, root));
}

/** The folders of Momentum's that lead to the configuration: the service's user must get through, and no more. */
const WAYS: ReadonlySet<string> = new Set(
  CONFIG_ROOTS.flatMap((root) => {
    const names = root.split('/');
    return names.map((_, index) => names.slice(0, index).join('/'));
  }).filter((path) => isBelow(path, '/opt/msys')),
);

const STORE_FILES: ReadonlySet<string> = new Set(
  STORE_FOLDERS.flatMap((folder) => [
    `${folder}/credentials.key`,
    ...['', '-wal', '-journal', '-shm'].map((ending) => `${folder}/credentials.db${ending}`),
  ]),
);

function configWishes({ configTree, install }: Pick<Facts, Reads>, notes: string[]): Wish[] {
  const user = install.serviceUser;
  const isAtFault = configTree.denied.length + configTree.foreign.length > 0;
  // The configuration, which names the user, is written by a user itself: root gives nothing to whoever stands there.
  if (isAtFault && user?.uid !== configTree.user.uid)
    notes.push(
      `the configuration has Momentum run as ${configTree.user.name}: what that user is given must be decided by a person`,
    );
  if (!user || user.uid !== configTree.user.uid) return [];
  const denied = configTree.denied.map(
    ({ path, kind, holdsSecret }): Wish => ({
      path,
      user,
      places: CONFIG_ROOTS.join(', '),
      isInPlace: (real) => isConfig(real) || (kind === 'directory' && WAYS.has(real)),
      why: `${user.name} must be able to ${kind === 'file' ? 'read it' : 'pass through it'}`,
      after: (before) => {
        // What the old group might do is not what the new one may; setuid was given to the old owner.
        const kept = before.gid === user.gid ? before.mode : before.mode & ~0o070;
        const bits = kind === 'file' ? (kept & 0o777) | 0o640 : kept | 0o750;
        return {
          uid: path.startsWith(CONF) ? user.uid : before.uid,
          gid: user.gid,
          mode: holdsSecret ? bits & ~0o007 : bits,
        };
      },
    }),
  );
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

function keyWishes({ privateKeys, install }: Pick<Facts, Reads>, notes: string[]): Wish[] {
  const rootUid = rootOf(install);
  return privateKeys.keys.flatMap((key): Wish[] => {
    for (const parent of key.writableParents)
      notes.push(
        `${parent.path} lets others replace ${key.realPath}: who needs to write there must be decided by a person`,
      );
    if (key.acl) notes.push(listNote(key.realPath));
    const owner = key.owner === 'msyspg' ? install.databaseUser : install.serviceUser;
    if (!owner) return [];
    // Root's own key that the service cannot read becomes the service's.
    const isOwned = [owner.uid, 0, rootUid].includes(key.access.uid) && key.reach?.kind !== 'denied';
    return [
      {
        path: key.path,
        user: owner,
        places: KEY_PLACES[key.owner].join(', '),
        isInPlace: (real) => KEY_PLACES[key.owner].some((place) => isBelow(real, place)),
        must: 'hold a key',
        why: `${key.usedBy.what}: for root and ${owner.name} only`,
        after: (before) => {
          const uid = isOwned ? before.uid : owner.uid;
          const gid = [owner.gid, 0].includes(before.gid) ? before.gid : owner.gid;
          // PostgreSQL does not start when the group can read a key of its own user.
          const most = key.owner === 'msyspg' && uid === owner.uid ? 0o600 : 0o640;
          return { uid, gid, mode: (before.mode & most) | 0o400 };
        },
      },
    ];
  });
}

/** A list is not taken away here: whom it was made for, only a person knows. */
function listNote(path: string): string {
  return `${path} has an access list, which is left as it is: who may get at it by the list must be decided by a person (setfacl -b)`;
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

/** In a tree of one user, root has that user's number. */
function rootOf(install: Facts['install']): number {
  return install.users.find(({ name }) => name === 'root')?.uid ?? 0;
}
