import type { FileReader } from '../ports/files.js';

/** What was inspected, by the engine's record. */
export interface Looked {
  readonly paths: ReadonlySet<string>;
  readonly listed: ReadonlySet<string>;
  readonly walked: ReadonlySet<string>;
}

export function isSameLooked(a: Looked, b: Looked): boolean {
  return isSame(a.paths, b.paths) && isSame(a.listed, b.listed) && isSame(a.walked, b.walked);
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size !== b.size) return false;
  for (const one of a) if (!b.has(one)) return false;
  return true;
}

/** What to watch. Paths are inside the tree and without links. */
export interface WatchSet {
  /** By folder: the names in it that matter. */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
  /** Folders in which any name matters. */
  readonly whole: ReadonlySet<string>;
  /** Folders below which everything matters. */
  readonly trees: ReadonlySet<string>;
}

/** The kernel's own files change without an event, and make none worth having. */
const UNWATCHED = ['/proc', '/sys', '/dev'];
/** Editors' and Subversion's own files: what matters comes when they are renamed. */
const NOISE = /^(\.svn|4913|\.#.*|#.*#|.*~|.*\.sw[a-z]|.*\.tmp)$/;

export function isNoise(name: string): boolean {
  return NOISE.test(name);
}

export function watchSetOf(looked: Looked, files: FileReader): WatchSet {
  const names = new Map<string, Set<string>>();
  const realFolders = new Map<string, string>();
  const realFolder = (path: string): string => {
    let real = realFolders.get(path);
    if (real === undefined) {
      const found = files.realpath(path);
      real = found.ok ? found.value.path : path;
      realFolders.set(path, real);
    }
    return real;
  };
  const need = (path: string): void => {
    for (let at = path; at !== '/'; ) {
      const [folder, name] = split(at);
      const known = names.get(folder);
      if (known?.has(name)) return;
      if (known) known.add(name);
      else names.set(folder, new Set([name]));
      at = folder;
    }
  };
  const isWatched = (path: string) =>
    path.startsWith('/') && !UNWATCHED.some((root) => path === root || path.startsWith(`${root}/`));
  for (const path of looked.paths) {
    if (!isWatched(path) || path === '/') continue;
    const [folder, name] = split(path);
    need(join(realFolder(folder), name));
  }
  const folders = (paths: Iterable<string>): Set<string> => {
    const real = new Set([...paths].filter(isWatched).map(realFolder));
    for (const path of real) need(path);
    return real;
  };
  return { names, whole: folders(looked.listed), trees: folders(looked.walked) };
}

/** Whether a change of this path is one that was asked for. */
export function matters(path: string, set: WatchSet): boolean {
  const [folder, name] = split(path);
  if (set.names.get(folder)?.has(name)) return true;
  if (path.split('/').some(isNoise)) return false;
  if (set.whole.has(folder)) return true;
  for (const root of set.trees) if (path.startsWith(root === '/' ? '/' : `${root}/`)) return true;
  return false;
}

/** Every folder that has to be watched for its own entries. */
export function foldersOf(set: WatchSet): Set<string> {
  return new Set([...set.names.keys(), ...set.whole, ...set.trees]);
}

export function isSameSet(a: WatchSet, b: WatchSet): boolean {
  return [...missingFrom(a, b)].length === 0 && [...missingFrom(b, a)].length === 0;
}

/** Paths that `next` watches and `before` does not. */
export function missingFrom(before: WatchSet, next: WatchSet): Set<string> {
  const added = new Set<string>();
  for (const [folder, names] of next.names) {
    for (const name of names) if (!before.names.get(folder)?.has(name)) added.add(join(folder, name));
  }
  for (const path of next.whole) if (!before.whole.has(path)) added.add(path);
  for (const path of next.trees) if (!before.trees.has(path)) added.add(path);
  return added;
}

/** A path and every folder above it. */
export function selfAndAbove(path: string): string[] {
  const all = [path];
  for (let at = path; at !== '/'; ) {
    at = split(at)[0];
    all.push(at);
  }
  return all;
}

export function split(path: string): [folder: string, name: string] {
  const end = path.lastIndexOf('/');
  return [end <= 0 ? '/' : path.slice(0, end), path.slice(end + 1)];
}

export function join(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}
