import { constants, type Stats } from 'node:fs';
import type { FileKind, FileStat, WalkedStat } from '../ports/files.js';

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

/** What a walk tells, one object for all that are alike and follow each other, as nearly all do. */
export class WalkedStats {
  #last: WalkedStat | null = null;

  of({ mode: bits, uid, gid, dev, ino, birthtimeMs }: Stats): WalkedStat {
    const kind = kindOf(bits);
    const mode = bits & 0o7777;
    if (kind === 'directory') return { kind, uid, gid, mode, dev, ino, birthtimeMs };
    const last = this.#last;
    if (last?.kind === kind && last.mode === mode && last.uid === uid && last.gid === gid) return last;
    this.#last = { kind, uid: whole(uid), gid: whole(gid), mode };
    return this.#last;
  }
}
