import type { Access } from '@castellan/shared/model/plan';
import { CONFIG_ROOTS } from '../momentum/managed-paths.js';
import { isBelow } from '../permissions/path-access.js';
import type { ServiceUser, Wish } from './wish.js';

/** The folders of Momentum's that lead to its configuration. Every service of Momentum passes through the first. */
export const WAYS: ReadonlySet<string> = new Set(
  CONFIG_ROOTS.flatMap((root) => {
    const names = root.split('/');
    return names.map((_, index) => names.slice(0, index).join('/'));
  }).filter((path) => isBelow(path, '/opt/msys')),
);

const WAYS_IN_WORDS = 'the folders that lead to the configuration';

/**
 * A shared folder that a service's user must get through. It becomes readable to all, as the manual says of folders
 * (install.security: "world readable, likewise for directories") and as an installation under umask 0022 has it: with one
 * service's group and nothing for others, the other services would be shut out (msyspg of /opt/msys).
 */
export function wayWish(path: string, user: ServiceUser): Wish {
  return {
    path,
    user,
    places: WAYS_IN_WORDS,
    isInPlace: (real) => WAYS.has(real),
    why: `${user.name} must be able to pass through it, and the other services too`,
    after: (before) => ({ ...before, mode: before.mode | 0o555 }),
  };
}

/** The same where a secret in it is kept by the folder alone: for the user's group, if nobody loses by that. */
export function closedWayWish(path: string, user: ServiceUser): Wish {
  return {
    ...wayWish(path, user),
    why: `${user.name} must be able to pass through it`,
    after: (before) => ([0, user.gid].includes(before.gid) ? forGroup(user)(before) : before),
  };
}

/** A folder that is one service's own, in `places`: its group may read and enter it, and others get nothing new. */
export function ownFolderWish(
  path: string,
  user: ServiceUser,
  { places, uid }: { readonly places: readonly string[]; readonly uid?: number },
): Wish {
  return {
    path,
    user,
    places: places.join(', '),
    isInPlace: (real) => places.some((place) => isBelow(real, place)),
    why: `${user.name} must be able to pass through it`,
    after: (before) => ({ ...forGroup(user)(before), uid: uid ?? before.uid }),
  };
}

/** What the old group might do is not what the new one may. */
function forGroup(user: ServiceUser): (before: Access) => Access {
  return (before) => ({
    uid: before.uid,
    gid: user.gid,
    mode: (before.gid === user.gid ? before.mode : before.mode & ~0o070) | 0o750,
  });
}
