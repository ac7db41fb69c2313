import type { Access } from '@castellan/shared/model/plan';
import type { FileIdentity, FileReader, FileStat } from '../../ports/files.js';
import type { PrincipalIds } from './passwd.js';

/** `search` of a folder is r and x: the product lists its folders as well as passing through them. */
export type Want = 'read' | 'write' | 'pass' | 'search';

const BITS: Readonly<Record<Want, number>> = { read: 0o4, write: 0o2, pass: 0o1, search: 0o5 };

/**
 * Whether the permission bits grant it. The first class that fits decides, as in POSIX: an owner whom the owner bits
 * refuse is not helped by the group's. Root is refused nothing (capabilities taken from root are not looked at).
 * POSIX ACLs cannot be read from here: where there is one, the group bits are its mask, and a user named in it may
 * have more, or the group less, than this answers.
 */
export function grants(access: Access, principal: PrincipalIds, want: Want): boolean {
  if (principal.uid === 0) return true;
  const shift = access.uid === principal.uid ? 6 : principal.groups.includes(access.gid) ? 3 : 0;
  return ((access.mode >> shift) & BITS[want]) === BITS[want];
}

export function accessOf(stat: FileStat): Access {
  return { uid: stat.uid, gid: stat.gid, mode: stat.mode };
}

export function identityOf({ dev, ino, uid }: FileStat): FileIdentity {
  return { dev, ino, uid };
}

export function sameAccess(a: Access, b: Access): boolean {
  return a.uid === b.uid && a.gid === b.gid && a.mode === b.mode;
}

/** Names of the node's users and groups; the fact `install` has them. */
export interface OwnerNames {
  readonly users: readonly { readonly name: string; readonly uid: number }[];
  readonly groups: readonly { readonly name: string; readonly gid: number }[];
}

/** `root:ecuser 0640`; numbers where the node has no name for them. */
export function describeAccess(access: Access, names: OwnerNames): string {
  const user = names.users.find(({ uid }) => uid === access.uid)?.name ?? access.uid;
  const group = names.groups.find(({ gid }) => gid === access.gid)?.name ?? access.gid;
  return `${user}:${group} ${octal(access.mode)}`;
}

export function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`;
}

export type Reach =
  | { readonly kind: 'granted' }
  /** `path` is what stands in the way: a folder above, or the thing itself. */
  | {
      readonly kind: 'barred';
      readonly path: string;
      readonly isFolder: boolean;
      readonly access: Access;
      readonly lacks: Want;
    }
  | { readonly kind: 'unknown'; readonly path: string; readonly problem: string };

const GRANTED: Reach = { kind: 'granted' };

/**
 * Whether a user can get at paths: every folder above, every link on the way, and the thing itself. Answers about
 * folders are remembered, so keep one for one look at the node. `/` itself is never in question: with --root it is
 * whatever folder the tree was unpacked into.
 */
export class PathAccess {
  readonly #folders = new Map<string, Reach>();

  constructor(
    private readonly files: FileReader,
    private readonly principal: PrincipalIds,
  ) {}

  check(path: string, want: Want): Reach {
    const real = this.files.realpath(path);
    if (!real.ok) return { kind: 'unknown', path, problem: real.problem };
    // A link is passed in the folder that it stands in; every such folder must let the user through.
    for (const link of real.value.links) {
      const way = this.#parents(link);
      if (way.kind !== 'granted') return way;
    }
    const above = this.#parents(real.value.path);
    return above.kind === 'granted' ? this.#self(real.value.path, want) : above;
  }

  #parents(path: string): Reach {
    const folder = parentOf(path);
    if (folder === '/') return GRANTED;
    const known = this.#folders.get(folder);
    if (known) return known;
    const above = this.#parents(folder);
    const answer = above.kind === 'granted' ? this.#self(folder, 'pass') : above;
    this.#folders.set(folder, answer);
    return answer;
  }

  #self(path: string, want: Want): Reach {
    if (path === '/') return GRANTED;
    const stat = this.files.stat(path);
    if (!stat.ok) return { kind: 'unknown', path, problem: stat.problem };
    const access = accessOf(stat.value);
    if (grants(access, this.principal, want)) return GRANTED;
    return { kind: 'barred', path, isFolder: stat.value.kind === 'directory', access, lacks: want };
  }
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/**
 * Folders above `path` (without links) in which somebody other than root and `owner` could put another file in its
 * place. A sticky folder (/tmp) lets nobody rename another's file.
 */
export function replaceableIn(
  files: FileReader,
  path: string,
  owner: { readonly uid: number; readonly gid: number },
): { readonly path: string; readonly access: Access }[] {
  const found: { path: string; access: Access }[] = [];
  for (let folder = parentOf(path); folder !== '/'; folder = parentOf(folder)) {
    const stat = files.stat(folder);
    if (!stat.ok) continue;
    const access = accessOf(stat.value);
    const isSticky = (access.mode & 0o1000) !== 0;
    const byGroup = (access.mode & 0o020) !== 0 && access.gid !== 0 && access.gid !== owner.gid;
    const byOwner = access.uid !== 0 && access.uid !== owner.uid;
    if (byOwner || (!isSticky && (byGroup || (access.mode & 0o002) !== 0)))
      found.push({ path: folder, access });
  }
  return found;
}
