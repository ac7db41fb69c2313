import type { FileReader } from '../../ports/files.js';
import { fnmatch, isPattern } from './fnmatch.js';

/** A pattern is compared with at most this many names, and is itself at most this long. */
export const NAMES_MAX = 10_000;
export const PATTERN_LENGTH_MAX = 512;
/** Longer than any path that a system opens. */
const PATH_LENGTH_MAX = 4096;

export interface Included {
  readonly paths: readonly string[];
  /** Folders and patterns that could not be looked through. */
  readonly unread: readonly { readonly path: string; readonly problem: string }[];
}

/**
 * The files and folders that the argument of an Include means, in Apache's order. Patterns may stand in any part of the
 * path; one that finds nothing means nothing (2.2 and IncludeOptional go on then, 2.4 does not start with Include).
 */
export function includedPaths(files: FileReader, path: string, pathsMax: number): Included {
  // Several stars in a row are one.
  const parts = path.replace(/\*+/g, '*').split('/').slice(1);
  const plain = parts.join('/');
  if (!isPattern(plain)) return { paths: [path], unread: [] };
  if (plain.length > PATH_LENGTH_MAX || parts.some((part) => part.length > PATTERN_LENGTH_MAX))
    return { paths: [], unread: [{ path: `/${plain.slice(0, 255)}`, problem: 'too-many' }] };
  const unread: { path: string; problem: string }[] = [];
  let found = [''];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    if (!isPattern(part)) found = found.map((folder) => `${folder}/${part}`);
    else found = found.flatMap((folder) => matching(files, folder, part, isLast, unread));
    if (found.length <= pathsMax) continue;
    // What is beyond the bound is told of as such when it is to be read.
    found = found.slice(0, pathsMax + 1);
    if (!isLast) unread.push({ path: `/${plain.slice(0, 255)}`, problem: 'too-many' });
  }
  return { paths: found, unread };
}

function matching(
  files: FileReader,
  folder: string,
  pattern: string,
  isLast: boolean,
  unread: { path: string; problem: string }[],
): string[] {
  const at = folder === '' ? '/' : folder;
  const names = files.list(at);
  if (!names.ok) {
    if (names.problem !== 'missing' && names.problem !== 'not-directory')
      unread.push({ path: at, problem: names.problem });
    return [];
  }
  if (names.value.length > NAMES_MAX) {
    unread.push({ path: `${folder}/${pattern}`, problem: 'too-many' });
    return [];
  }
  const fits = fnmatch(pattern);
  return names.value
    .filter(fits)
    .map((name) => `${folder}/${name}`)
    .filter((path) => isLast || isFolder(files, path, unread));
}

function isFolder(files: FileReader, path: string, unread: { path: string; problem: string }[]): boolean {
  const stat = files.stat(path);
  if (!stat.ok && stat.problem !== 'missing') unread.push({ path, problem: stat.problem });
  return stat.ok && stat.value.kind === 'directory';
}
