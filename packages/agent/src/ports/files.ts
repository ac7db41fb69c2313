import type { WalkedFolder } from './walked-folder.js';

/**
 * The node's files. Every path is absolute and inside the node's tree: with `--root DIR`, `/opt/msys` means
 * `DIR/opt/msys`, and symbolic links are followed inside the tree, never out of it.
 */
export type FileKind = 'file' | 'directory' | 'symlink' | 'socket' | 'other';

export interface FileStat {
  readonly kind: FileKind;
  readonly uid: number;
  readonly gid: number;
  /** Permission bits, 0o7777. */
  readonly mode: number;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly dev: number;
  readonly ino: number;
  /** When it was made; absent or 0 where the file system does not keep it. */
  readonly birthtimeMs?: number;
  readonly nlink: number;
}

/** What a walk tells of an entry, for which a hundred thousand pay: who may do what with it, and of a folder which it is. */
export type WalkedStat =
  | (OwnerAndMode & { readonly kind: Exclude<FileKind, 'directory'> })
  | (OwnerAndMode & FolderIdentity & { readonly kind: 'directory' });

type OwnerAndMode = Pick<FileStat, 'uid' | 'gid' | 'mode'>;
/** `birthtimeMs` may be absent here also where the file system keeps it. */
type FolderIdentity = Pick<FileStat, 'dev' | 'ino' | 'birthtimeMs'>;

/** Why a path could not be read. `missing` also covers a dangling link; `loop` a link that leads to itself. */
export type FileProblem =
  | 'missing'
  | 'denied'
  | 'directory'
  | 'not-directory'
  | 'loop'
  | 'too-large'
  | 'failed';

export type FileResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: FileProblem; readonly detail: string };

/** Largest file that `read` returns unless told otherwise. */
export const READ_BYTES_MAX = 16 * 1024 * 1024;

export interface CapturedFile {
  readonly path: string;
  readonly content: Buffer;
  readonly stat: FileStat;
}

/** The most names that `list` returns of one folder; of one that holds more, none. */
export const LIST_NAMES_MAX = 200_000;

/**
 * A POSIX access list (acl(5)): what it gives beside the permission bits. Bits are 4 read, 2 write, 1 execute. Those of
 * the owner and of others are the mode's; `gid` null is the file's own group. All but they are limited by `mask`.
 */
export interface Acl {
  readonly users: readonly { readonly uid: number; readonly bits: number }[];
  readonly groups: readonly { readonly gid: number | null; readonly bits: number }[];
  readonly mask: number;
}

/** Reading. Collectors get one that remembers every path they inspected: that is what is then watched. */
export interface FileReader {
  read(path: string, options?: { readonly bytesMax?: number }): FileResult<Buffer>;
  /**
   * A regular file's content and what it is, of one descriptor. `follow` false: a link as the last name is a `loop`.
   * `path` is the one without links.
   */
  capture(
    path: string,
    options?: { readonly bytesMax?: number; readonly follow?: boolean },
  ): FileResult<CapturedFile>;
  /** Follows links. */
  stat(path: string): FileResult<FileStat>;
  /** Does not follow the last link. */
  lstat(path: string): FileResult<FileStat>;
  /** Names in a directory, sorted by code unit. */
  list(path: string): FileResult<readonly string[]>;
  readlink(path: string): FileResult<string>;
  /** The path without links, and every link passed on the way (each is a place where the answer can change). */
  realpath(path: string): FileResult<{ readonly path: string; readonly links: readonly string[] }>;
  /**
   * The access list; null: there is none, or the system does not ask it (the group bits of the mode are all zero). Follows
   * links. A list that is there and cannot be read is a problem.
   */
  acl(path: string): FileResult<Acl | null>;
  /** Which of these names below a folder have a list, by name; `unread`: one that could not be read. Follows links. */
  acls(
    folder: string,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<FileResult<ReadonlyMap<string, Acl | 'unread'>>>;
  /**
   * Everything below `path` (a directory; links to it are followed, links below are told and not followed), each
   * folder before what is in it. Gives way to other work in between. What vanishes meanwhile is left out.
   * Whoever records paths records `path`: whatever happens below it can change the answer.
   */
  walk(path: string, visitor: WalkVisitor, limits: WalkLimits): Promise<WalkEnd>;
  /**
   * All that `walk` would tell, where it was seen before anybody asked for it: then there was no problem, and no limit was
   * reached. Null: it is to be walked. What was seen is given once.
   */
  walkedAhead?(
    path: string,
    limits: WalkLimits,
  ): Promise<{ readonly top: WalkedFolder; readonly size: number } | null>;
}

export interface WalkVisitor {
  /**
   * Every entry below the start. `folder` is the start's path as given and the names below it, empty where it is the root;
   * the entry's path is `folder`, a slash and `name`: of a hundred thousand nobody asks for more than a few.
   */
  entry(folder: string, name: string, stat: WalkedStat): void;
  /** A folder whose names, or an entry whose kind, could not be read. */
  problem(path: string, problem: FileProblem, detail: string): void;
}

export interface WalkLimits {
  readonly entriesMax: number;
  readonly depthMax: number;
  /** Entries of these names are passed over, with everything below them. */
  readonly skipNames: readonly string[];
  readonly signal: AbortSignal;
}

export interface WalkEnd {
  readonly entriesSeen: number;
  /** A limit was reached: what lies beyond was not seen. */
  readonly isTruncated: boolean;
}

/** Which thing it is, whatever it is called: what a plan saw, asked again of the very descriptor that is then used. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
  readonly uid: number;
}

/** A user, besides root and the agent's own, who may write in the folders above what is changed. */
export interface TrustedUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Writing. Only the runner has it. Each call is one system effect, so that a fault can be put at each. Every folder on
 * the way is opened by itself, a link on the way is passed only where none but root could have put it, and folders
 * that somebody other than root and `trusted` may write in are refused. The last name is never followed.
 */
export interface FileWriter {
  /**
   * Sets owner and mode when the content is there, and syncs the file. `like`: the file whose ACL, extended attributes
   * and SELinux label it gets; where they cannot be copied, nothing is made.
   */
  createExclusive(
    path: string,
    content: Uint8Array,
    access: OwnerAndMode & {
      readonly like?: { readonly path: string; readonly identity: FileIdentity } | null;
    },
    trusted: readonly TrustedUser[],
  ): FileIdentity;
  /**
   * `from` stands in a folder that only root may write in, and is `moved`; `to` is `replaced`, or nothing. Both are
   * inspected right before, and the new name right after.
   */
  rename(
    from: string,
    to: string,
    expected: { readonly moved: FileIdentity; readonly replaced: FileIdentity | null },
    trusted: readonly TrustedUser[],
  ): void;
  unlink(path: string, expected: FileIdentity, trusted: readonly TrustedUser[]): void;
  mkdir(path: string, access: OwnerAndMode, trusted: readonly TrustedUser[]): void;
  /** An empty folder. */
  rmdir(path: string, trusted: readonly TrustedUser[]): void;
  /** A file with one name, or a folder. */
  chmod(path: string, mode: number, expected: FileIdentity, trusted: readonly TrustedUser[]): void;
  chown(
    path: string,
    owner: { readonly uid: number; readonly gid: number },
    expected: FileIdentity,
    trusted: readonly TrustedUser[],
  ): void;
  syncDirectory(path: string, trusted: readonly TrustedUser[]): void;
}

/** Which thing a path names now. With when it was made: the number of a folder that was removed is given to the next one. */
export function identityOf({ dev, ino, birthtimeMs }: FolderIdentity): string {
  return `${dev}:${ino}:${birthtimeMs ?? ''}`;
}
