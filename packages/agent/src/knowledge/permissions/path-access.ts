import { dirname } from 'node:path';
import type { Access } from '@castellan/shared/model/plan';
import type { Acl, FileIdentity, FileReader, FileStat } from '../../ports/files.js';
import type { PrincipalIds } from './passwd.js';

/** `search` of a folder is r and x: the product lists its folders as well as passing through them. */
export type Want = 'read' | 'write' | 'pass' | 'search';

const BITS: Readonly<Record<Exclude<Want, 'search'>, number>> = { read: 0o4, write: 0o2, pass: 0o1 };

/**
 * Whether the permission bits, and the access list where there is one, grant it, as the kernel decides
 * (path_resolution(7), acl(5)): the first class that fits counts, so an owner whom the owner bits refuse is not helped by
 * the group's. Root is refused nothing (capabilities taken from root are not inspected). Linux asks a list only where the
 * group bits, which are its mask, are not all zero.
 */
export function grants(access: Access, principal: PrincipalIds, want: Want, acl: Acl | null = null): boolean {
  // Listing and passing through are two questions to the kernel: two groups may each grant one.
  if (want === 'search')
    return grants(access, principal, 'read', acl) && grants(access, principal, 'pass', acl);
  const wanted = BITS[want];
  const has = (bits: number): boolean => (bits & wanted) === wanted;
  if (principal.uid === 0) return true;
  if (access.uid === principal.uid) return has(access.mode >> 6);
  if (acl === null || (access.mode & 0o070) === 0)
    return has(principal.groups.includes(access.gid) ? access.mode >> 3 : access.mode);
  const user = acl.users.find(({ uid }) => uid === principal.uid);
  if (user) return has(user.bits & acl.mask);
  const groups = acl.groups.filter(({ gid }) => principal.groups.includes(gid ?? access.gid));
  return groups.length > 0 ? groups.some(({ bits }) => has(bits & acl.mask)) : has(access.mode);
}

/** Whether only an access list, where there is one, can tell: the user is neither root nor the owner. */
export function isListAsked(access: Access, principal: PrincipalIds): boolean {
  return principal.uid !== 0 && access.uid !== principal.uid && (access.mode & 0o070) !== 0;
}

export function accessOf(stat: Access): Access {
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
      readonly kind: 'denied';
      readonly path: string;
      readonly isFolder: boolean;
      readonly access: Access;
      readonly lacks: Want;
    }
  | { readonly kind: 'unknown'; readonly path: string; readonly problem: string };

const GRANTED: Reach = { kind: 'granted' };
const NO_LIST = { ok: true, value: null } as const;

/**
 * Whether a user can get at paths: every folder above, every link on the way, and the thing itself. Answers about
 * folders are remembered, so keep one for one scan of the node. `/` itself is never in question: with --root it is
 * whatever folder the tree was unpacked into.
 */
export class PathAccess {
  readonly #folders = new Map<string, Reach>();

  constructor(
    private readonly files: FileReader,
    private readonly principal: PrincipalIds,
  ) {}

  /** What is not known outranks nothing: a certain obstacle is told first, the outermost one. */
  check(path: string, want: Want): Reach {
    const [first, ...others] = this.obstacles(path, want);
    return [first, ...others].find((reach) => reach?.kind === 'denied') ?? first ?? GRANTED;
  }

  /** Everything that stands in the way or is not known, each once, from the outside in. None: it is granted. */
  obstacles(path: string, want: Want): Exclude<Reach, { kind: 'granted' }>[] {
    const real = this.files.realpath(path);
    if (!real.ok) return [{ kind: 'unknown', path, problem: real.problem }];
    // A link is passed in the folder that it stands in; every such folder must let the user through.
    const folders = [...real.value.links, real.value.path].flatMap(foldersAbove);
    // Asked from the inside out: whoever reads the access list of one reads those of the folders above at once.
    const self = this.#self(real.value.path, want);
    const all = [...new Set(folders)].reverse().map((folder) => this.#pass(folder));
    return [...all.reverse(), self].filter((reach) => reach.kind !== 'granted');
  }

  #pass(folder: string): Reach {
    const known = this.#folders.get(folder);
    if (known) return known;
    const answer = this.#self(folder, 'pass');
    this.#folders.set(folder, answer);
    return answer;
  }

  #self(path: string, want: Want): Reach {
    if (path === '/') return GRANTED;
    const stat = this.files.stat(path);
    if (!stat.ok) return { kind: 'unknown', path, problem: stat.problem };
    const access = accessOf(stat.value);
    const acl = isListAsked(access, this.principal) ? this.files.acl(path) : NO_LIST;
    if (!acl.ok) return { kind: 'unknown', path, problem: acl.detail };
    if (grants(access, this.principal, want, acl.value)) return GRANTED;
    return { kind: 'denied', path, isFolder: stat.value.kind === 'directory', access, lacks: want };
  }
}

/** From the outside in, without `/`. */
function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) folders.push(folder);
  return folders.reverse();
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
  for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) {
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
