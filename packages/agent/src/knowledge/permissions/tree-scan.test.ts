import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeFiles } from '../../adapters/node-files.js';
import type { PrincipalIds } from './passwd.js';
import { grants, PathAccess, replaceableIn } from './path-access.js';
import { scanTree } from './tree-scan.js';

const isRoot = process.getuid?.() === 0;
/** In the service's group and in one more. */
const USER: PrincipalIds = { uid: 7100, groups: [7100, 7200] };
let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'castellan-scan-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
  readonly mode: number;
}

function give(path: string, { uid = 0, gid = 0, mode }: Owner): void {
  chownSync(join(root, path), uid, gid);
  chmodSync(join(root, path), mode);
}

function folder(path: string, owner: Owner = { mode: 0o755 }): void {
  mkdirSync(join(root, path), { recursive: true });
  give(path, owner);
}

function file(path: string, owner: Owner = { mode: 0o644 }): void {
  writeFileSync(join(root, path), 'x');
  give(path, owner);
}

const scan = (...roots: string[]) => scanTree(nodeFiles(root), { roots }, USER, new AbortController().signal);

describe('permission bits', () => {
  test.each<[string, Owner, 'read' | 'search' | 'write', boolean]>([
    ['the owner by the owner bits', { uid: 7100, mode: 0o400 }, 'read', true],
    [
      'the owner refused, though its group and all others may',
      { uid: 7100, gid: 7100, mode: 0o077 },
      'read',
      false,
    ],
    ['by the primary group', { gid: 7100, mode: 0o040 }, 'read', true],
    ['by a further group', { gid: 7200, mode: 0o040 }, 'read', true],
    ['the group refused, though all others may', { gid: 7200, mode: 0o004 }, 'read', false],
    ['as anybody', { mode: 0o004 }, 'read', true],
    ['x without r is not enough to list a folder', { mode: 0o001 }, 'search', false],
    ['r without x is not enough to enter it', { mode: 0o004 }, 'search', false],
    ['both are', { mode: 0o005 }, 'search', true],
    ['writing is not reading', { mode: 0o005 }, 'write', false],
  ])('%s', (_, { uid = 0, gid = 0, mode }, want, expected) => {
    expect(grants({ uid, gid, mode }, USER, want)).toBe(expected);
  });

  test('root is refused nothing', () => {
    expect(grants({ uid: 7100, gid: 7100, mode: 0 }, { uid: 0, groups: [0] }, 'read')).toBe(true);
  });
});

