import type { Access } from '@castellan/shared/model/plan';
import { KEY_PLACES, type ServiceUserName } from '../momentum/managed-paths.js';
import { isBelow } from '../permissions/path-access.js';
import type { ServiceUser, Wish } from './wish.js';

/** A private key in one of the places of its service: for root and its user, and for nobody else. */
export function keyWish(
  path: string,
  { owner, user, why }: { readonly owner: ServiceUserName; readonly user: ServiceUser; readonly why: string },
  after: (before: Access) => Access,
): Wish {
  return {
    path,
    user,
    places: KEY_PLACES[owner].join(', '),
    isInPlace: (real) => KEY_PLACES[owner].some((place) => isBelow(real, place)),
    must: 'hold a key',
    why,
    after,
  };
}
