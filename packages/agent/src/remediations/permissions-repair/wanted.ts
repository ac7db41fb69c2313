import type { Access } from '@castellan/shared/model/plan';
import { accessOf, grants, sameAccess } from '../../kit/access.js';
import type { Facts } from '../../kit/fact.js';
import { isOwnPlace } from '../../kit/own-places.js';
import { ownUid } from '../../kit/own-user.js';
import type { PlanContext } from '../../kit/remediation.js';

export type Reads = 'configTree' | 'privateKeys' | 'credentialStore' | 'install';

type ServiceUser = NonNullable<Facts['install']['serviceUser']>;
type Files = PlanContext['look']['files'];
type Stat = Extract<ReturnType<Files['lstat']>, { readonly ok: true }>['value'];

export interface WantedChange {
  readonly path: string;
  readonly before: Access;
  readonly after: Access;
  readonly why: string;
}

interface Wish {
  readonly path: string;
  readonly why: string;
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
  for (const wish of [...configWishes(facts), ...keyWishes(facts, notes), ...storeWishes(facts)]) {
    const real = files.realpath(wish.path);
    const path = real.ok ? real.value.path : wish.path;
    const stat = files.lstat(path);
    if (!stat.ok) {
      notes.push(`${wish.path} could not be looked at (${stat.problem}) and is left alone`);
      continue;
    }
    const before = accessOf(stat.value);
    const hindrance = hindranceOf(files, path, stat.value);
    if (hindrance !== null) {
      if (!sameAccess(before, wish.after(before))) notes.push(`${path} ${hindrance}; it is left alone`);
      continue;
    }
    const first = entries.get(path);
    const after = permitted(before, wish.after(first?.after ?? before), path, notes);
    if (after && !sameAccess(before, after))
      entries.set(path, { path, before, after, why: first?.why ?? wish.why });
  }
  const sorted = [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  if (sorted.length > ENTRIES_MAX) notes.push(`${sorted.length - ENTRIES_MAX} more are left for another run`);
  return { entries: sorted.slice(0, ENTRIES_MAX), notes: [...new Set(notes)] };
}

/** Why a path is not touched even by root. The service's user owns folders of the tree, and could point them elsewhere. */
function hindranceOf(files: Files, path: string, stat: Stat): string | null {
  if (!isOwnPlace(files, path))
    return 'is outside of the places of Momentum: whether it may change must be decided by a person';
  if (stat.kind === 'file' && stat.nlink > 1)
    return `has ${stat.nlink} names (hard links), one of which may stand elsewhere`;
  return stat.kind === 'file' || stat.kind === 'directory' ? null : 'is neither a file nor a folder';
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

function configWishes({ configTree, install }: Pick<Facts, Reads>): Wish[] {
  const user = install.serviceUser;
  if (!user) return [];
  const barred = configTree.barred.map(
    ({ path, kind, holdsSecret }): Wish => ({
      path,
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
      why: `the configuration belongs to ${user.name}`,
      after: (before) => ({ uid: user.uid, gid: user.gid, mode: before.mode & 0o1777 }),
    }),
  );
  return [...barred, ...foreign];
}

function keyWishes({ privateKeys, install }: Pick<Facts, Reads>, notes: string[]): Wish[] {
  const rootUid = rootOf(install);
  return privateKeys.keys.flatMap((key): Wish[] => {
    for (const parent of key.writableParents)
      notes.push(
        `${parent.path} lets others replace ${key.realPath}: who needs to write there must be decided by a person`,
      );
    const owner = key.owner === 'msyspg' ? install.databaseUser : install.serviceUser;
    if (!owner) return [];
    const isOwned = [owner.uid, 0, rootUid].includes(key.access.uid);
    return [
      {
        path: key.realPath,
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

/** Manual, executable.credmgr: for root to write and ecuser to read. */
function storeWishes({ credentialStore: store, install }: Pick<Facts, Reads>): Wish[] {
  const user = install.serviceUser;
  if (!user) return [];
  return [store.database, store.key, ...store.siblings, store.other.database, store.other.key]
    .filter(({ state }) => state === 'present')
    .map(
      ({ path }): Wish => ({
        path,
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
