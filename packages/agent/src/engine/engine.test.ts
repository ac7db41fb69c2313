import { describe, expect, test } from 'vitest';
import { all, collector, deps, files } from '../../testing/engine.js';
import { FactUnavailable } from '../units/fact.js';
import { collectAll } from './collect.js';
import { freezeFact } from './freeze.js';
import { inOrderOfNeeds } from './order.js';
import { recordingFiles } from './recording-files.js';
import { staleFacts } from './stale.js';

describe('the record of what was inspected', () => {
  test('holds the path, every link passed and where it led', () => {
    const { files: recorded, touched } = recordingFiles(files);
    recorded.read('/link/a');
    expect([...touched().paths].sort()).toEqual(['/link', '/link/a', '/real/a']);
  });

  test('holds what is absent, and the target of a link that leads nowhere', () => {
    const { files: recorded, touched } = recordingFiles(files);
    recorded.stat('/absent');
    recorded.stat('/gone');
    expect([...touched().paths].sort()).toEqual(['/absent', '/gone', '/nowhere']);
  });

  test('holds the real place of a path that is inspected without following its last name', () => {
    const { files: recorded, touched } = recordingFiles(files);
    recorded.lstat('/link/b');
    expect([...touched().paths].sort()).toEqual(['/link', '/link/b', '/real/b']);
  });

  test('tells listed and walked folders apart', async () => {
    const { files: recorded, touched } = recordingFiles(files);
    recorded.list('/listed');
    await recorded.walk(
      '/link',
      { entry: () => undefined, problem: () => undefined },
      { entriesMax: 1, depthMax: 1, skipNames: [], signal: new AbortController().signal },
    );
    expect([...touched().listed]).toEqual(['/listed']);
    expect([...touched().walked].sort()).toEqual(['/link', '/real']);
  });
});

describe('collecting', () => {
  test('goes in the order of needs, whatever the order of the folders', () => {
    const ordered = inOrderOfNeeds([
      collector('c', ['b'], () => 1 as never),
      collector('a', [], () => 1 as never),
      collector('b', ['a'], () => 1 as never),
    ]);
    expect(ordered.map((one) => one.name)).toEqual(['a', 'b', 'c']);
  });

  test.each([
    ['a circle', [collector('a', ['b'], () => 1 as never), collector('b', ['a'], () => 1 as never)]],
    ['a need that nobody has', [collector('a', ['z'], () => 1 as never)]],
    ['two of one name', [collector('a', [], () => 1 as never), collector('a', [], () => 1 as never)]],
  ])('refuses %s', (_name, collectors) => {
    expect(() => inOrderOfNeeds(collectors)).toThrow();
  });

  test('a fact that could not be had makes what needs it unavailable, for the same reason', async () => {
    const collectors = [
      collector('a', [], () => {
        throw new FactUnavailable('no such thing here');
      }),
      collector('b', ['a'], () => 1 as never),
    ];
    const states = await collectAll(all(collectors), deps(collectors));
    expect(states.get('b')).toMatchObject({ state: 'unavailable', reason: 'no such thing here' });
  });

  test('a collector that throws costs its own facts only', async () => {
    const collectors = [
      collector('a', [], () => {
        throw new TypeError('bug');
      }),
      collector('b', ['a'], () => 1 as never),
      collector('c', [], () => 'fine' as never),
    ];
    const states = await collectAll(all(collectors), deps(collectors));
    expect(states.get('a')).toMatchObject({ state: 'errored', reason: expect.stringContaining('bug') });
    expect(states.get('b')?.state).toBe('errored');
    expect(states.get('c')).toMatchObject({ state: 'collected', value: 'fine' });
  });

  test('a collector that overruns is left behind, and told to stop', async () => {
    let stopped = false;
    const slow = collector('a', [], ({ signal }) => {
      signal.addEventListener('abort', () => {
        stopped = true;
      });
      return new Promise<never>(() => undefined);
    });
    const states = await collectAll(new Set(['a']), deps([slow], true));
    expect(states.get('a')).toMatchObject({
      state: 'errored',
      reason: expect.stringContaining('longer than 10 ms'),
    });
    expect(stopped).toBe(true);
  });

  test('only what is asked for is collected anew', async () => {
    let count = 0;
    const collectors = [
      collector('a', [], () => ++count as never),
      collector('b', [], () => ++count as never),
    ];
    const first = await collectAll(all(collectors), deps(collectors));
    await collectAll(new Set(['b']), deps(collectors), first);
    expect(count).toBe(3);
  });

  test('facts are frozen all the way down, but instances keep their own state', () => {
    class Parsed {
      cache = 0;
    }
    const fact = freezeFact({ list: [{ name: 'x' }], parsed: new Parsed() });
    expect(() => ((fact.list[0] as { name: string }).name = 'y')).toThrow(TypeError);
    fact.parsed.cache = 1;
    expect(fact.parsed.cache).toBe(1);
  });
});

describe('what a change makes stale', () => {
  const touching = (paths: string[], listed: string[] = [], walked: string[] = []) =>
    ({
      state: 'collected',
      value: 1,
      tookMs: 0,
      touched: { paths: new Set(paths), listed: new Set(listed), walked: new Set(walked) },
    }) as const;
  const states = new Map([
    ['file', touching(['/etc/a'])],
    ['names', touching(['/etc'], ['/etc'])],
    ['tree', touching(['/opt/conf'], [], ['/opt/conf'])],
  ]);
  const collectors = [
    collector('file', [], () => 1 as never),
    collector('names', [], () => 1 as never),
    collector('tree', [], () => 1 as never),
    collector('above', ['tree'], () => 1 as never),
  ];

  test.each([
    ['the file itself', '/etc/a', ['file', 'names']],
    ['a new name in a listed folder', '/etc/new', ['names']],
    ['anything below a walked folder, and what needs it', '/opt/conf/x/y', ['above', 'tree']],
    ['a folder above that was swapped', '/opt', ['above', 'tree']],
    ['a path that only begins alike', '/etcetera', []],
    ['a name in a folder below a listed one', '/etc/d/x', []],
  ])('%s', (_name, path, expected) => {
    expect([...staleFacts([path], states, collectors)].sort()).toEqual(expected);
  });
});
