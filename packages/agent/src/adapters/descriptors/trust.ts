import type { Stats } from 'node:fs';
import type { TrustedUser } from '../../ports/files.js';

/**
 * Who, besides root, the agent's own user and `trusted`, may put other things into a folder; null: nobody. A group is
 * trusted with its user: who else is in it is for the node's administrator to say. Where a folder has an ACL, the
 * group bits are its mask, so what it grants beyond the group is not seen from here.
 */
export function strangerIn(folder: Stats, trusted: readonly TrustedUser[]): string | null {
  const uids = [0, process.geteuid?.() ?? 0, ...trusted.map(({ uid }) => uid)];
  const gids = [0, ...ownGroups(), ...trusted.map(({ gid }) => gid)];
  if (!uids.includes(folder.uid)) return `user ${folder.uid}, who owns it`;
  if ((folder.mode & 0o002) !== 0) return 'everybody';
  return (folder.mode & 0o020) !== 0 && !gids.includes(folder.gid) ? `group ${folder.gid}` : null;
}

/** Root in a group is still root; any other user has no other group to write with. */
function ownGroups(): number[] {
  return process.geteuid?.() === 0 ? [] : [process.getegid?.() ?? 0];
}
