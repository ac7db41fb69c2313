import type { Facts } from '../../facts/facts.generated.js';
import { keyWish } from '../../knowledge/access/key-wish.js';
import { listNote, rootOf, type Wanted, type Wish, wantedOf } from '../../knowledge/access/wish.js';
import type { PlanContext } from '../../units/remediation.js';

export type Reads = 'privateKeys' | 'install';

/** Owner, group and mode of every private key that is named; and what only a person can decide. */
export function wantedChanges(
  { privateKeys, install }: Pick<Facts, Reads>,
  files: PlanContext['look']['files'],
): Wanted {
  const rootUid = rootOf(install);
  const notes: string[] = [];
  const wishes = privateKeys.keys.flatMap((key): Wish[] => {
    for (const parent of key.writableParents)
      notes.push(
        `${parent.path} lets others replace ${key.realPath}: who needs to write there must be decided by a person`,
      );
    if (key.acl) notes.push(listNote(key.realPath));
    if (key.reach?.kind === 'denied' && key.reach.path !== key.realPath)
      notes.push(
        `${key.reach.path} bars ${key.owner} from ${key.realPath}: whom the folder is to let through must be decided by a person`,
      );
    const user = key.owner === 'msyspg' ? install.databaseUser : install.serviceUser;
    if (!user) return [];
    const isDenied = key.reach?.kind === 'denied' && key.reach.path === key.realPath;
    // Root's own key that the service cannot read becomes the service's.
    const isOwned = [user.uid, 0, rootUid].includes(key.access.uid) && !isDenied;
    const why = `${key.usedBy.what}: for root and ${user.name} only`;
    return [
      keyWish(key.path, { owner: key.owner, user, why }, (before) => {
        const uid = isOwned ? before.uid : user.uid;
        const gid = [user.gid, 0].includes(before.gid) ? before.gid : user.gid;
        // PostgreSQL does not start when the group can read a key of its own user.
        const most = key.owner === 'msyspg' && uid === user.uid ? 0o600 : 0o640;
        return { uid, gid, mode: (before.mode & most) | 0o400 };
      }),
    ];
  });
  return wantedOf(files, install, wishes, notes);
}
