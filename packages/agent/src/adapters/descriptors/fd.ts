import { closeSync, constants, fstatSync, openSync, type Stats, statSync } from 'node:fs';

/** Linux, open(2): pins what is there without opening it, so no pipe blocks and no mode hinders. Node has no name for it. */
export const O_PATH = 0o10000000;
/** Linux, open(2): a file that never has a name, in the folder that is opened. */
export const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;
/** What a look at a file's content opens with: a pipe that nobody writes to would otherwise never end. */
export const READING = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

const OWN_DESCRIPTORS = '/proc/self/fd';

/** The name under which the system reaches an open descriptor, or an entry of an open folder: proc(5). */
export function nameOf(fd: number, entry?: string): string {
  return entry === undefined ? `${OWN_DESCRIPTORS}/${fd}` : `${OWN_DESCRIPTORS}/${fd}/${entry}`;
}

/** Whether descriptors have names here: Linux with /proc. */
export function hasDescriptorNames(folder = OWN_DESCRIPTORS): boolean {
  if (process.platform !== 'linux') return false;
  return using(openSync('/', constants.O_RDONLY), (fd) => {
    const named = statSync(`${folder}/${fd}`, { throwIfNoEntry: false });
    const opened = fstatSync(fd);
    return named !== undefined && named.dev === opened.dev && named.ino === opened.ino;
  });
}

export function using<T>(fd: number, use: (fd: number) => T): T {
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

/** What stands under a name of an open folder, a link as itself. Whoever calls it closes it. */
export function pin(folder: number, name: string): number {
  return openSync(nameOf(folder, name), O_PATH | constants.O_NOFOLLOW);
}

export function isSame(a: Pick<Stats, 'dev' | 'ino'>, b: Pick<Stats, 'dev' | 'ino'>): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}
