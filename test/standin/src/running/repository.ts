import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { CONF, REPOSITORY } from '../lay/places.js';
import type { Tree } from '../lay/tree.js';

/**
 * The repository and working copy of a node without Subversion: revisions are whole copies below
 * var/ecconfigd/repo/standin, and conf/.svn/standin.json says what the working copy was taken from.
 */
const SNAPSHOTS = `${REPOSITORY}/standin`;
const MARK = '.svn/standin.json';

interface WorkingCopy {
  readonly revision: number;
  /** SHA-256 of each file as it was taken, by path below conf. */
  readonly files: Readonly<Record<string, string>>;
}

/** As `svn status` has it: M changed, ? unknown, ! gone, C in conflict. */
export interface Change {
  readonly mark: 'M' | '?' | '!' | 'C';
  readonly path: string;
}

/** The first revision. `except` names what is not under version control. */
export function commitFirst(tree: Tree, except: readonly string[]): void {
  saveRevision(tree, 1, tree.at(CONF), except);
  markWorkingCopy(tree, tree.at(CONF), 1);
}

export function headRevision(tree: Tree): number {
  const names = readdirSync(tree.at(SNAPSHOTS));
  return Math.max(...names.map((name) => Number(name.slice(1))));
}

export function workingCopy(tree: Tree): WorkingCopy {
  return JSON.parse(readFileSync(join(tree.at(CONF), MARK), 'utf8'));
}

export function changes(tree: Tree): Change[] {
  const base = workingCopy(tree).files;
  const now = digests(tree.at(CONF));
  const paths = [...new Set([...Object.keys(base), ...Object.keys(now)])].sort();
  return paths.flatMap((path): Change[] => {
    if (base[path] === now[path]) return [];
    if (base[path] === undefined) return [{ mark: '?', path }];
    return [{ mark: now[path] === undefined ? '!' : 'M', path }];
  });
}

/** Paths that changed between two revisions. */
export function changedUpstream(tree: Tree, from: number, to: number): string[] {
  const before = digests(revisionFolder(tree, from));
  const after = digests(revisionFolder(tree, to));
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => before[path] !== after[path])
    .sort();
}

/** Makes the working copy, as it is, the next revision. `except` names what is not under version control. */
export function commit(tree: Tree, except: readonly string[]): number {
  const revision = headRevision(tree) + 1;
  saveRevision(tree, revision, tree.at(CONF), except);
  const mark = { revision, files: digests(revisionFolder(tree, revision)) };
  writeMark(tree, tree.at(CONF), mark);
  return revision;
}

/**
 * What `eccfg pull` does: a whole new folder takes conf's place by rename (Manual, executable.eccfg). What is changed
 * here and not upstream is carried over; a fresh checkout gives every file to ecuser with plain modes.
 */
export function replaceConf(tree: Tree, preferMine: readonly string[]): void {
  const head = headRevision(tree);
  const fresh = tree.at(`${CONF}.pull-${process.pid}`);
  const old = tree.at(`${CONF}.old-${process.pid}`);
  cpSync(revisionFolder(tree, head), fresh, { recursive: true });
  for (const path of preferMine) carryOver(tree, fresh, path);
  markWorkingCopy(tree, fresh, head);
  giveToEcuser(tree, `${CONF}.pull-${process.pid}`);
  renameSync(tree.at(CONF), old);
  renameSync(fresh, tree.at(CONF));
  rmSync(old, { recursive: true });
}

function carryOver(tree: Tree, fresh: string, path: string): void {
  const mine = join(tree.at(CONF), path);
  if (existsSync(mine)) cpSync(mine, join(fresh, path), { recursive: true });
  else rmSync(join(fresh, path), { force: true });
}

function giveToEcuser(tree: Tree, path: string): void {
  const isFolder = lstatSync(tree.at(path)).isDirectory();
  tree.give(path, { owner: 'ecuser', mode: isFolder ? 0o755 : 0o644 });
  if (!isFolder) return;
  for (const name of readdirSync(tree.at(path))) giveToEcuser(tree, `${path}/${name}`);
}

function markWorkingCopy(tree: Tree, conf: string, revision: number): void {
  writeMark(tree, conf, { revision, files: digests(revisionFolder(tree, revision)) });
}

function writeMark(tree: Tree, conf: string, mark: WorkingCopy): void {
  const folder = join(conf, '.svn');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(conf, MARK), `${JSON.stringify(mark, null, 1)}\n`);
  for (const path of [folder, join(conf, MARK)])
    tree.give(path.slice(tree.dir === '/' ? 0 : tree.dir.length), { owner: 'ecuser' });
}

function saveRevision(tree: Tree, revision: number, from: string, except: readonly string[] = []): void {
  const target = revisionFolder(tree, revision);
  mkdirSync(target, { recursive: true });
  for (const path of Object.keys(digests(from))) {
    if (except.includes(path)) continue;
    cpSync(join(from, path), join(target, path), { recursive: true });
  }
  giveToEcuser(tree, SNAPSHOTS);
}

function revisionFolder(tree: Tree, revision: number): string {
  return join(tree.at(SNAPSHOTS), `r${revision}`);
}

function digests(folder: string, below = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (path === '.svn') continue;
    if (entry.isDirectory()) Object.assign(found, digests(folder, path));
    else if (entry.isFile()) found[path] = digest(join(folder, path));
  }
  return found;
}

/** A file that may not be read (a planted fault, in a tree of one user) has a name and no content. */
function digest(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return 'unreadable';
    throw error;
  }
}
