import type { Access } from '@castellan/shared/model/plan';
import type { DkimKey } from '../../facts/dkim-keys.js';
import type { Facts } from '../../facts/facts.generated.js';
import { ownFolderWish, WAYS } from '../../knowledge/access/folder-wish.js';
import { keyWish } from '../../knowledge/access/key-wish.js';
import {
  listNote,
  rootOf,
  type ServiceUser,
  type Wanted,
  type Wish,
  wantedOf,
} from '../../knowledge/access/wish.js';
import { dkimAccess } from '../../knowledge/certificates/dkim-access.js';
import { KEY_PLACES } from '../../knowledge/momentum/managed-paths.js';
import { expectedOf } from '../../knowledge/permissions/holders.js';
import { PathAccess } from '../../knowledge/permissions/path-access.js';
import type { PlanContext } from '../../units/remediation.js';

export type Reads = 'dkimKeys' | 'momentumConfig' | 'install';
type Files = PlanContext['look']['files'];

/** Of every DKIM key that is there: for root to write, Momentum's user to read, and nobody else. */
export function wantedChanges(facts: Pick<Facts, Reads>, files: Files): Wanted {
  const { dkimKeys, momentumConfig, install } = facts;
  const faulty = faultyKeys(facts);
  const user = install.serviceUser;
  // The configuration, which names the user, is written by a user itself: root gives nothing to whoever stands there.
  if (!user || user.uid !== momentumConfig.runUser.principal?.uid) {
    const note = `the configuration has Momentum run as ${momentumConfig.runUser.name}: what that user is given must be decided by a person`;
    return { entries: [], notes: faulty.length > 0 ? [note] : [] };
  }
  const notes: string[] = [];
  const paths = new PathAccess(files, user);
  const wishes = dkimKeys.keys.flatMap((key): Wish[] => {
    if (key.isMissing || key.access === null) return [];
    if (key.acl !== null) {
      // With a list, the group bits are its mask: they are no longer anybody's own.
      if (faulty.includes(key) || key.acl === 'unread') notes.push(listNote(key.path));
      return [];
    }
    const barred = paths
      .obstacles(key.path, 'read')
      .flatMap((one) => (one.kind === 'denied' && one.isFolder ? [one.path] : []));
    for (const path of barred.filter((one) => WAYS.has(one)))
      notes.push(`${path} bars ${user.name} from its whole configuration: permissions-repair opens it`);
    const folders = barred.filter((one) => !WAYS.has(one));
    return [
      ...folders.map((path) => ownFolderWish(path, user, { places: KEY_PLACES.ecuser })),
      keyWish(
        key.path,
        { owner: 'ecuser', user, why: `a DKIM key: for root and ${user.name} only` },
        afterOf(user, rootOf(install)),
      ),
    ];
  });
  return wantedOf(files, install, wishes, notes);
}

/** Keys that the wrong people can read, or the right one cannot. */
export function faultyKeys({ dkimKeys, momentumConfig, install }: Pick<Facts, Reads>): DkimKey[] {
  const expected = expectedOf(install.serviceUser, momentumConfig.runUser.principal);
  return dkimKeys.keys.filter((key) => {
    const { denied, others } = dkimAccess(key, expected);
    return denied !== null || others.length > 0;
  });
}

function afterOf(user: ServiceUser, rootUid: number): (before: Access) => Access {
  return (before) => {
    const isUsers = before.uid === user.uid;
    const uid = isUsers || before.uid === 0 ? before.uid : rootUid;
    const gid = isUsers && before.gid === 0 ? before.gid : user.gid;
    const kept = before.gid === gid ? before.mode : before.mode & ~0o070;
    return { uid, gid, mode: (kept & 0o640) | (isUsers ? 0o400 : 0o440) };
  };
}
