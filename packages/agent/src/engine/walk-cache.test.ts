import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { nodeFiles } from '../adapters/node-files.js';
import type { FileReader, WalkEnd } from '../ports/files.js';
import { BETWEEN_SCANS_KEPT_MAX, CHANGED_MAX, WalkCache } from './walk-cache.js';

const home = realpathSync(mkdtempSync(join(tmpdir(), 'castellan-walks-')));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const LIMITS = {
  entriesMax: 1000,
  depthMax: 8,
  skipNames: ['.svn'],
  signal: new AbortController().signal,
};

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(home, 'tree-'));
  for (const folder of ['t/a', 't/b/c']) mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['t/1', 't/a/1', 't/a/2', 't/b/c/1']) writeFileSync(join(root, file), 'x');
});

interface Seen {
  readonly entries: readonly string[];
  readonly end: WalkEnd;
}

async function walked(files: FileReader, limits = LIMITS, path = '/t'): Promise<Seen> {
  const entries: string[] = [];
  const end = await files.walk(
    path,
    {
      entry: (folder, name, stat) => {
        const ino = stat.kind === 'directory' ? stat.ino : '';
        entries.push([`${folder}/${name}`, stat.kind, stat.mode.toString(8), stat.uid, ino].join(' '));
      },
      problem: (at, problem) => entries.push(`${at} ${problem}`),
    },
    limits,
  );
  return { entries, end };
}

/** The access lists of everything that a walk saw, by name. */
async function listed(files: FileReader, { entries }: Seen): Promise<unknown> {
  const names = entries
    .filter((entry) => !entry.includes(' symlink '))
    .map((entry) => entry.slice('/t/'.length).split(' ')[0] ?? '');
  const lists = await files.acls('/t', names, LIMITS.signal);
  return lists.ok ? [...lists.value].sort(([a], [b]) => (a < b ? -1 : 1)) : lists.problem;
}

function giveList(host: string, uid: number): void {
  execFileSync('setfacl', ['-m', `u:${uid}:r,m::r`, host], { stdio: 'ignore' });
}

/** A reader that counts real walks, and keeps the names whose lists were asked. */
function counting(): { readonly files: FileReader; walks(): number; readonly asked: string[] } {
  const files = nodeFiles(root);
  let count = 0;
  const asked: string[] = [];
  return {
    files: {
      ...files,
      walk: (...args) => {
        count += 1;
        return files.walk(...args);
      },
      acls: (folder, names, signal) => {
        asked.push(...names);
        return files.acls(folder, names, signal);
      },
    },
    walks: () => count,
    asked,
  };
}

