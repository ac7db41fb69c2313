import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { assert } from '@castellan/shared/base/assert';
import type { FileResult } from '../ports/files.js';
import { problem, problemOf } from './file-problems.js';

/** As many links as Linux follows in one path (path_resolution(7)). */
export const LINK_HOPS_MAX = 40;
/** PATH_MAX of Linux. */
export const PATH_BYTES_MAX = 4096;

export interface Resolved {
  /** Path on this host. */
  readonly host: string;
  /** Path inside the tree, without links before the last name (and without any, when the last is followed too). */
  readonly inside: string;
  /** Links passed, inside the tree. */
  readonly links: readonly string[];
}

/** Turns paths of a node's tree into paths of this host. A link can never lead out of the root, nor can `..`. */
export interface TreePaths {
  /** Without a slash at the end; empty for `/`. */
  readonly prefix: string;
  /** `follow`: also a link that is the last name. A last name that does not exist is fine when it is not followed. */
  resolve(path: string, follow: boolean): FileResult<Resolved>;
}

export function treePaths(root: string): TreePaths {
  assert(root.startsWith('/'), 'a root is an absolute path');
  const real = realpathSync(root);
  const prefix = real === '/' ? '' : real;
  return { prefix, resolve: (path, follow) => resolve(prefix, path, follow) };
}

/** How a walk of `path` begins the paths that it tells; empty for `/`. */
export function startOf(path: string): string {
  return path.replace(/\/+$/, '');
}

export function unusable(path: string): string | null {
  if (!path.startsWith('/')) return 'not an absolute path';
  if (path.includes('\0')) return 'holds a NUL';
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) return `longer than ${PATH_BYTES_MAX} bytes`;
  return null;
}

function resolve(prefix: string, path: string, follow: boolean): FileResult<Resolved> {
  const fault = unusable(path);
  if (fault) return problem('failed', `${JSON.stringify(path.slice(0, 200))}: ${fault}`);
  const done: string[] = [];
  const links: string[] = [];
  let ahead = path.split('/').reverse();
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      done.pop();
      continue;
    }
    const inside = `/${[...done, name].join('/')}`;
    const isLast = ahead.every((later) => later === '' || later === '.');
    if (isLast && !follow) {
      done.push(name);
      continue;
    }
    const hop = look(prefix, inside, path, isLast);
    if (!hop.ok) return hop;
    if (hop.value === null) {
      done.push(name);
      continue;
    }
    links.push(inside);
    if (links.length > LINK_HOPS_MAX) return problem('loop', `${path}: more than ${LINK_HOPS_MAX} links`);
    // An absolute target starts again at the root of the tree, not of this host.
    if (hop.value.startsWith('/')) done.length = 0;
    ahead = [...ahead, ...hop.value.split('/').reverse()];
  }
  const inside = `/${done.join('/')}`;
  return { ok: true, value: { host: `${prefix}${inside}`, inside, links } };
}

/** The target of a link, or null where there is something else. */
function look(prefix: string, inside: string, asked: string, isLast: boolean): FileResult<string | null> {
  try {
    const stats = lstatSync(`${prefix}${inside}`, { throwIfNoEntry: false });
    if (!stats)
      return problem('missing', inside === asked ? `${asked}: ENOENT` : `${asked}: ${inside} does not exist`);
    if (stats.isSymbolicLink()) return { ok: true, value: readlinkSync(`${prefix}${inside}`) };
    if (!isLast && !stats.isDirectory())
      return problem('not-directory', `${asked}: ${inside} is not a folder`);
    return { ok: true, value: null };
  } catch (error) {
    return problemOf(error, inside);
  }
}
