import { constants, fstatSync, lstatSync, openSync, readlinkSync, readSync, statfsSync } from 'node:fs';
import {
  type Acl,
  type CapturedFile,
  type FileReader,
  type FileResult,
  LIST_NAMES_MAX,
  READ_BYTES_MAX,
} from '../../ports/files.js';
import { problem } from '../file-problems.js';
import { fileStat } from '../file-stat.js';
import type { NodeFilesOptions } from '../node-files.js';
import { startOf } from '../tree-paths.js';
import { AccessLists, listsBelow } from './access-lists.js';
import { nameOf, pin, READING, using } from './fd.js';
import { byCodeUnit, namesOf } from './names.js';
import { atPlace, type Place } from './place.js';
import { walkTree } from './walk.js';

/** Lists of so few names are asked one by one. */
const BY_NAME_MAX = 4;

/**
 * Looks by descriptor. `root`: the tree's folder on this host, without links. `isAlone`: a walk may change the folder
 * that this process stands in, for one stretch of synchronous work at a time. `ahead`: a walk that has begun already.
 * `listsOf`: folders of whose files the access lists are asked together.
 */
export function looksByDescriptor(
  root: string,
  { isAlone, ahead, listsOf }: Required<Omit<NodeFilesOptions, 'descriptors'>>,
): FileReader {
  const lists = new AccessLists(root, listsOf);
  const thing = <T>(path: string, look: (self: number, place: Place) => FileResult<T>) =>
    atPlace(root, path, { follow: true }, (place) =>
      place.self === null ? problem<T>('failed', `${path}: not inspected`) : look(place.self, place),
    );
  const entry = <T>(path: string, look: (host: string) => T) =>
    atPlace(root, path, { follow: false }, ({ folder, name, self }) => ({
      ok: true,
      value: look(folder === null ? nameOf(self ?? -1) : nameOf(folder, name)),
    }));
  const acl: FileReader['acl'] = (path) =>
    thing(path, (self, { above }) =>
      lists.of([{ path, descriptor: self }, ...above.map((descriptor) => ({ path, descriptor }))]),
    );
  return {
    read: (path, options) => {
      const captured = thing(path, (self, place) =>
        captureFile(self, { path, inside: place.inside }, options?.bytesMax ?? READ_BYTES_MAX),
      );
      return captured.ok ? { ok: true, value: captured.value.content } : captured;
    },
    capture: (path, options) => capture(root, path, options),
    stat: (path) => thing(path, (self) => ({ ok: true, value: fileStat(fstatSync(self)) })),
    lstat: (path) =>
      path.split('/').every((name) => name === '')
        ? thing(path, (self) => ({ ok: true, value: fileStat(fstatSync(self)) }))
        : entry(path, (host) => fileStat(lstatSync(host))),
    list: (path) => thing(path, (self) => namesIn(self, path)),
    readlink: (path) => entry(path, (host) => readlinkSync(host)),
    realpath: (path) =>
      thing(path, (_self, { inside, links }) => ({ ok: true, value: { path: inside, links } })),
    acl,
    acls: async (folder, names, signal) => {
      if (names.length <= BY_NAME_MAX) return { ok: true, value: listsByName(acl, folder, names) };
      const start = thing(folder, (self) => ({ ok: true, value: openFolder(self) }));
      return start.ok ? { ok: true, value: await listsBelow(start.value, names, signal) } : start;
    },
    walk: async (path, visitor, limits) => {
      const start = thing(path, (self) => ({ ok: true, value: openFolder(self) }));
      if (!start.ok) {
        visitor.problem(path, start.problem, start.detail);
        return { entriesSeen: 0, isTruncated: false };
      }
      return walkTree({ fd: start.value, path: startOf(path), isAlone }, visitor, limits);
    },
    walkedAhead: async (path, limits) => {
      if (!ahead) return null;
      const start = thing(path, (self) => ({ ok: true, value: fstatSync(self) }));
      return start.ok ? ahead.tree(start.value, startOf(path), limits) : null;
    },
  };
}