describe('what is kept', () => {
  test('is told to the next as the walk told it, without another', async () => {
    const { files, walks } = counting();
    const cache = new WalkCache(files);
    const first = await walked(cache.files);
    expect(first.entries).toHaveLength(7);
    expect(await walked(cache.files)).toEqual(first);
    expect(walks()).toBe(1);
    cache.forget();
    expect(await walked(cache.files)).toEqual(first);
    expect(walks()).toBe(2);
  });

  test('has the access lists that were asked, and asks anew of what changed', async () => {
    giveList(join(root, 't/a/1'), 7300);
    const { files, asked } = counting();
    const cache = new WalkCache(files);
    const first = await listed(cache.files, await walked(cache.files));
    expect(first).toMatchObject([['a/1', { users: [{ uid: 7300 }] }]]);
    expect(asked.splice(0)).toHaveLength(7);
    expect(await listed(cache.files, await walked(cache.files))).toEqual(first);
    expect(asked).toEqual([]);
    giveList(join(root, 't/a/2'), 7400);
    cache.changed(['/t/a/2']);
    expect(await listed(cache.files, await walked(cache.files))).toMatchObject([
      ['a/1', {}],
      ['a/2', {}],
    ]);
    expect(asked.splice(0)).toEqual(['a/2']);
    cache.forget();
    await listed(cache.files, await walked(cache.files));
    expect(asked).toHaveLength(7);
  });

  test('is not a list that could not be read', async () => {
    const { files } = counting();
    let count = 0;
    const cache = new WalkCache({
      ...files,
      acls: (_folder, names) => {
        count += 1;
        return Promise.resolve({ ok: true, value: new Map(names.map((name) => [name, 'unread' as const])) });
      },
    });
    for (let i = 0; i < 2; i += 1) await listed(cache.files, await walked(cache.files));
    expect(count).toBe(2);
  });

  test.each([
    ['entries', { entriesMax: 3 }],
    ['depth', { depthMax: 1 }],
  ])('keeps to the limit of the next: %s', async (_name, less) => {
    const { files } = counting();
    const cache = new WalkCache(files);
    await walked(cache.files);
    const limits = { ...LIMITS, ...less };
    const again = await walked(cache.files, limits);
    expect(again).toEqual(await walked(files, limits));
    expect(again.end.isTruncated).toBe(true);
  });

  test('is nothing of a walk in another order', async () => {
    const files = nodeFiles(root, { descriptors: '/none' });
    for (const name of ['t/c', 't/d/e']) mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, 't/c/1'), 'x');
    const cache = new WalkCache(files);
    const truth = await walked(files);
    expect(truth.entries).toHaveLength(11);
    for (let i = 0; i < 2; i += 1) expect(await walked(cache.files)).toEqual(truth);
  });

  test('is nothing of a walk that reached a limit, that passes over others, or whose start is a link', async () => {
    const { files, walks } = counting();
    symlinkSync('t', join(root, 'l'));
    const cache = new WalkCache(files);
    for (const limits of [{ ...LIMITS, entriesMax: 3 }, LIMITS, { ...LIMITS, skipNames: ['a'] }])
      await walked(cache.files, limits);
    expect(walks()).toBe(3);
    for (let i = 0; i < 2; i += 1) await walked(cache.files, LIMITS, '/l');
    expect(walks()).toBe(5);
  });

  test('is not used for another folder of the same name', async () => {
    const { files, walks } = counting();
    const cache = new WalkCache(files);
    await walked(cache.files);
    renameSync(join(root, 't'), join(root, 'old'));
    mkdirSync(join(root, 't'));
    expect((await walked(cache.files)).entries).toEqual([]);
    expect(walks()).toBe(2);
  });

  test.each([
    ['the folder itself', () => ['/t']],
    ['a folder above it', () => ['/']],
    ['more than is asked one by one', () => Array.from({ length: CHANGED_MAX + 1 }, (_, i) => `/t/x${i}`)],
  ])('is forgotten when that changed: %s', async (_name, paths) => {
    const { files, walks } = counting();
    const cache = new WalkCache(files);
    await walked(cache.files);
    cache.changed(paths());
    await walked(cache.files);
    expect(walks()).toBe(2);
  });

  test('is let go after a scan where it is much', async () => {
    const { files, walks } = counting();
    const stat = files.lstat('/t/1');
    if (!stat.ok) throw new Error('no file');
    const cache = new WalkCache({
      ...files,
      walk: async (path, visitor, limits) => {
        const end = await files.walk(path, visitor, limits);
        for (let i = 0; i <= BETWEEN_SCANS_KEPT_MAX; i += 1)
          visitor.entry(path, `z${String(i).padStart(6, '0')}`, stat.value);
        return { ...end, entriesSeen: end.entriesSeen + BETWEEN_SCANS_KEPT_MAX + 1 };
      },
    });
    const limits = { ...LIMITS, entriesMax: 1_000_000 };
    const first = await walked(cache.files, limits);
    expect((await walked(cache.files, limits)).end).toEqual(first.end);
    expect(walks()).toBe(1);
    cache.settle();
    await walked(cache.files, limits);
    expect(walks()).toBe(2);
  });
});

