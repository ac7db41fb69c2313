import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WalkSeen } from '../../../testing/walked.js';
import { WalkCache } from '../../engine/walk-cache.js';
import type { WalkLimits } from '../../ports/files.js';
import { nodeFiles } from '../node-files.js';
import { WalkAhead } from './walk-ahead.js';

const [OUTER, INNER, FILES] = [4, 10, 60];
let host: string;
let programs: string;

beforeAll(() => {
  host = realpathSync(mkdtempSync(join(tmpdir(), 'castellan-ahead-')));
  programs = join(host, 'programs');
  mkdirSync(programs);
  for (let outer = 0; outer < OUTER; outer += 1) {
    const above = join(host, `tree/conf/d${outer}`);
    for (let inner = 0; inner < INNER; inner += 1) {
      mkdirSync(join(above, `e${inner}`, 'empty'), { recursive: true });
      for (let file = 0; file < FILES; file += 1) writeFileSync(join(above, `e${inner}/f${file}`), '');
    }
    symlinkSync('/nowhere', join(above, 'link'));
  }
  symlinkSync('conf', join(host, 'tree/to'));
});
afterAll(() => rmSync(host, { recursive: true, force: true }));

const LIMITS = { entriesMax: 1e6, depthMax: 10, skipNames: ['f3'] };
interface Given {
  readonly find?: string;
  readonly path?: string;
  readonly limits?: Partial<Omit<WalkLimits, 'signal'>>;
  readonly signal?: AbortSignal;
  readonly entriesMin?: number;
  readonly silentPausesMax?: number;
}

function begin({ path = '/conf', limits = {}, entriesMin = 10, ...options }: Given = {}) {
  return WalkAhead.begin(join(host, 'tree'), { path, ...LIMITS, ...limits }, { entriesMin, ...options });
}

async function walked(ahead: WalkAhead | null, { limits = {}, signal }: Given = {}) {
  const seen = new WalkSeen();
  const { files } = new WalkCache(nodeFiles(join(host, 'tree'), { isAlone: true, ahead }));
  const all = { ...LIMITS, ...limits, signal: signal ?? new AbortController().signal };
  const end = await files.walk('/conf', seen, all);
  return { told: seen.all, end };
}

/** By find alone: null is not made up for. */
async function toldBy(ahead: WalkAhead | null, limits: Given['limits'] = {}) {
  const all = { ...LIMITS, ...limits, signal: new AbortController().signal };
  const found = await ahead?.tree(statSync(join(host, 'tree/conf')), '/conf', all);
  return found && { told: new WalkSeen().tree(found.top, '/conf').all, size: found.size };
}

/** Under the program's name. */
const WAITS = 'exec tail -n 0 -f "$0"';
const FILE = `printf 'x\\0001 f 4755 7 8\\000'`;

/** What is run instead of find, in the folder that find would stand in. */
function program(name: string, text: string): string {
  const file = join(programs, name.replaceAll(' ', '-'));
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Processes that have a program of this test, by its path. */
function running(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(programs);
    } catch {
      return false;
    }
  });
}

