import { constants, type Stats } from 'node:fs';
import type { FileKind, FileStat } from '../ports/files.js';

/** The numbers of the kinds are the same on every Unix. */
export function kindOf(mode: number): FileKind {
  switch (mode & constants.S_IFMT) {
    case constants.S_IFREG:
      return 'file';
    case constants.S_IFDIR:
      return 'directory';
    case constants.S_IFLNK:
      return 'symlink';
    case constants.S_IFSOCK:
      return 'socket';
    default:
      return 'other';
  }
}

/** The same number. Node gives each as a double in memory of its own; those of 100,000 kept entries are half of their memory. */
export function whole(value: number): number {
  const small = value | 0;
  return small === value ? small : value;
}

export function fileStat(stats: Stats): FileStat {
  return {
    kind: kindOf(stats.mode),
    uid: whole(stats.uid),
    gid: whole(stats.gid),
    mode: stats.mode & 0o7777,
    sizeBytes: whole(stats.size),
    mtimeMs: stats.mtimeMs,
    ctimeMs: stats.ctimeMs,
    dev: whole(stats.dev),
    ino: whole(stats.ino),
    birthtimeMs: stats.birthtimeMs,
    nlink: whole(stats.nlink),
  };
}
