import type { Access } from '@castellan/shared/model/plan';
import type { Acl, FileReader } from '../../ports/files.js';
import { accessOf, describeAccess, type OwnerNames } from './path-access.js';

/** Owner, group, mode, and the access list: `unread` where there is one that could not be read. */
export interface FullAccess {
  readonly access: Access;
  readonly acl: Acl | 'unread' | null;
}

/** Somebody whom a mode or an access list lets do something. Root is never one: it may do everything. */
export type Holder =
  | { readonly kind: 'owner' | 'user'; readonly uid: number }
  | { readonly kind: 'group'; readonly gid: number }
  | { readonly kind: 'everybody' };

/** Whose access is no fault. */
export interface Expected {
  readonly uids: ReadonlySet<number>;
  readonly gids: ReadonlySet<number>;
}

const BITS = { read: 0o4, write: 0o2 } as const;

/** Everybody whom these bits and this list let read or write (acl(5): the mask limits all but the owner and others). */
export function holdersOf(
  { access, acl }: Pick<FullAccess, 'access' | 'acl'>,
  want: 'read' | 'write',
): Holder[] {
  const bit = BITS[want];
  const found: Holder[] = [];
  if ((access.mode & (bit << 6)) !== 0) found.push({ kind: 'owner', uid: access.uid });
  if (acl === null || acl === 'unread') {
    if ((access.mode & (bit << 3)) !== 0) found.push({ kind: 'group', gid: access.gid });
  } else {
    const isLet = (bits: number): boolean => (bits & acl.mask & bit) !== 0;
    for (const { uid, bits } of acl.users) if (isLet(bits)) found.push({ kind: 'user', uid });
    for (const { gid, bits } of acl.groups)
      if (isLet(bits)) found.push({ kind: 'group', gid: gid ?? access.gid });
  }
  if ((access.mode & bit) !== 0) found.push({ kind: 'everybody' });
  return found;
}

/** Those of them who are not expected, root left out. */
export function othersOf(file: FullAccess, want: 'read' | 'write', expected: Expected): Holder[] {
  return holdersOf(file, want).filter((holder) => {
    if (holder.kind === 'everybody') return true;
    if (holder.kind === 'group') return !expected.gids.has(holder.gid);
    return holder.uid !== 0 && !expected.uids.has(holder.uid);
  });
}

/** Root, these users, and their groups. */
export function expectedOf(
  ...users: readonly ({ readonly uid: number; readonly gid: number } | null)[]
): Expected {
  const known = users.filter((user) => user !== null);
  return {
    uids: new Set([0, ...known.map(({ uid }) => uid)]),
    gids: new Set([0, ...known.map(({ gid }) => gid)]),
  };
}

/** `everybody`, `group mail`, `user 50 (access list)`. */
export function describeHolder(holder: Holder, names: OwnerNames): string {
  if (holder.kind === 'everybody') return 'everybody';
  if (holder.kind === 'group')
    return `group ${names.groups.find(({ gid }) => gid === holder.gid)?.name ?? holder.gid}`;
  const user = names.users.find(({ uid }) => uid === holder.uid)?.name ?? `${holder.uid}`;
  return holder.kind === 'owner' ? `its owner ${user}` : `user ${user} (access list)`;
}

/** `root:mail 0660, writable by group mail`. */
export function describeHolders(
  access: Access,
  word: string,
  holders: readonly Holder[],
  names: OwnerNames,
): string {
  const who = [...new Set(holders.map((holder) => describeHolder(holder, names)))].join(', ');
  return `${describeAccess(access, names)}, ${word} by ${who}`;
}

/** Of a path, links followed. Null: it could not be inspected. */
export function fullAccess(files: FileReader, path: string): FullAccess | null {
  const stat = files.stat(path);
  if (!stat.ok) return null;
  const acl = files.acl(path);
  return { access: accessOf(stat.value), acl: acl.ok ? acl.value : 'unread' };
}
