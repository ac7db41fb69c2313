import type { Stats } from 'node:fs';
import type { TrustedUser } from '../../ports/files.js';
import type { AclOfFolder } from './acl.js';

/** Who asks: the agent's user on the node, and the groups that only that one has. */
export interface OwnIdentity {
  readonly uid: number;
  readonly gids: readonly number[];
}

/**
 * Who, besides root, the agent's own user and `trusted`, may put other things into a folder; null: nobody. A group is
 * trusted with its user: who else is in it is for the node's administrator to say. Where a folder has an ACL, the
 * group bits of its mode are the list's mask, and the list says who may.
 */
export function strangerIn(
  folder: Pick<Stats, 'uid' | 'gid' | 'mode'>,
  trusted: readonly TrustedUser[],
  acl: AclOfFolder = 'none',
  own: OwnIdentity = { uid: process.geteuid?.() ?? 0, gids: ownGroups() },
): string | null {
  const uids = [0, own.uid, ...trusted.map(({ uid }) => uid)];
  const gids = [0, ...own.gids, ...trusted.map(({ gid }) => gid)];
  if (!uids.includes(folder.uid)) return `user ${folder.uid}, who owns it`;
  if ((folder.mode & 0o002) !== 0) return 'everybody';
  if (acl === 'unreadable') return 'others by an ACL, which could not be read (no getfacl here)';
  const users = acl === 'none' ? [] : acl.users;
  const groups = acl === 'none' ? ((folder.mode & 0o020) !== 0 ? [null] : []) : acl.groups;
  const user = users.find((uid) => !uids.includes(uid));
  if (user !== undefined) return `user ${user}, by its ACL`;
  const group = groups.map((gid) => gid ?? folder.gid).find((gid) => !gids.includes(gid));
  return group === undefined ? null : `group ${group}${acl === 'none' ? '' : ', by its ACL'}`;
}

/** Root in a group is still root; any other user has no other group to write with. */
function ownGroups(): number[] {
  return process.geteuid?.() === 0 ? [] : [process.getegid?.() ?? 0];
}
