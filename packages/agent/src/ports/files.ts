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

/** Reading. Collectors get one that remembers every path they looked at: that is what is then watched. */
export interface FileReader {
  read(path: string, options?: { readonly bytesMax?: number }): FileResult<Buffer>;
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
   * Everything below `path` (a directory; links to it are followed, links below are told and not followed), each
   * folder before what is in it. Gives way to other work in between. What vanishes meanwhile is left out.
   * Whoever records paths records `path`: whatever happens below it can change the answer.
   */
  walk(path: string, visitor: WalkVisitor, limits: WalkLimits): Promise<WalkEnd>;
}

export interface WalkVisitor {
  /** Every entry below the start. `path` is the start's path as given, and the names below it. */
  entry(path: string, stat: FileStat): void;
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

/** Writing. Only the runner has it. Each call is one system effect, so that a fault can be put at each. */
export interface FileWriter {
  /** Creates with O_EXCL|O_NOFOLLOW, sets owner and mode before any byte is written, and syncs the file. */
  createExclusive(
    path: string,
    content: Uint8Array,
    access: { uid: number; gid: number; mode: number },
  ): void;
  rename(from: string, to: string): void;
  link(from: string, to: string): void;
  unlink(path: string): void;
  mkdir(path: string, access: { uid: number; gid: number; mode: number }): void;
  chmod(path: string, mode: number): void;
  chown(path: string, uid: number, gid: number): void;
  syncDirectory(path: string): void;
}