describe('a walk that find begins', () => {
  test('is told as this process tells it, in the same order', async () => {
    const alone = await walked(null);
    expect(alone.end.entriesSeen).toBe(OUTER * (INNER * (FILES - 1 + 2) + 2));
    expect(await toldBy(begin())).toEqual({ told: alone.told, size: alone.end.entriesSeen });
    expect(await walked(begin())).toEqual(alone);
  });

  test('keeps what was said until it is asked, also when find has ended by then', async () => {
    const ahead = begin({ find: program('quick', FILE) });
    await expect.poll(running).toEqual([]);
    const { told, end } = await walked(ahead);
    expect(told).toEqual([['/conf', 'x', { kind: 'file', uid: 7, gid: 8, mode: 0o4755 }]]);
    expect(end).toEqual({ entriesSeen: 1, isTruncated: false });
  });

  test('is left to this process where a limit is reached', async () => {
    const size = OUTER * (INNER * (FILES - 1 + 2) + 2);
    for (const limits of [{ depthMax: 2 }, { depthMax: 3 }, { entriesMax: 1500 }, { entriesMax: size - 1 }]) {
      const alone = await walked(null, { limits });
      expect(alone.end.isTruncated).toBe(true);
      expect(await toldBy(begin({ limits }), limits)).toBeNull();
      expect(await walked(begin({ limits }), { limits })).toEqual(alone);
    }
    for (const limits of [{ depthMax: 4 }, { entriesMax: size }])
      expect(await toldBy(begin({ limits }), limits)).toMatchObject({ size });
  });

  test('is left to this process where a name is not UTF-8', async () => {
    const odd = Buffer.concat([Buffer.from(join(host, 'tree/conf/')), Buffer.from([0x62, 0xe4])]);
    writeFileSync(odd, '');
    try {
      const alone = await walked(null);
      expect(alone.told).toContainEqual(['/conf/b\uFFFD', 'failed', '/conf/b\uFFFD: the name is not UTF-8']);
      expect(await toldBy(begin())).toBeNull();
      expect(await walked(begin())).toEqual(alone);
    } finally {
      rmSync(odd);
    }
  });

  test('is of the folder behind a link, by its own path', async () => {
    expect(await walked(begin({ path: '/to' }))).toEqual(await walked(null));
  });

  test('is not begun for a small tree, or one that is not there', () => {
    const names = OUTER * (INNER * (FILES + 2) + 2);
    expect(begin({ entriesMin: names + 1 })).toBeNull();
    const ahead = begin({ entriesMin: names });
    expect(ahead).not.toBeNull();
    ahead?.end();
    expect(begin({ path: '/nowhere' })).toBeNull();
  });

  test('counts for nothing with other limits, or when another folder has the name by then', async () => {
    const wrong = program('wrong', FILE);
    const limits = { depthMax: 9 };
    const other = begin({ find: wrong });
    expect(await walked(other, { limits })).toEqual(await walked(null, { limits }));
    other?.end();
    const ahead = begin({ find: wrong });
    renameSync(join(host, 'tree/conf'), join(host, 'tree/before'));
    mkdirSync(join(host, 'tree/conf'));
    try {
      expect((await walked(ahead)).end).toEqual({ entriesSeen: 0, isTruncated: false });
    } finally {
      rmSync(join(host, 'tree/conf'), { recursive: true });
      renameSync(join(host, 'tree/before'), join(host, 'tree/conf'));
      ahead?.end();
    }
  });
});

describe('a find that', () => {
  test.each([
    ['fails at once', 'exit 1'],
    ['is of another kind', `echo 'find: unrecognized: -printf' >&2; exit 1`],
    ['fails at its end', `${FILE}; exit 1`],
    ['had trouble and ends well', `${FILE}; echo "find: './e': Permission denied" >&2`],
    ['is killed', `${FILE}; kill -KILL $$`],
    ['says what is no entry', `printf 'abc\\000def\\000'; ${WAITS}`],
    ['says what has no end', `exec cat /dev/zero`],
    ['stops within an entry', `${FILE}; printf 'y\\0001 f 64'`],
    ['stops before what it says of a name', `${FILE}; printf 'y\\000'`],
  ])('%s costs nothing but time', async (name, text) => {
    expect(await walked(begin({ find: program(name, text) }))).toEqual(await walked(null));
    await expect.poll(running).toEqual([]);
  });

  test('is not there costs nothing but time', async () => {
    expect(await walked(begin({ find: join(programs, 'none') }))).toEqual(await walked(null));
  });

  test('finds no end is ended by the system before anybody asks', async () => {
    const entries = program('entries', `exec yes '${'x'.repeat(200)}\n1 f 644 0 0' | tr '\\n' '\\000'`);
    const ahead = begin({ find: entries });
    await expect.poll(running, { timeout: 30_000 }).toEqual([]);
    expect(await walked(ahead)).toEqual(await walked(null));
  });

  test.each([
    ['says nothing', WAITS],
    ['hangs on its way', `${FILE}; ${WAITS}`],
  ])('%s is not waited for', async (name, text) => {
    const ahead = begin({ find: program(name, text), silentPausesMax: 3 });
    expect(await walked(ahead)).toEqual(await walked(null));
    await expect.poll(running).toEqual([]);
  });

  test('nobody waits for any more is ended', async () => {
    const stop = new AbortController();
    const walking = walked(begin({ find: program('waits', WAITS) }), { signal: stop.signal });
    const failed = expect(walking).rejects.toThrow('enough');
    await expect.poll(running).toHaveLength(1);
    stop.abort(new Error('enough'));
    await failed;
    await expect.poll(running).toEqual([]);
  });

  test('was not asked is ended with the check, and leaves neither descriptor nor file', async () => {
    const open = () =>
      readdirSync('/proc/self/fd')
        .map((fd) => linkOf(`/proc/self/fd/${fd}`))
        .sort();
    const left = () => readdirSync('/dev/shm');
    const before = [left(), open()];
    const ahead = begin({ find: program('waits', WAITS) });
    await expect.poll(running).toHaveLength(1);
    expect(left()).toEqual(before[0]);
    ahead?.end();
    await expect.poll(running).toEqual([]);
    await expect.poll(() => [left(), open()]).toEqual(before);
  });

  test('was asked is not asked again', async () => {
    const ahead = begin();
    expect(await toldBy(ahead)).not.toBeNull();
    expect(await toldBy(ahead)).toBeNull();
  });
});

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