describe.skipIf(!isRoot)('a tree as ecuser meets it', () => {
  test('all of it can be read; the root of the tree itself is never in question', async () => {
    folder('a/b');
    file('a/b/f');
    expect(await scan('/a')).toEqual({
      entriesSeen: 2,
      denied: [],
      foreign: expect.anything(),
      brokenLinks: [],
      unseen: [],
      isTruncated: false,
    });
  });

  test('a file by its group, a file of root’s, a folder of root’s', async () => {
    folder('a/shut', { mode: 0o750 });
    folder('a/open');
    file('a/shut/f');
    file('a/open/mine', { gid: 7200, mode: 0o640 });
    file('a/open/roots', { mode: 0o640 });
    const { denied } = await scan('/a');
    expect(denied.map(({ path, kind, lacks, within }) => ({ path, kind, lacks, within }))).toEqual(
      expect.arrayContaining([
        { path: '/a/shut', kind: 'directory', lacks: 'search', within: null },
        { path: '/a/open/roots', kind: 'file', lacks: 'read', within: null },
      ]),
    );
    expect(denied).toHaveLength(2);
  });

  test('below a folder that bars, what would bar as well is kept apart', async () => {
    folder('a/b', { mode: 0o700 });
    folder('a/b/c', { mode: 0o700 });
    folder('a/b/d');
    file('a/b/d/f', { mode: 0o600 });
    const { denied } = await scan('/a');
    expect(Object.fromEntries(denied.map(({ path, within }) => [path, within]))).toEqual({
      '/a/b': null,
      '/a/b/c': '/a/b',
      '/a/b/d/f': '/a/b',
    });
  });

  test('a folder above the root of the walk', async () => {
    folder('opt', { mode: 0o755 });
    folder('opt/msys', { mode: 0o750 });
    folder('opt/msys/conf', { mode: 0o750 });
    file('opt/msys/conf/f');
    const { denied } = await scan('/opt/msys/conf');
    expect(denied.map(({ path, within }) => [path, within])).toEqual([
      ['/opt/msys', null],
      ['/opt/msys/conf', '/opt/msys'],
    ]);
  });

  test('a folder above needs to be passed only, not listed', async () => {
    folder('opt', { mode: 0o711 });
    folder('opt/conf');
    expect((await scan('/opt/conf')).denied).toEqual([]);
  });

  test('links: dangling, round in a circle, to a closed file, to a folder elsewhere', async () => {
    folder('a');
    folder('far/inner');
    file('far/closed', { mode: 0o600 });
    file('far/inner/too', { mode: 0o600 });
    symlinkSync('/none', join(root, 'a/dangling'));
    symlinkSync('self', join(root, 'a/self'));
    symlinkSync('/far/closed', join(root, 'a/file'));
    symlinkSync('/far/inner', join(root, 'a/folder'));
    symlinkSync('/a', join(root, 'far/inner/back'));
    const found = await scan('/a');
    expect(found.brokenLinks.toSorted()).toEqual(['/a/dangling', '/a/self']);
    expect(found.denied.map((entry) => entry.path).toSorted()).toEqual(['/far/closed', '/far/inner/too']);
  });

  test('owned by others: whether it can be read all the same', async () => {
    folder('a', { uid: 7100, gid: 7100, mode: 0o750 });
    file('a/open');
    file('a/shut', { mode: 0o600 });
    file('a/own', { uid: 7100, gid: 7100, mode: 0o600 });
    const { foreign } = await scan('/a');
    expect(Object.fromEntries(foreign.map(({ path, readable }) => [path, readable]))).toEqual({
      '/a/open': true,
      '/a/shut': false,
    });
  });

  test('a root that is not there is passed over, .svn and sockets as well', async () => {
    folder('a/.svn', { mode: 0o700 });
    file('a/.svn/wc.db', { mode: 0o600 });
    expect(await scan('/a', '/none')).toMatchObject({ entriesSeen: 0, denied: [], unseen: [] });
  });

  test('what the agent itself may not look into is told, not passed over', async () => {
    chmodSync(root, 0o755);
    folder('a/shut', { mode: 0o700 });
    file('a/shut/f');
    process.seteuid?.(65_534);
    try {
      expect(await scan('/a')).toMatchObject({ unseen: [{ path: '/a/shut', problem: 'denied' }] });
    } finally {
      process.seteuid?.(0);
    }
  });
});

describe.skipIf(!isRoot)('the way to one file', () => {
  const check = (path: string) => new PathAccess(nodeFiles(root), USER).check(path, 'read');

  test('every folder that a link leads through counts', () => {
    folder('hidden', { mode: 0o700 });
    folder('open');
    file('open/f');
    symlinkSync('/open/f', join(root, 'hidden/link'));
    expect(check('/open/f')).toEqual({ kind: 'granted' });
    expect(check('/hidden/link')).toMatchObject({
      kind: 'denied',
      path: '/hidden',
      isFolder: true,
      lacks: 'pass',
    });
    expect(check('/none')).toMatchObject({ kind: 'unknown', problem: 'missing' });
  });

  test('folders in which others could put another file', () => {
    folder('all', { mode: 0o777 });
    folder('all/tmp', { mode: 0o1777 });
    folder('all/tmp/group', { gid: 7300, mode: 0o775 });
    folder('all/tmp/group/own', { uid: 7100, gid: 7100, mode: 0o775 });
    folder('all/tmp/group/own/strange', { uid: 7999, mode: 0o755 });
    file('all/tmp/group/own/strange/key');
    const found = replaceableIn(nodeFiles(root), '/all/tmp/group/own/strange/key', { uid: 7100, gid: 7100 });
    expect(found.map((entry) => entry.path)).toEqual([
      '/all/tmp/group/own/strange',
      '/all/tmp/group',
      '/all',
    ]);
  });
});
