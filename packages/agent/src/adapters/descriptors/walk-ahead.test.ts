import {
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileStat, WalkLimits } from '../../ports/files.js';
import { nodeFiles } from '../node-files.js';
import { WalkAhead } from './walk-ahead.js';

const [OUTER, INNER, FILES] = [4, 10, 60];
const built = (path: string) => new URL(`../../../dist/${path}`, import.meta.url);
const BUILT = built('bundle/walk-child.js');
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
    writeFileSync(Buffer.concat([Buffer.from(`${above}/`), Buffer.from([0x62, 0xe4])]), '');
  }
  symlinkSync('conf', join(host, 'tree/to'));
});
afterAll(() => rmSync(host, { recursive: true, force: true }));

const LIMITS = { entriesMax: 1e6, depthMax: 10, skipNames: ['f3'] };
interface Given {
  readonly program?: URL;
  readonly path?: string;
  readonly limits?: Partial<Omit<WalkLimits, 'signal'>>;
  readonly signal?: AbortSignal;
  readonly silenceMs?: number;
  readonly entriesMin?: number;
}

function begin({ program = BUILT, path = '/conf', limits = {}, silenceMs, entriesMin = 10 }: Given = {}) {
  const order = { path, ...LIMITS, ...limits };
  const options = { program, entriesMin, ...(silenceMs === undefined ? {} : { silenceMs }) };
  return WalkAhead.begin(join(host, 'tree'), order, options);
}

async function walked(ahead: WalkAhead | null, { limits = {}, signal }: Given = {}) {
  const told: unknown[][] = [];
  const end = await nodeFiles(join(host, 'tree'), { isAlone: true, ahead }).walk(
    '/conf',
    {
      entry: (path, stat, ...entry) => told.push([path, plain(stat), ...entry]),
      problem: (...problem) => told.push(problem),
    },
    { ...LIMITS, ...limits, signal: signal ?? new AbortController().signal },
  );
  return { told, end };
}

/** By the child alone: null, or what it did not tell, is not made up for. */
async function toldBy(ahead: WalkAhead | null, limits: Given['limits'] = {}) {
  const told: unknown[][] = [];
  const end = await ahead?.tell(
    { fd: openSync(join(host, 'tree/conf'), constants.O_RDONLY), path: '/conf' },
    {
      entry: (path, stat, ...entry) => told.push([path, plain(stat), ...entry]),
      problem: (...problem) => told.push(problem),
    },
    { ...LIMITS, ...limits, signal: new AbortController().signal },
  );
  return { told, end };
}

/** A child's is a view of what it sent. */
function plain(stat: FileStat): FileStat {
  const { kind, uid, gid, mode, sizeBytes, mtimeMs, ctimeMs, dev, ino, birthtimeMs, nlink } = stat;
  return {
    kind,
    uid,
    gid,
    mode,
    sizeBytes,
    mtimeMs,
    ctimeMs,
    dev,
    ino,
    nlink,
    ...(birthtimeMs === undefined ? {} : { birthtimeMs }),
  };
}

