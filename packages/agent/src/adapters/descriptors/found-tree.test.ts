import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { WalkSeen } from '../../../testing/walked.js';
import { LIST_NAMES_MAX } from '../../ports/files.js';
import { nodeFiles } from '../node-files.js';
import { FoundTree, findArguments } from './found-tree.js';

const home = mkdtempSync(join(tmpdir(), 'castellan-found-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(home, 'tree-'));
});

const LIMITS = { entriesMax: 1000, depthMax: 8, skipNames: ['.svn', '[a-z]*\\'] };
const { signal } = new AbortController();

function said(limits = LIMITS): Buffer {
  const { stdout, status } = spawnSync('find', findArguments(limits), { cwd: root, env: { LC_ALL: 'C' } });
  expect(status).toBe(0);
  return stdout;
}

/** Null: it is not understood, or ends at a limit. */
function told(pieces: readonly Buffer[], limits = LIMITS) {
  const tree = new FoundTree(limits);
  const found = pieces.every((piece) => tree.take(piece)) ? tree.end() : null;
  return found && { all: new WalkSeen().tree(found.top, '').all, size: found.size };
}

async function walked(limits = LIMITS) {
  const seen = new WalkSeen();
  const end = await nodeFiles(root).walk('/', seen, { ...limits, signal });
  return end.isTruncated ? null : { all: seen.all, size: end.entriesSeen };
}

const NAMES = [
  'a',
  'B',
  'ä',
  '🙂',
  '\uFFFDx',
  '-delete',
  ' ',
  'a b',
  "'",
  '"',
  '*',
  '%f',
  '\\',
  'x\ny',
  '\n',
  '.svn',
  '...',
];
NAMES.push('[a-z]*\\', 'abc\\', '\uFEFF', '\u007f', 'x'.repeat(255), '1 f 644 0 0');

describe('what find says', () => {
  test('of whatever names is what a walk tells', async () => {
    const path = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 });
    const kind = fc.constantFrom('file', 'folder', 'link');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(path, kind), { maxLength: 20 }), async (things) => {
        rmSync(root, { recursive: true });
        mkdirSync(root);
        for (const [names, what] of things) lay(join(root, ...names), what);
        expect(told([said()])).toEqual(await walked());
      }),
      { numRuns: 60 },
    );
  });

  test('is the same in whatever pieces it comes', async () => {
    for (const name of NAMES) lay(join(root, 'folder', name), 'file');
    const bytes = said();
    const whole = told([bytes]);
    expect(whole?.all).toHaveLength(NAMES.length - 1);
    for (let size = 1; size <= bytes.length; size += size < 40 ? 1 : 97) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
      expect(told(pieces)).toEqual(whole);
    }
  });

  test('is nothing where a walk ends at its depth', async () => {
    mkdirSync(join(root, 'a/b/c'), { recursive: true });
    for (const depthMax of [1, 2, 3, 4]) {
      const limits = { ...LIMITS, depthMax };
      expect(told([said(limits)], limits)).toEqual(await walked(limits));
    }
  });
});

function lay(path: string, what: string): void {
  try {
    mkdirSync(join(path, '..'), { recursive: true });
    if (what === 'folder') mkdirSync(path);
    else if (what === 'link') symlinkSync('/nowhere', path);
    else writeFileSync(path, '', { flag: 'wx', mode: 0o640 });
  } catch {
    // Something else has the name, or a file is above.
  }
}

describe('what is not understood', () => {
  const takes = (text: string, limits = LIMITS) => new FoundTree(limits).take(Buffer.from(text, 'latin1'));
  const entry = (name: string, word = '1 f 644 0 0') => `${name}\0${word}\0`;

  test.each([
    ['another kind', 'x\x001 ? 644 0 0\0'],
    ['a folder without what it is', 'x\x001 d 755 0 0\0'],
    ['a file with what a folder has', 'x\x001 f 644 0 0 1 2\0'],
    ['a mode that is none', 'x\x001 f 648 0 0\0'],
    ['names for numbers', 'x\x001 f 644 root root\0'],
    ['nothing', 'x\0\0'],
    ['a depth below no folder', 'x\x002 f 644 0 0\0'],
    ['the start', '.\x000 d 755 0 0 1 2\0'],
    ['a depth below a file', `${entry('x')}${entry('y', '2 f 644 0 0')}`],
    ['a name that is not UTF-8', entry('b\xe4')],
    ['a name without end', 'x'.repeat(1025)],
  ])('is no walk: %s', (_what, text) => {
    expect(takes(text)).toBe(false);
  });

  test('and neither is more than a walk would tell', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => entry(`${i}`)).join('');
    expect(takes(many(1000))).toBe(true);
    expect(takes(many(1001))).toBe(false);
    const limits = { ...LIMITS, entriesMax: 1e6 };
    expect(takes(many(LIST_NAMES_MAX), limits)).toBe(true);
    expect(takes(many(LIST_NAMES_MAX + 1), limits)).toBe(false);
  });

  test('and neither is a name that comes twice', () => {
    for (const text of [
      entry('x') + entry('x'),
      `${entry('e', '1 d 755 0 0 1 2')}${entry('x', '2 f 644 0 0').repeat(2)}`,
    ])
      expect(told([Buffer.from(text)])).toBeNull();
    const left = `${entry('e', '1 d 755 0 0 1 2')}${entry('x', '2 f 644 0 0').repeat(2)}${entry('y')}`;
    expect(takes(left)).toBe(false);
  });

  test('and a part of an entry is not whole', () => {
    for (const part of ['x', 'x\0', 'x\x001 f 644 0 0']) {
      const tree = new FoundTree(LIMITS);
      expect([tree.take(Buffer.from(entry('a') + part)), tree.end()]).toEqual([true, null]);
    }
  });
});
