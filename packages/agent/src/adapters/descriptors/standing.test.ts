import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileReader } from '../../ports/files.js';
import { nodeFiles } from '../node-files.js';
import { byCodeUnit, namesOf } from './names.js';

const stoodIn = process.cwd();
let root: string;
let files: FileReader;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'castellan-standing-')));
  files = nodeFiles(root, { isAlone: true });
  mkdirSync(join(root, 'etc/conf'), { recursive: true });
  writeFileSync(join(root, 'etc/conf/a.conf'), 'inside');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
  expect(process.cwd()).toBe(stoodIn);
});

const told = async (reader: FileReader) => {
  const all: unknown[] = [];
  await reader.walk(
    '/etc',
    { entry: (...entry) => all.push(entry), problem: (...fault) => all.push(fault) },
    { entriesMax: 10_000, depthMax: 10, skipNames: [], signal: new AbortController().signal },
  );
  return all;
};

describe('a walk of a process that does nothing else', () => {
  test('tells the same, in the same order', async () => {
    for (const folder of ['a', 'b/c', 'b/d']) mkdirSync(join(root, 'etc', folder), { recursive: true });
    for (const name of ['a/1', 'a/..2', 'b/c/1', 'b/d/1', 'b/e']) writeFileSync(join(root, 'etc', name), '');
    symlinkSync('/etc/conf', join(root, 'etc/b/link'));
    writeFileSync(Buffer.concat([Buffer.from(join(root, 'etc/conf/')), Buffer.from([0x62, 0xe4])]), '');
    const all = await told(files);
    expect(all).toHaveLength(13);
    expect(all).toEqual(await told(nodeFiles(root)));
  });

  test('and inspects by path meanwhile, and fails, without standing elsewhere afterwards', async () => {
    symlinkSync('a.conf', join(root, 'etc/conf/to'));
    const found: unknown[] = [];
    const failing = files.walk(
      '/etc',
      {
        entry: (folder, name, { kind }) => {
          if (kind === 'symlink') found.push(files.read(`${folder}/${name}`));
          if (name === 'to') throw new Error('enough');
        },
        problem: () => undefined,
      },
      { entriesMax: 100, depthMax: 10, skipNames: [], signal: new AbortController().signal },
    );
    await expect(failing).rejects.toThrow('enough');
    expect(found).toEqual([{ ok: true, value: Buffer.from('inside') }]);
  });

  test('is at home whenever others have their turn', async () => {
    for (let i = 0; i < 2500; i += 1) writeFileSync(join(root, 'etc/conf', `f${i}`), '');
    const stood = new Set<string>();
    const turns = setInterval(() => stood.add(process.cwd()), 0);
    await told(files).finally(() => clearInterval(turns));
    expect([...stood].filter((folder) => folder !== stoodIn)).toEqual([]);
  });
});

test('names are the same, read at once or one by one', () => {
  for (let i = 0; i < 1500; i += 1) writeFileSync(join(root, 'etc', `f${i}`), '');
  const [atOnce, oneByOne] = [namesOf(join(root, 'etc'), 1), namesOf(join(root, 'etc'), 0)];
  expect(atOnce?.sort(byCodeUnit)).toEqual(oneByOne?.sort(byCodeUnit));
  expect(atOnce).toHaveLength(1501);
});