/** A child whose program is this text, after the walk's own parts. */
function program(name: string, text: string): URL {
  const frames = pathToFileURL(built('adapters/descriptors/walk-frames.js').pathname).href;
  const file = join(programs, `${name}.mjs`);
  writeFileSync(
    file,
    `import { writeFileSync, writeSync } from 'node:fs';
import { FrameWriter } from '${frames}';
const writer = new FrameWriter('/conf', (bytes) => writeSync(1, bytes));
const stat = { kind: 'file', uid: 7, gid: 7, mode: 0, sizeBytes: 7, mtimeMs: 1.5, ctimeMs: 2.5, dev: 1, ino: 2 ** 40, birthtimeMs: 0, nlink: 1 };
const tell = (name) => writer.entry('/conf/' + name, stat, '/conf', name);
const wait = () => setInterval(() => undefined, 1000);
${text}`,
  );
  return pathToFileURL(file);
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

describe('a walk that a child process begins', () => {
  test('is told as this process tells it, in the same order', async () => {
    const alone = await walked(null);
    expect(alone.end.entriesSeen).toBe(OUTER * (INNER * (FILES - 1 + 2) + 2));
    expect(await toldBy(begin())).toEqual(alone);
    expect(await walked(begin())).toEqual(alone);
  });

  test('keeps what it told until it is asked, also when the child has ended by then', async () => {
    const ahead = begin({
      program: program('quick', `tell('x'); writer.end({ isTruncated: false });`),
    });
    await expect.poll(running).toEqual([]);
    const { told, end } = await walked(ahead);
    expect(told).toEqual([
      ['/conf/x', expect.objectContaining({ kind: 'file', uid: 7, ino: 2 ** 40 }), '/conf', 'x'],
    ]);
    expect(end).toEqual({ entriesSeen: 1, isTruncated: false });
  });

  test.each([[{ entriesMax: 1024 }], [{ entriesMax: 1500 }], [{ depthMax: 2 }]])(
    'ends where a walk of this process ends: %o',
    async (limits) => {
      const alone = await walked(null, { limits });
      expect(alone.end.isTruncated).toBe(true);
      expect(await toldBy(begin({ limits }), limits)).toEqual(alone);
    },
  );

  test('is of the folder behind a link, by its own path', async () => {
    expect(await walked(begin({ path: '/to' }))).toEqual(await walked(null));
  });

  test('is not begun for a small tree, or one that is not there', () => {
    const names = OUTER * (INNER * (FILES + 2) + 3);
    expect(begin({ entriesMin: names + 1 })).toBeNull();
    const ahead = begin({ entriesMin: names });
    expect(ahead).not.toBeNull();
    ahead?.end();
    expect(begin({ path: '/nowhere' })).toBeNull();
  });

  test('counts for nothing with other limits, or when another folder has the name by then', async () => {
    const wrong = program('wrong', `tell('wrong'); writer.end({ isTruncated: false });`);
    const limits = { depthMax: 9 };
    expect(await walked(begin({ program: wrong }), { limits })).toEqual(await walked(null, { limits }));
    const ahead = begin({ program: wrong });
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

describe('a child that', () => {
  test.each([
    ['is not there', ''],
    ['ends at once', 'process.exit(1);'],
    ['writes what is no walk', `writeSync(1, Buffer.alloc(100_000, 0x41)); wait();`],
    [
      'says more entries than a frame may have',
      `writeSync(1, new Uint8Array(Float64Array.of(1025, 0, 0, 0, 0).buffer)); wait();`,
    ],
    ['says only that it goes on, and ends', 'writer.flush();'],
  ])('%s costs nothing but time', async (name, text) => {
    const lost =
      text === '' ? pathToFileURL(join(programs, 'none.mjs')) : program(name.replaceAll(' ', '-'), text);
    expect(await walked(begin({ program: lost }))).toEqual(await walked(null));
    await expect.poll(running).toEqual([]);
  });

  test.each([
    ['dies on its way', `tell('x'); writer.flush(); process.exit(1);`],
    ['ends well without its last word', `tell('x'); writer.flush();`],
    [
      'says fewer entries than it counts',
      `tell('x'); writer.flush(); writeSync(1, new Uint8Array(Float64Array.of(0, 0, 2, 2, 1).buffer)); writeSync(1, '[]');`,
    ],
    [
      'stops within a frame',
      `tell('x'); writer.flush(); writeSync(1, new Uint8Array(Float64Array.of(9, 9, 9, 10, 1).buffer));`,
    ],
  ])('%s is a walk that did not see all', async (name, text) => {
    const { told, end } = await walked(begin({ program: program(name.replaceAll(' ', '-'), text) }));
    expect(told.map(([path]) => path)).toEqual(['/conf/x', '/conf']);
    expect(told[1]).toEqual([
      '/conf',
      'failed',
      '/conf: the process that walked it was lost after 1 entries',
    ]);
    expect(end).toEqual({ entriesSeen: 1, isTruncated: true });
    await expect.poll(running).toEqual([]);
  });

  test('says nothing is not waited for', async () => {
    const ahead = begin({ program: program('silent', 'wait();'), silenceMs: 100 });
    expect(await walked(ahead)).toEqual(await walked(null));
    await expect.poll(running).toEqual([]);
  });

  test('hangs on its way is not waited for, and did not see all', async () => {
    const said = join(programs, 'said');
    const hangs = program('hangs', `tell('x'); writer.flush(); writeFileSync('${said}', ''); wait();`);
    const ahead = begin({ program: hangs, silenceMs: 100 });
    await expect.poll(() => existsSync(said)).toBe(true);
    expect((await walked(ahead)).end).toEqual({ entriesSeen: 1, isTruncated: true });
    await expect.poll(running).toEqual([]);
  });

  test('nobody waits for any more is ended', async () => {
    const stop = new AbortController();
    const { signal } = stop;
    const beats = program('beats', 'setInterval(() => writer.flush(), 10);');
    const walking = walked(begin({ program: beats }), { signal });
    const failed = expect(walking).rejects.toThrow('enough');
    await expect.poll(running).toHaveLength(1);
    stop.abort(new Error('enough'));
    await failed;
    await expect.poll(running).toEqual([]);
  });

  test('was not asked is ended with the check, and leaves no descriptor', async () => {
    const folder = realpathSync(join(host, 'tree/conf'));
    const ahead = begin({ program: program('waits', 'wait();') });
    await expect.poll(running).toHaveLength(1);
    ahead?.end();
    await expect.poll(running).toEqual([]);
    const own = readdirSync('/proc/self/fd').map((fd) => linkOf(`/proc/self/fd/${fd}`));
    expect(own).not.toContain(folder);
  });

  test('throws nothing away when the visitor throws', async () => {
    const ahead = begin();
    const limits = { ...LIMITS, signal: new AbortController().signal };
    const from = () => ({ fd: openSync(join(host, 'tree/conf'), constants.O_RDONLY), path: '/conf' });
    const refuse = () => {
      throw new Error('too much');
    };
    await expect(ahead?.tell(from(), { entry: refuse, problem: refuse }, limits)).rejects.toThrow('too much');
    expect(await ahead?.tell(from(), { entry: refuse, problem: refuse }, limits)).toBeNull();
  });
});

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
