import {
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WalkLimits } from '../../ports/files.js';
import { walkTree } from './walk.js';

const OUTER = 12;
const INNER = 20;
const FILES = 25;
const BUILT = new URL('../../../dist/bundle/walk-thread.js', import.meta.url);
let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'castellan-walk-')));
  for (let outer = 0; outer < OUTER; outer += 1) {
    for (let inner = 0; inner < INNER; inner += 1) {
      const folder = join(root, `d${outer}`, `e${inner}`);
      mkdirSync(folder, { recursive: true });
      for (let file = 0; file < FILES; file += 1) writeFileSync(join(folder, `f${file}`), '');
    }
    symlinkSync('/nowhere', join(root, `d${outer}`, 'link'));
    writeFileSync(Buffer.concat([Buffer.from(join(root, `d${outer}/`)), Buffer.from([0x62, 0xe4])]), '');
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function walked(options: { isAlone: boolean; thread?: URL }, limits: Partial<WalkLimits> = {}) {
  const told: unknown[] = [];
  const end = await walkTree(
    { fd: openSync(root, constants.O_RDONLY | constants.O_DIRECTORY), path: '/r', ...options },
    { entry: (...entry) => told.push(entry), problem: (...problem) => told.push(problem) },
    { entriesMax: 1e6, depthMax: 10, skipNames: ['f3'], signal: new AbortController().signal, ...limits },
  );
  return { told, end };
}

/** A thread whose program is this text. */
const thread = (text: string) => new URL(`data:text/javascript,${encodeURIComponent(text)}`);
const ANSWERS = `import { workerData } from 'node:worker_threads';
workerData.port.on('message', (asked) => workerData.port.postMessage(answer(asked)));`;

describe('a large tree that two threads look at', () => {
  test('is told as one thread tells it, in the same order', async () => {
    const alone = await walked({ isAlone: false });
    expect(alone.end.entriesSeen).toBe(OUTER * (INNER * (FILES - 1) + INNER + 2));
    expect(await walked({ isAlone: true, thread: BUILT })).toEqual(alone);
  });

  test.each([[{ entriesMax: 4500 }], [{ entriesMax: 5900 }], [{ depthMax: 2 }]])(
    'ends where one thread ends: %o',
    async (limits) => {
      const alone = await walked({ isAlone: false }, limits);
      expect(alone.end.isTruncated).toBe(true);
      expect(await walked({ isAlone: true, thread: BUILT }, limits)).toEqual(alone);
    },
  );

  test('the second thread tells the end of what is left', async () => {
    const answer = `const answer = () => ({ paths: '/told', numbers: new Float64Array(11), problems: [], isTruncated: false });`;
    const { told } = await walked({ isAlone: true, thread: thread(`${answer}${ANSWERS}`) });
    expect(told.at(-1)).toEqual(['/told', expect.objectContaining({ kind: 'file', uid: 0 })]);
  });

  test.each([
    ['cannot be had', new URL('file:///nowhere/walk-thread.js')],
    ['ends at its start', thread('process.exit(1)')],
    ['ends at its first part', thread(`const answer = () => process.exit(1);${ANSWERS}`)],
    ['fails', thread(`const answer = () => { throw new Error('no'); };${ANSWERS}`)],
  ])('one that %s costs nothing but time', async (_, program) => {
    expect(await walked({ isAlone: true, thread: program })).toEqual(await walked({ isAlone: false }));
  });

  test('is left when nobody waits any more', async () => {
    const stop = new AbortController();
    const silent = thread(
      `const answer = () => new Promise(() => undefined);${ANSWERS.replace('postMessage(answer(asked))', 'ref()')}`,
    );
    const walking = walked({ isAlone: true, thread: silent }, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 200);
    await expect(walking).rejects.toThrow('enough');
  });
});
