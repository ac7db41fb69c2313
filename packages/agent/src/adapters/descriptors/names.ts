import { constants, opendirSync, openSync, readdirSync } from 'node:fs';
import { LIST_NAMES_MAX } from '../../ports/files.js';
import { nameOf, using } from './fd.js';

const NAMES_AT_ONCE = 1024;

/**
 * A folder of this size cannot hold too many names: file systems count at least a byte a name (ZFS; the others 10 and
 * more). Size 0 tells nothing (proc, Ceph). Read at once, which costs half as much as name by name.
 */
const AT_ONCE_BYTES_MAX = 64 * 1024;

/** Null: too many. `sizeBytes`: what the folder's status says. */
export function namesOf(host: string, sizeBytes: number): string[] | null {
  if (sizeBytes > 0 && sizeBytes <= AT_ONCE_BYTES_MAX) {
    const names = readdirSync(host);
    return names.length > LIST_NAMES_MAX ? null : names;
  }
  const folder = opendirSync(host, { bufferSize: NAMES_AT_ONCE });
  try {
    const names: string[] = [];
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      if (names.length >= LIST_NAMES_MAX) return null;
      names.push(entry.name);
    }
    return names;
  } finally {
    folder.closeSync();
  }
}

export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How many names there are in an open folder and below it, up to `max`; where kinds come with names, as nearly always. */
export function namesBelow(fd: number, max: number): number {
  const [folders, count] = foldersIn(fd, max);
  let seen = count;
  for (const name of folders) {
    if (seen >= max) break;
    const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
    seen += using(openSync(nameOf(fd, name), flags), (folder) => namesBelow(folder, max - seen));
  }
  return seen;
}

function foldersIn(fd: number, max: number): [folders: string[], count: number] {
  const folders: string[] = [];
  let count = 0;
  const folder = opendirSync(nameOf(fd), { bufferSize: NAMES_AT_ONCE });
  try {
    for (let entry = folder.readSync(); entry !== null && count < max; entry = folder.readSync()) {
      count += 1;
      if (entry.isDirectory()) folders.push(entry.name);
    }
    return [folders, count];
  } finally {
    folder.closeSync();
  }
}
