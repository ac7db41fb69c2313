import {
  chownSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Io, STDIN } from './io.js';

/** The real files and streams. */
export function processIo(): Io {
  return {
    read(path) {
      try {
        return { ok: true, bytes: readFileSync(path === STDIN ? 0 : path) };
      } catch (error) {
        const { code = 'failed', message } = error as NodeJS.ErrnoException;
        return { ok: false, problem: PROBLEMS[code] ?? code.toLowerCase(), detail: message };
      }
    },
    list: (path) => (statSync(path, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(path) : null),
    replace,
    out: (data) => void process.stdout.write(data),
    err: (text) => void process.stderr.write(text),
  };
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EACCES: 'denied',
  EPERM: 'denied',
  EISDIR: 'folder',
};

/** A link is followed, so that it stays a link. */
function replace(path: string, bytes: Uint8Array): void {
  const target = realpathSync(path);
  const { mode, uid, gid } = statSync(target);
  const beside = join(dirname(target), `.${basename(target)}.ecconf-${process.pid}`);
  // Refused where there is one already: it is somebody else's, and stays.
  const file = openSync(beside, 'wx', mode);
  try {
    try {
      writeSync(file, bytes);
      fchmodSync(file, mode);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    // Another owner can be given by root only; for everyone else the file is theirs already.
    if (process.getuid?.() === 0) chownSync(beside, uid, gid);
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
