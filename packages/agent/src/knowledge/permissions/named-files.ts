import type { FileReader, FileResult, FileStat } from '../../ports/files.js';
import type { PrincipalIds } from './passwd.js';
import { accessOf, grants, isBelow, PathAccess } from './path-access.js';

/** Where a node has no such user: what everybody may read. */
const NOBODY: PrincipalIds = { uid: 2 ** 32 - 1, groups: [] };

/**
 * Files whose paths stand in settings that an unprivileged user writes. The agent is root, and what it reads it may
 * tell of: an include of `/etc/shadow` is looked into only where that user could do so itself. `places`: folders of the
 * product's own, where a file that its user cannot read is looked into all the same, because that is a fault to be found.
 *
 * Asked of what was read, by the descriptor that it was read of: a file exchanged meanwhile is refused like any other.
 */
export function namedBy(files: FileReader, user: PrincipalIds | null, places: readonly string[]): FileReader {
  const principal = user ?? NOBODY;
  const reach = new PathAccess(files, principal);
  const isOpen = (path: string, stat: FileStat): boolean => {
    // In the product's own folders a file that its user cannot get at is the very fault that is looked for.
    if (stat.nlink === 1 && places.some((place) => isBelow(path, place))) return true;
    const acl = files.acl(path);
    return (
      acl.ok &&
      grants(accessOf(stat), principal, 'read', acl.value) &&
      reach.check(path, 'read').kind === 'granted'
    );
  };
  const closed = (path: string): FileResult<never> => ({
    ok: false,
    problem: 'denied',
    detail: `${path}: not looked into, because the user whose settings name it could not read it`,
  });
  const capture: FileReader['capture'] = (path, options) => {
    const found = files.capture(path, options);
    return found.ok && !isOpen(found.value.path, found.value.stat) ? closed(path) : found;
  };
  return {
    ...files,
    capture,
    read: (path, options) => {
      const found = capture(path, options);
      return found.ok ? { ok: true, value: found.value.content } : found;
    },
    list: (path) => {
      const real = files.realpath(path);
      if (!real.ok) return real;
      const isPlace = places.some((place) => isBelow(real.value.path, place));
      if (!isPlace && reach.check(path, 'search').kind === 'denied') return closed(path);
      return files.list(path);
    },
  };
}
