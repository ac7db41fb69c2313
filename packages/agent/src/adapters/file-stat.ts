import { constants, type Stats } from 'node:fs';
import type { FileKind, FileStat } from '../ports/files.js';

function kindOf(mode: number): FileKind {
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

export function fileStat(stats: Stats): FileStat {
  return {
    kind: kindOf(stats.mode),
    uid: stats.uid,
    gid: stats.gid,
    mode: stats.mode & 0o7777,
    sizeBytes: stats.size,
    mtimeMs: stats.mtimeMs,
    ctimeMs: stats.ctimeMs,
    dev: stats.dev,
    ino: stats.ino,
    birthtimeMs: stats.birthtimeMs,
    nlink: stats.nlink,
  };
}