/** Of each by itself: most are known already. What has gone meanwhile has none. */
function listsByName(
  acl: FileReader['acl'],
  folder: string,
  names: readonly string[],
): ReadonlyMap<string, Acl | 'unread'> {
  const found = new Map<string, Acl | 'unread'>();
  for (const name of names) {
    const list = acl(`${folder}/${name}`);
    if (list.ok && list.value !== null) found.set(name, list.value);
    else if (!list.ok && list.problem !== 'missing') found.set(name, 'unread');
  }
  return found;
}

/** A second descriptor of a pinned folder, for whoever goes on when the way to it is closed. */
function openFolder(self: number): number {
  return openSync(nameOf(self), constants.O_RDONLY | constants.O_DIRECTORY);
}

function capture(
  root: string,
  path: string,
  { bytesMax = READ_BYTES_MAX, follow = true }: { bytesMax?: number; follow?: boolean } = {},
): FileResult<CapturedFile> {
  return atPlace(root, path, { follow }, ({ folder, name, self, inside }) => {
    if (self !== null) return captureFile(self, { path, inside }, bytesMax);
    const fd = folder === null ? null : pin(folder, name);
    return fd === null
      ? problem('directory', `${path}: is a folder`)
      : using(fd, (one) => captureFile(one, { path, inside }, bytesMax));
  });
}

/** The content is read of the inode that was pinned: a device is never opened, and a pipe neither. */
function captureFile(
  self: number,
  { path, inside }: { readonly path: string; readonly inside: string },
  bytesMax: number,
): FileResult<CapturedFile> {
  const kind = fstatSync(self);
  if (kind.isDirectory()) return problem('directory', `${path}: is a folder`);
  if (kind.isSymbolicLink()) return problem('loop', `${path}: is a link`);
  if (!kind.isFile()) return problem('failed', `${path}: neither a file nor a folder`);
  if (isKernels(self) && !KERNELS_READ.has(inside))
    return problem('failed', `${path}: is made by the kernel, and is no file of the node`);
  return using(openSync(nameOf(self), READING), (fd) => {
    const stats = fstatSync(fd);
    if (stats.size > bytesMax)
      return problem('too-large', `${path}: ${stats.size} bytes, more than ${bytesMax}`);
    const content = readAll(fd, path, { expected: stats.size, bytesMax });
    return content.ok
      ? { ok: true, value: { path: inside, content: content.value, stat: fileStat(stats) } }
      : content;
  });
}

/** linux/magic.h: proc, sysfs, debugfs, tracefs, cgroup (1, 2), securityfs, bpf, configfs, pstore, efivarfs. */
const KERNEL_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0x9fa0, 0x62656572, 0x64626720, 0x74726163, 0x27e0eb, 0x63677270, 0x73636673, 0xcafe4a11, 0x62656570,
  0x6165676c, 0xde5e81e4,
]);
/** What collectors themselves ask of it. */
const KERNELS_READ: ReadonlySet<string> = new Set(['/proc/sys/kernel/hostname']);

/** Looks like a regular file, and opening or reading it is an act: a log is taken away (kmsg), memory is read. */
function isKernels(self: number): boolean {
  return KERNEL_FILE_SYSTEMS.has(statfsSync(nameOf(self)).type);
}

const CHUNK_BYTES = 64 * 1024;

/** Reads to the end whatever the size said: files of /proc say 0, and a file may grow while it is read. */
export function readAll(
  fd: number,
  path: string,
  size: { expected: number; bytesMax: number },
): FileResult<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, total === 0 ? size.expected + 1 : 0));
    const count = readSync(fd, chunk, 0, chunk.length, null);
    if (count === 0) {
      // A small file does not hold on to a whole chunk; a large one is not copied.
      const [whole] = chunks;
      const isWhole = whole !== undefined && chunks.length === 1 && total >= CHUNK_BYTES;
      return { ok: true, value: isWhole ? whole : Buffer.concat(chunks, total) };
    }
    total += count;
    if (total > size.bytesMax) return problem('too-large', `${path}: more than ${size.bytesMax} bytes`);
    chunks.push(chunk.subarray(0, count));
  }
}

function namesIn(self: number, path: string): FileResult<readonly string[]> {
  const names = namesOf(nameOf(self), fstatSync(self).size);
  return names === null
    ? problem('too-large', `${path}: more than ${LIST_NAMES_MAX} names`)
    : { ok: true, value: names.sort(byCodeUnit) };
}