/** What somebody does in the tree, and the path that a watch tells of it; chosen by two numbers. */
const DEEDS: readonly ((a: number, b: number) => string[])[] = [
  (a) => change(pick(FILES, a), (path) => writeFileSync(path, 'longer')),
  (a) => change(pick(FILES, a), (path) => chmodSync(path, 0o640)),
  (a) => change(pick(FILES, a), (path) => rmSync(path)),
  (a) => change(pick(FOLDERS, a), (path) => chmodSync(path, 0o700)),
  (a) => change(pick(FOLDERS, a), (path) => rmSync(path, { recursive: true })),
  (a) => change(`${pick(FOLDERS, a)}/new`, (path) => writeFileSync(path, 'n')),
  (a) => change(`${pick(FOLDERS, a)}/new`, (path) => mkdirSync(path)),
  (a) =>
    change(`${pick(FOLDERS, a)}/deep`, (path) => {
      mkdirSync(join(path, 'x/y'), { recursive: true });
      writeFileSync(join(path, 'x/y/1'), 'n');
    }),
  (a, b) => change(`${pick(FOLDERS, a)}/link`, (path) => symlinkSync(`/${pick(FILES, b)}`, path)),
  (a) => change(`${pick(FOLDERS, a)}/.svn`, (path) => mkdirSync(path)),
  // A folder is put in the place of another.
  (a, b) => {
    const [from, to] = [pick(FOLDERS, a), pick(FOLDERS, b)];
    return [
      ...change(to, (path) => renameSync(path, join(root, 'aside'))),
      ...change(to, (path) => renameSync(join(root, from), path)),
      `/${from}`,
    ];
  },
  (a, b) => change(pick(FILES, a), (path) => giveList(path, 7300 + b)),
  (a) => change(pick(FILES, a), (path) => void execFileSync('setfacl', ['-b', path], { stdio: 'ignore' })),
  // A folder whose events name it alone.
  (a) => {
    const folder = pick(FOLDERS, a);
    change(folder, (path) => {
      writeFileSync(join(path, 'quiet'), 'q');
      utimesSync(path, 1, 1);
    });
    return [`/${folder}`];
  },
];
/** Those that give an access list, or take it away. */
const LIST_DEEDS = [DEEDS.length - 3, DEEDS.length - 2];
const FILES = ['t/1', 't/a/1', 't/a/2', 't/b/c/1'];
const FOLDERS = ['t/a', 't/b', 't/b/c'];
const pick = (all: readonly string[], n: number): string => all[n % all.length] ?? '';

/** Nothing is done where it cannot be: an earlier deed took it away. */
function change(path: string, deed: (host: string) => void): string[] {
  try {
    deed(join(root, path));
  } catch {
    return [];
  }
  return [`/${path}`];
}

const deed = fc.tuple(fc.nat(DEEDS.length - 1), fc.nat(11), fc.nat(11));
const ROUNDS = fc.array(fc.array(deed, { minLength: 1, maxLength: 4 }), { maxLength: 4 });

function layAnew(): void {
  rmSync(root, { recursive: true });
  for (const folder of ['t/a', 't/b/c']) mkdirSync(join(root, folder), { recursive: true });
  for (const file of FILES) writeFileSync(join(root, file), 'x');
}

test('whatever happens in a tree: told of the changes, it says what a walk says', async () => {
  let renewed = 0;
  await fc.assert(
    fc.asyncProperty(ROUNDS, async (rounds) => {
      layAnew();
      const { files, walks } = counting();
      const cache = new WalkCache(files);
      await walked(cache.files);
      for (const round of rounds) {
        for (const [which, a, b] of round) cache.changed(DEEDS[which]?.(a, b) ?? []);
        rmSync(join(root, 'aside'), { recursive: true, force: true });
        const before = walks();
        const told = await walked(cache.files);
        if (walks() === before) renewed += 1;
        expect(told).toEqual(await walked(nodeFiles(root)));
      }
    }),
    { numRuns: 300 },
  );
  expect(renewed).toBeGreaterThan(100);
});

test('and has the access lists that are there, given or taken away meanwhile', async () => {
  const list = fc.tuple(fc.constantFrom(...LIST_DEEDS), fc.nat(11), fc.nat(11));
  const rounds = fc.array(fc.array(fc.oneof(list, deed), { minLength: 1, maxLength: 4 }), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(rounds, async (all) => {
      layAnew();
      const { files } = counting();
      const cache = new WalkCache(files);
      await listed(cache.files, await walked(cache.files));
      for (const round of all) {
        for (const [which, a, b] of round) cache.changed(DEEDS[which]?.(a, b) ?? []);
        rmSync(join(root, 'aside'), { recursive: true, force: true });
        const told = await walked(cache.files);
        expect(await listed(cache.files, told)).toEqual(await listed(nodeFiles(root), told));
      }
    }),
    // A program is run for each.
    { numRuns: 60 },
  );
});
