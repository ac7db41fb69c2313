import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { FarDifferences } from '../../packages/agent/src/adapters/beside/far-differences.js';
import { type FarProgram, readFarProgram } from '../../packages/agent/src/adapters/beside/far-program.js';
import type { FarSession } from '../../packages/agent/src/adapters/beside/far-session.js';
import type { WatchList } from '../../packages/agent/src/ports/differences.js';
import { describeReal } from '../real/parts.js';
import { Sshd } from './sshd.js';

const LOGIN = 'far-root';

describeReal('the far program remembers what is watched', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await new Sshd().start([{ name: LOGIN, shell: '/bin/sh', uid: 0 }]);
  });
  afterAll(() => sshd.stop());

  async function watched(program = readFarProgram()) {
    const session = await sshd.session(LOGIN, undefined, program);
    onTestFinished(() => session.close());
    const dir = mkdtempSync(join(tmpdir(), 'castellan-differences-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    for (const folder of ['listed', 'tree/deep/deeper', 'plain'])
      mkdirSync(join(dir, folder), { recursive: true });
    for (const file of ['plain/a', 'plain/b', 'listed/a', 'tree/a', 'tree/deep/b', 'tree/deep/deeper/c'])
      writeFileSync(join(dir, file), 'as it was', { mode: 0o600 });
    symlinkSync('plain/a', join(dir, 'link'));
    // Long ago, by a clock that only goes forward.
    let now = 10_000_000;
    const differences = new FarDifferences(session, { now: () => now, sleep: () => delay(0) });
    const at = (path: string) => join(dir, path);
    return {
      session,
      differences,
      at,
      /** What is looked at now is looked at so many milliseconds later than what was before. */
      later: (ms: number) => {
        now += ms;
      },
      list: {
        paths: new Set([at('plain/a'), at('link'), at('nothing/there')]),
        listed: new Set([at('listed')]),
        walked: new Set([at('tree')]),
      } satisfies WatchList,
      changed: async (isWithTrees = true) => [...(await differences.ask(isWithTrees)).changed].sort(),
    };
  }

  test('and tells every kind of change once, and nothing else', async () => {
    const { differences, at, list, changed } = await watched();
    await differences.follow(list);
    expect(await changed()).toEqual([]);
    const cases: readonly [() => void, readonly string[]][] = [
      [() => chmodSync(at('plain/a'), 0o644), ['plain/a']],
      [() => writeFileSync(at('plain/a'), 'another text'), ['plain/a']],
      // Its neighbour is nobody's business, nor are new names where names are not watched.
      [() => writeFileSync(at('plain/b'), 'another text'), []],
      [() => writeFileSync(at('plain/c'), 'new'), []],
      [() => chmodSync(at('plain'), 0o700), ['plain']],
      [() => writeFileSync(at('listed/b'), 'new'), ['listed']],
      [() => unlinkSync(at('listed/a')), ['listed']],
      [() => mkdirSync(at('nothing')), ['nothing']],
      [() => writeFileSync(at('nothing/there'), 'now'), ['nothing/there']],
      [() => chmodSync(at('tree/deep/deeper/c'), 0o666), ['tree/deep/deeper/c']],
      [() => writeFileSync(at('tree/deep/d'), 'new'), ['tree/deep/d']],
      [() => rmSync(at('tree/deep/deeper'), { recursive: true }), ['tree/deep/deeper', 'tree/deep/deeper/c']],
      [() => chmodSync(at('tree'), 0o711), ['tree']],
      [
        () => {
          unlinkSync(at('link'));
          symlinkSync('plain/b', at('link'));
        },
        ['link'],
      ],
      [
        () => {
          renameSync(at('plain'), at('was-plain'));
          mkdirSync(at('plain'), { mode: 0o700 });
        },
        ['plain', 'plain/a'],
      ],
    ];
    for (const [change, paths] of cases) {
      change();
      expect(await changed()).toEqual(paths.map(at));
      expect(await changed()).toEqual([]);
    }
  });

  test('trees only when they are asked, and what is not followed any more not at all', async () => {
    const { differences, at, list, changed } = await watched();
    await differences.follow(list);
    chmodSync(at('tree/a'), 0o644);
    chmodSync(at('plain/a'), 0o644);
    expect(await changed(false)).toEqual([at('plain/a')]);
    expect(await changed()).toEqual([at('tree/a')]);
    await differences.follow({ ...list, walked: new Set(), paths: new Set() });
    chmodSync(at('tree/a'), 0o600);
    chmodSync(at('plain/a'), 0o600);
    writeFileSync(at('listed/c'), 'new');
    expect(await changed()).toEqual([at('listed')]);
  });

  test('what changed between the look and the watch is told with the watch', async () => {
    const { differences, at, list, later } = await watched();
    // Everything was made a moment ago: by a look of longer ago, all of it may have changed since.
    later(60_000);
    const { changed } = await differences.follow(list);
    for (const path of ['plain/a', 'link', 'listed', 'tree/a', 'tree/deep/deeper/c'])
      expect(changed).toContain(at(path));
    // What was made before the look is what the look saw.
    utimesSync(at('plain/a'), 1, 1);
    differences.looks();
    await delay(3500);
    later(0);
    await differences.follow({ paths: new Set(), listed: new Set(), walked: new Set() });
    expect([...(await differences.follow(list)).changed]).toEqual([]);
  });

  test('so many, and that there are more is said', async () => {
    const { differences, at, list, changed } = await watched(
      altered('$WATCHED_MAX = 200_000', '$WATCHED_MAX = 20'),
    );
    for (let i = 0; i < 30; i += 1) writeFileSync(at(`tree/more${i}`), '');
    const first = await differences.follow(list);
    expect(first).toMatchObject({ isCut: true });
    expect(first.watched).toBeLessThanOrEqual(20);
    const { watched: count, isCut } = await differences.ask(true);
    expect([count <= 20, isCut]).toEqual([true, true]);
    chmodSync(at('plain/a'), 0o644);
    expect(await changed(false)).toEqual([at('plain/a')]);
  });

  test('a session lives as long as it is asked, and ends when nobody asks', async () => {
    const short = altered(
      '$SESSION_S_MAX = 900',
      '$SESSION_S_MAX = 1',
      '$IDLE_S_MAX = 300',
      '$IDLE_S_MAX = 2',
    );
    const { differences, list, changed, session } = await watched(short);
    await differences.follow(list);
    for (let i = 0; i < 8; i += 1) {
      await delay(400);
      expect(await changed()).toEqual([]);
    }
    const ended = new Promise((resolve) => session.onEnd(resolve));
    expect(await ended).toMatchObject({ code: 'CAS_BESIDE_PROTOCOL' });
  });

  test('a signal that outlives many sessions is not listened to by those that ended', async () => {
    const stop = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = stop.signal;
    stop.signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
      listeners += 1;
      addEventListener.apply(stop.signal, given);
    };
    stop.signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
      listeners -= 1;
      removeEventListener.apply(stop.signal, given);
    };
    const sessions: FarSession[] = [];
    for (let i = 0; i < 3; i += 1) sessions.push(await sshd.session(LOGIN, stop.signal));
    expect(listeners).toBe(3);
    for (const session of sessions) await session.close();
    expect(listeners).toBe(0);
    await expect(sshd.session('far-nobody', stop.signal)).rejects.toThrow();
    await delay(100);
    expect(listeners).toBe(0);
  });
}, ['openssh-server', 'openssh-client']);

/** The far program with other bounds. */
function altered(...changes: readonly string[]): FarProgram {
  let text = readFarProgram().text.toString('latin1');
  for (let i = 0; i < changes.length; i += 2) {
    const [from = '', to = ''] = changes.slice(i);
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  const bytes = Buffer.from(text, 'latin1');
  return { text: bytes, digest: createHash('md5').update(bytes).digest('hex') };
}
