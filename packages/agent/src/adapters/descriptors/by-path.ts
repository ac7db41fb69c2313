import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  statSync,
} from 'node:fs';
import {
  type Acl,
  type CapturedFile,
  type FileReader,
  type FileResult,
  READ_BYTES_MAX,
} from '../../ports/files.js';
import { problem, problemOf } from '../file-problems.js';
import { fileStat } from '../file-stat.js';
import { startOf, type TreePaths, treePaths } from '../tree-paths.js';
import { listByPath } from './access-lists.js';
import { walkByPath } from './by-path-walk.js';
import { readAll } from './look.js';
import { byCodeUnit } from './names.js';

/** Where descriptors have no names (no /proc). Good for looking, and whoever may write meanwhile can mislead it: changes are refused. */
export function looksByPath(root: string): FileReader {
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
      if (!host.ok) return host;
      const read = readWhole(host.value, path, options?.bytesMax ?? READ_BYTES_MAX);
      return read.ok ? { ok: true, value: read.value.content } : read;
    },
    capture: (path, { bytesMax = READ_BYTES_MAX, follow = true } = {}) => {
      const found = paths.resolve(path, follow);
      if (!found.ok) return found;
      const read = readWhole(found.value.host, path, bytesMax);
      return read.ok ? { ok: true, value: { ...read.value, path: found.value.inside } } : read;
    },
    stat: (path) => at(path, true, (host) => fileStat(statSync(host))),
    lstat: (path) => at(path, false, (host) => fileStat(lstatSync(host))),
    list: (path) => at(path, true, (host) => readdirSync(host).sort(byCodeUnit)),
    readlink: (path) => at(path, false, (host) => readlinkSync(host)),
    realpath: (path) => {
      const found = paths.resolve(path, true);
      return found.ok ? { ok: true, value: { path: found.value.inside, links: found.value.links } } : found;
    },
    acl: (path) => {
      const host = locate(paths, path, true);
      return host.ok ? listByPath(host.value, path) : host;
    },
    acls: (folder, names) => {
      const host = locate(paths, folder, true);
      if (!host.ok) return Promise.resolve(host);
      const found = new Map<string, Acl | 'unread'>();
      for (const name of names) {
        const list = listByPath(`${host.value}/${name}`, name);
        if (!list.ok) found.set(name, 'unread');
        else if (list.value) found.set(name, list.value);
      }
      return Promise.resolve({ ok: true, value: found });
    },
    walk: (path, visitor, limits) => {
      const host = locate(paths, path, true);
      if (!host.ok) {
        visitor.problem(path, host.problem, host.detail);
        return Promise.resolve({ entriesSeen: 0, isTruncated: false });
      }
      return walkByPath({ host: host.value, path: startOf(path) }, visitor, limits);
    },
  };
}

/** With `/` as the root the system itself resolves paths: the fast way, and the true one. */
function locate(paths: TreePaths, path: string, follow: boolean): FileResult<string> {
  if (paths.prefix === '' && path.startsWith('/') && !path.includes('\0')) return { ok: true, value: path };
  const found = paths.resolve(path, follow);
  return found.ok ? { ok: true, value: found.value.host } : found;
}

/** O_NONBLOCK: opening a pipe that nobody writes to would otherwise never end. */
function readWhole(host: string, path: string, bytesMax: number): FileResult<Omit<CapturedFile, 'path'>> {
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
    const content = readAll(fd, path, { expected: stats.size, bytesMax });
    return content.ok ? { ok: true, value: { content: content.value, stat: fileStat(stats) } } : content;
  } catch (error) {
    return problemOf(error, path);
  } finally {
    closeSync(fd);
  }
}
