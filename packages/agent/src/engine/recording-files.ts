import type { FileReader, FileResult } from '../ports/files.js';

/** What a collector inspected: where a change can change its fact. Paths are inside the node's tree. */
export interface Touched {
  /** Every path read or inspected, every link passed, and where the links led. */
  readonly paths: ReadonlySet<string>;
  /** Folders whose names were listed: a new name in one is a change. */
  readonly listed: ReadonlySet<string>;
  /** Folders walked whole: whatever happens below one is a change. */
  readonly walked: ReadonlySet<string>;
}

export interface RecordingFiles {
  readonly files: FileReader;
  touched(): Touched;
}

/** A reader that remembers. The record grows while the reader is used; take it when the collector is done. */
export function recordingFiles(reader: FileReader): RecordingFiles {
  const paths = new Set<string>();
  const listed = new Set<string>();
  const walked = new Set<string>();
  const folders = new Map<string, string | null>();

  /** Follows the links as well: a link that is swapped, or a file behind it that changes, is a change. */
  const follow = (path: string): string => {
    if (paths.has(path)) return path;
    paths.add(path);
    const real = reader.realpath(path);
    if (real.ok) {
      for (const link of real.value.links) paths.add(link);
      paths.add(real.value.path);
      return real.value.path;
    }
    recordDangling(path);
    return path;
  };
  /** A link that leads nowhere: its target may appear. One hop is followed; the full rescan sees the rest. */
  const recordDangling = (path: string): void => {
    const target = reader.readlink(path);
    if (target.ok && target.value.startsWith('/')) paths.add(target.value);
    else if (target.ok) paths.add(`${path.slice(0, path.lastIndexOf('/'))}/${target.value}`);
  };
  /** The last name is not followed; the folders above it are. */
  const note = <T>(path: string, result: FileResult<T>): FileResult<T> => {
    if (paths.has(path)) return result;
    paths.add(path);
    const end = path.lastIndexOf('/');
    const folder = folderOf(end <= 0 ? '/' : path.slice(0, end));
    if (folder !== null) paths.add(`${folder === '/' ? '' : folder}${path.slice(end)}`);
    return result;
  };
  /** Where a folder leads, with the links on the way: once in a scan, which is short; a swap meanwhile is an event. */
  const folderOf = (path: string): string | null => {
    const before = folders.get(path);
    if (before !== undefined) return before;
    const real = reader.realpath(path);
    if (real.ok) for (const link of real.value.links) paths.add(link);
    const found = real.ok ? real.value.path : null;
    folders.set(path, found);
    return found;
  };

  const files: FileReader = {
    read: (path, options) => {
      follow(path);
      return reader.read(path, options);
    },
    capture: (path, options) => {
      const captured = reader.capture(path, options);
      if (options?.follow === false) return note(path, captured);
      follow(path);
      return captured;
    },
    stat: (path) => {
      follow(path);
      return reader.stat(path);
    },
    lstat: (path) => note(path, reader.lstat(path)),
    list: (path) => {
      listed.add(follow(path));
      listed.add(path);
      return reader.list(path);
    },
    readlink: (path) => note(path, reader.readlink(path)),
    realpath: (path) => {
      follow(path);
      return reader.realpath(path);
    },
    acl: (path) => {
      follow(path);
      return reader.acl(path);
    },
    // What is asked here was walked: whatever happens to it is a change already.
    acls: (folder, names, signal) => reader.acls(folder, names, signal),
    walk: (path, visitor, limits) => {
      walked.add(follow(path));
      walked.add(path);
      return reader.walk(path, visitor, limits);
    },
  };
  return { files, touched: () => ({ paths, listed, walked }) };
}
