import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Ids } from '../lay/principals.js';
import { hostPath, lstatIfThere } from './tree-paths.js';

export interface User extends Ids {
  readonly name: string;
  /** Every group it is in. */
  readonly groups: readonly number[];
}

/** A user of the tree, from the tree's own etc/passwd and etc/group. */
export function userOf(root: string, name: string): User {
  const row = rows(root, '/etc/passwd').find(([user]) => user === name);
  if (!row) throw new Error(`there is no user ${name} in ${join(root, '/etc/passwd')}`);
  const gid = Number(row[3]);
  const more = rows(root, '/etc/group').filter((group) => (group[3] ?? '').split(',').includes(name));
  return { name, uid: Number(row[2]), gid, groups: [gid, ...more.map((group) => Number(group[2]))] };
}

function rows(root: string, path: string): string[][] {
  return readFileSync(join(root, path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(':'));
}

const READ = 4;
const SEARCH = 1;

/**
 * Whether the service's user can read a file or look through a folder, every folder above it included. Computed from
 * the modes, because the stand-in's programs often run as somebody else. Answers the first path that bars, or null.
 */
export function whatBars(root: string, user: User, path: string): string | null {
  const parents: string[] = [];
  for (let at = dirname(path); at !== '/'; at = dirname(at)) parents.unshift(at);
  const denied = parents.find((parent) => !grants(root, user, parent, SEARCH));
  if (denied !== undefined) return denied;
  const stat = lstatIfThere(hostPath(root, path));
  if (stat === null) return null;
  return grants(root, user, path, stat.isDirectory() ? READ | SEARCH : READ) ? null : path;
}

function grants(root: string, user: User, path: string, wanted: number): boolean {
  const stat = lstatIfThere(hostPath(root, path));
  // What is not there bars nobody: that it is missing is another complaint.
  if (stat === null || user.uid === 0) return true;
  const shift = stat.uid === user.uid ? 6 : user.groups.includes(stat.gid) ? 3 : 0;
  return ((stat.mode >> shift) & wanted) === wanted;
}
