import {
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { walkTree } from './walk.js';
import { WalkFromEnd } from './walk-from-end.js';

let host: string;

beforeAll(() => {
  host = realpathSync(mkdtempSync(join(tmpdir(), 'castellan-from-end-')));
  // In the order of a walk what is below `a` comes before `a.b`, whose name is before `a/`.
  for (const folder of ['a', 'a.b', 'conf/d0/e0', 'conf/d0/e1', 'conf/d1', 'conf/d2/empty', 'zz'])
    mkdirSync(join(host, folder), { recursive: true });
  for (const folder of ['a', 'a.b', 'conf', 'conf/d0/e0', 'conf/d0/e1', 'conf/d1', 'conf/d2'])
    for (const name of ['f', 'f-', 'g', 'é', '.x']) writeFileSync(join(host, folder, name), '');
  mkdirSync(join(host, 'many'));
  for (let file = 0; file < 700; file += 1) writeFileSync(join(host, 'many', `n${file}`), '');
  symlinkSync('a', join(host, 'to'));
  writeFileSync(Buffer.concat([Buffer.from(`${host}/conf/d1/`), Buffer.from([0x62, 0xe4])]), '');
});
afterAll(() => rmSync(host, { recursive: true, force: true }));

const LIMITS = { entriesMax: 1e6, depthMax: 10, skipNames: ['g'] };
type Told = readonly unknown[];

const opened = (path = '') => openSync(join(host, path), constants.O_RDONLY);
const visitorOf = (told: Told[]) => ({
  entry: (...entry: Told) => void told.push(entry),
  problem: (...problem: Told) => void told.push(problem),
});

async function alone(limits = LIMITS): Promise<Told[]> {
  const told: Told[] = [];
  const signal = new AbortController().signal;
  await walkTree({ fd: opened(), path: '/x', isAlone: false }, visitorOf(told), { ...limits, signal });
  return told;
}

/** The other tells `told` of `all` before this one begins, and what is left after it has ended. */
async function met(all: readonly Told[], told: number, { limits = LIMITS, entriesMax = 1000 } = {}) {
  const help = new WalkFromEnd({ fd: opened(), path: '/x', isAlone: false }, limits, entriesMax);
  const before = all.slice(0, told);
  for (const [path] of before) expect(help.hasSeen(String(path))).toBe(false);
  await help.run();
  const left = all.slice(told);
  const seen = left.findIndex(([path]) => help.hasSeen(String(path)));
  const by: Told[] = [];
  const end = help.tell(visitorOf(by), limits.entriesMax);
  return { other: [...before, ...left.slice(0, seen < 0 ? left.length : seen)], by, end };
}

describe('a walk from the end', () => {
  test('and one from the beginning are one walk, wherever they meet', async () => {
    const all = await alone();
    expect(all.length).toBeGreaterThan(700);
    for (let told = 1; told <= all.length; told += told < 60 ? 1 : 97) {
      const { other, by } = await met(all, told);
      expect([...other, ...by]).toEqual(all);
      // All that the other has not come to is seen here.
      expect(other).toHaveLength(told);
    }
  });

  test('takes no more than it may keep', async () => {
    const all = await alone();
    const { other, by, end } = await met(all, 1, { entriesMax: 100 });
    expect([...other, ...by]).toEqual(all);
    expect(end.entriesSeen).toBeGreaterThan(0);
    expect(end.entriesSeen).toBeLessThan(100);
  });

  test('does not go deeper than the whole walk may, and says so', async () => {
    const limits = { ...LIMITS, depthMax: 2 };
    const all = await alone(limits);
    const { other, by, end } = await met(all, 3, { limits });
    expect([...other, ...by]).toEqual(all);
    expect(end.isTruncated).toBe(true);
    expect((await met(all, 3, { limits: { ...limits, depthMax: 9 } })).end.isTruncated).toBe(false);
  });

  test('tells no more entries than are wanted, and says so', async () => {
    const help = new WalkFromEnd({ fd: opened(), path: '/x', isAlone: false }, LIMITS);
    help.hasSeen('/x/a');
    await help.run();
    const by: Told[] = [];
    expect(help.tell(visitorOf(by), 5)).toEqual({ entriesSeen: 5, isTruncated: true });
    expect(by.map(([path]) => path)).toEqual((await alone()).slice(1, 6).map(([path]) => path));
  });

  test('leaves a part that the other comes to meanwhile', async () => {
    const all = await alone();
    const help = new WalkFromEnd({ fd: opened(), path: '/x', isAlone: false }, LIMITS);
    const at = all.findIndex(([path]) => path === '/x/many/n650');
    for (const [path] of all.slice(0, 3)) help.hasSeen(String(path));
    const running = help.run();
    // The very first part is begun by now: it is of the last name.
    expect(all.slice(3, at).some(([path]) => help.hasSeen(String(path)))).toBe(false);
    help.hasSeen('/x/zz');
    await running;
    const by: Told[] = [];
    expect(help.tell(visitorOf(by), 1e6)).toEqual({ entriesSeen: 0, isTruncated: false });
  });

  test('stops when it is told to, and leaves no descriptor', async () => {
    const help = new WalkFromEnd({ fd: opened('a'), path: '/x', isAlone: false }, LIMITS);
    help.hasSeen('/x/.x');
    const running = help.run();
    help.stop();
    await running;
    expect(help.tell(visitorOf([]), 1e6).entriesSeen).toBe(0);
    const below = readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)];
      } catch {
        return [];
      }
    });
    // Those that this test opened are its own.
    expect(below.filter((path) => path.startsWith(`${host}/`) && path !== join(host, 'a'))).toEqual([]);
  });

  test('leaves to the other what the system refuses', async () => {
    const help = new WalkFromEnd({ fd: opened(), path: '/x', isAlone: false }, LIMITS);
    help.hasSeen('/x/gone/deeper/file');
    await help.run();
    const by: Told[] = [];
    help.tell(visitorOf(by), 1e6);
    expect(by[0]?.[0]).toBe('/x/many');
  });
});
