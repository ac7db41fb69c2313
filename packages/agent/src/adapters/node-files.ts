import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  statSync,
} from 'node:fs';
import { type FileReader, type FileResult, READ_BYTES_MAX } from '../ports/files.js';
import { problem, problemOf } from './file-problems.js';
import { fileStat } from './file-stat.js';
import { walkTree } from './node-walk.js';
import { type TreePaths, treePaths } from './tree-paths.js';

/** The files of the tree at `root`. `root` itself must exist: that is checked by whoever takes it from a person. */
export function nodeFiles(root: string): FileReader {
  const paths = treePaths(root);
  const at = <T>(path: string, follow: boolean, look: (host: string) => T): FileResult<T> => {
    const host = locate(paths, path, follow);
    if (!host.ok) return host;
    try {
      return { ok: true, value: look(host.value) };
    } catch (error) {
      return problemOf(error, path);
    }
  };
  return {
    read: (path, options) => {
      const host = locate(paths, path, true);
      return host.ok ? readWhole(host.value, path, options?.bytesMax ?? READ_BYTES_MAX) : host;
    },
    stat: (path) => at(path, true, (host) => fileStat(statSync(host))),
    lstat: (path) => at(path, false, (host) => fileStat(lstatSync(host))),
    list: (path) => at(path, true, (host) => readdirSync(host).sort(byCodeUnit)),
    readlink: (path) => at(path, false, (host) => readlinkSync(host)),
    realpath: (path) => {
      const found = paths.resolve(path, true);
      return found.ok ? { ok: true, value: { path: found.value.inside, links: found.value.links } } : found;
    },
    walk: (path, visitor, limits) => {
      const host = locate(paths, path, true);
      if (!host.ok) {
        visitor.problem(path, host.problem, host.detail);
        return Promise.resolve({ entriesSeen: 0, isTruncated: false });
      }
      return walkTree(
        { host: host.value, path: path === '/' ? '' : path.replace(/\/+$/, '') },
        visitor,
        limits,
      );
    },
  };
}

/** With `/` as the root the system itself resolves paths: the fast way, and the true one. */
function locate(paths: TreePaths, path: string, follow: boolean): FileResult<string> {
  if (paths.prefix === '' && path.startsWith('/') && !path.includes('\0')) return { ok: true, value: path };
  const found = paths.resolve(path, follow);
  return found.ok ? { ok: true, value: found.value.host } : found;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const CHUNK_BYTES = 64 * 1024;

/** O_NONBLOCK: opening a pipe that nobody writes to would otherwise never end. */
function readWhole(host: string, path: string, bytesMax: number): FileResult<Buffer> {
  let fd: number;
  try {
    fd = openSync(host, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    return problemOf(error, path);
  }
  try {
    const stats = fstatSync(fd);
    if (stats.isDirectory()) return problem('directory', `${path}: is a folder`);
    if (!stats.isFile()) return problem('failed', `${path}: neither a file nor a folder`);
    if (stats.size > bytesMax)
      return problem('too-large', `${path}: ${stats.size} bytes, more than ${bytesMax}`);
    return readAll(fd, path, { expected: stats.size, bytesMax });
  } catch (error) {
    return problemOf(error, path);
  } finally {
    closeSync(fd);
  }
}

/** Reads to the end whatever the size said: files of /proc say 0, and a file may grow while it is read. */
function readAll(fd: number, path: string, size: { expected: number; bytesMax: number }): FileResult<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, total === 0 ? size.expected + 1 : 0));
    const count = readSync(fd, chunk, 0, chunk.length, null);
    if (count === 0) return { ok: true, value: Buffer.concat(chunks, total) };
    total += count;
    if (total > size.bytesMax) return problem('too-large', `${path}: more than ${size.bytesMax} bytes`);
    chunks.push(chunk.subarray(0, count));
  }
}
