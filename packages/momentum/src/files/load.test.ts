import { describe, expect, test } from 'vitest';
import { type Files, memory } from '../../testing/memory.js';
import { statementsOf } from '../../testing/statements.js';
import { formatScope } from '../ast/scopes.js';
import { modelOf } from '../evaluate/model.js';
import { wordOf } from '../syntax/tree.js';
import type { Config } from './config.js';
import { type LoadOptions, loadConfig, SEARCH_PATH } from './load.js';

const MAIN = '/c/main.conf';
const load = (files: Files, options?: LoadOptions) => loadConfig(memory(files), MAIN, options);

/** The options in the order in which they are read, as `scope/name=value`. */
function optionsOf(config: Config): string[] {
  return statementsOf(config).flatMap(({ file, node, scope }) => {
    if (node.kind !== 'option') return [];
    const value = node.value?.kind === 'scalar' ? wordOf(file.text, node.value.token) : '';
    const steps = scope.map(({ type, name }) => (name === null ? type : `${type}:${name}`));
    return [[...steps, `${wordOf(file.text, node.name)}=${value}`].join('/')];
  });
}

const pathsOf = ({ files }: Config) => files.map(({ path }) => path);
const unreadOf = ({ unread }: Config) => unread.map(({ path, problem }) => `${path} ${problem}`);
const readOnlyOf = ({ files }: Config) => files.filter((f) => f.readOnly).map(({ path }) => path);

describe('includes', () => {
  test('take effect where they stand', () => {
    const config = load({
      [MAIN]: 'a = 1\ninclude "b.conf"\na = 4',
      '/c/b.conf': 'a = 2\ninclude "d.conf"',
      '/c/d.conf': 'a = 3',
    });
    expect(optionsOf(config)).toEqual(['a=1', 'a=2', 'a=3', 'a=4']);
    expect(
      modelOf(config)
        .options.get('a')
        ?.map(({ placed }) => placed.order),
    ).toEqual([0, 1, 2, 3]);
    expect(config).toMatchObject({ main: MAIN, diagnostics: [], unread: [] });
    expect(pathsOf(config)).toEqual([MAIN, '/c/b.conf', '/c/d.conf']);
    expect(readOnlyOf(config)).toEqual([]);
    expect(config.files[1]).toMatchObject({ text: 'a = 2\ninclude "d.conf"' });
  });

  test('within a scope set what is in that scope', () => {
    const config = load({
      [MAIN]: 'binding "x" { a = 1 include "b.conf" a = 4 }\na = 5',
      '/c/b.conf': 'a = 2 domain "y" { a = 3 }',
    });
    expect(optionsOf(config)).toEqual([
      'binding:x/a=1',
      'binding:x/a=2',
      'binding:x/domain:y/a=3',
      'binding:x/a=4',
      'a=5',
    ]);
    expect(formatScope(statementsOf(config).at(-2)?.scope ?? [])).toContain('x');
  });

  test.each<[string, string, string, string | undefined]>([
    ['an absolute path', '/e/../d/b.conf', '/d/b.conf', undefined],
    ['a path beside the including file', 'b.conf', '/c/b.conf', undefined],
    ['a path above the including file', '../d/b.conf', '/d/b.conf', undefined],
    ['a path in a folder beside it', 's/b.conf', '/c/s/b.conf', undefined],
    ['a file URI', 'file:///d/b.conf', '/d/b.conf', undefined],
    ['a file URI in capitals', 'FILE:///d/b.conf', '/d/b.conf', undefined],
    ['the first folder of the search path', 'b.conf', '/s1/b.conf', '/c/b.conf'],
  ])('by %s', (_name, written, path, absent) => {
    const files: Files = { [MAIN]: `include "${written}"`, [path]: 'a = 1' };
    const config = load(files, { searchPath: ['/s1', '/s2'] });
    expect(pathsOf(config)).toEqual([MAIN, path]);
    expect(pathsOf(config)).not.toContain(absent);
  });

  test('are looked for beside the file that includes them, not beside the main file', () => {
    const config = load({
      [MAIN]: 'include "d/b.conf"',
      '/c/d/b.conf': 'include "x.conf"',
      '/c/d/x.conf': 'a = 1',
      '/c/x.conf': 'a = 2',
    });
    expect(optionsOf(config)).toEqual(['a=1']);
  });

  test.each([
    ['beside the file first', ['/c/x', '/s1/x', '/s2/x'], '/c/x'],
    ['then along the search path', ['/s1/x', '/s2/x'], '/s1/x'],
    ['to its end', ['/s2/x'], '/s2/x'],
  ])('are looked for %s', (_name, there, expected) => {
    const files = Object.fromEntries(there.map((path) => [path, '']));
    expect(pathsOf(load({ [MAIN]: 'include "x"', ...files }, { searchPath: ['/s1', '/s2'] }))).toEqual([
      MAIN,
      expected,
    ]);
  });

  test('a file that cannot be read is not looked for further on', () => {
    const config = load(
      { [MAIN]: 'include "x"', '/c/x': { problem: 'denied' }, '/s1/x': 'a = 1' },
      { searchPath: ['/s1'] },
    );
    expect(unreadOf(config)).toEqual(['/c/x denied']);
  });

  test('a file that is nowhere is missing beside the file', () => {
    const config = load({ [MAIN]: 'include "x"' }, { searchPath: ['/s1'] });
    expect(unreadOf(config)).toEqual(['/c/x missing']);
  });

  test('the search path knows the name of the node', () => {
    const files: Files = { [MAIN]: 'include "x"', '/n/mta1/x': 'a = 1', '/n/default/x': 'a = 2' };
    expect(optionsOf(load(files, { searchPath: ['/n/{NODENAME}'], nodeName: 'mta1' }))).toEqual(['a=1']);
    expect(optionsOf(load(files, { searchPath: ['/n/{NODENAME}'] }))).toEqual(['a=2']);
  });

  test.each(SEARCH_PATH.map((folder) => folder.replace('{NODENAME}', 'mta1')))(
    'are found in the documented folder %s',
    (folder) => {
      const loader = memory({ [MAIN]: 'include "x"', [`${folder}/x`]: '' });
      expect(pathsOf(loadConfig(loader, MAIN, { nodeName: 'mta1' }))).toEqual([MAIN, `${folder}/x`]);
    },
  );

  test.each(['/r', '/r/conf/global', '/r/conf/mta1', '/r/conf/default'])(
    'are found in %s where the main file stands in another root',
    (folder) => {
      const main = '/r/conf/own/ecelerity.conf';
      const loader = memory({ [main]: 'include "x"', [`${folder}/x`]: '', [`${SEARCH_PATH[0]}/x`]: '' });
      expect(pathsOf(loadConfig(loader, main, { nodeName: 'mta1' }))).toEqual([main, `${folder}/x`]);
    },
  );

  test('of a folder take its files in lexical order, but no hidden ones and no folders', () => {
    const config = load({
      [MAIN]: 'include "d"',
      '/c/d/b.conf': 'a = 3',
      '/c/d/B.conf': 'a = 2',
      '/c/d/10.conf': 'a = 1',
      '/c/d/.hidden': 'a = 0',
      '/c/d/sub/c.conf': 'a = 0',
    });
    expect(optionsOf(config)).toEqual(['a=1', 'a=2', 'a=3']);
    expect(config.unread).toEqual([]);
  });

  test('a folder is found along the search path', () => {
    const config = load({ [MAIN]: 'include "d"', '/s/d/b': 'a = 1' }, { searchPath: ['/s'] });
    expect(optionsOf(config)).toEqual(['a=1']);
  });

  test.each(['persist://x', 'http_io://h/x', 'HTTP://h/x'])('%s is not in a file here', (uri) => {
    const loader = memory({ [MAIN]: `a = 1\ns { include "${uri}" }`, [`/c/${uri}`]: 'a = 2' });
    const { unread } = loadConfig(loader, MAIN);
    expect(unread).toEqual([
      {
        path: uri,
        problem: 'uri',
        detail: `what ${uri.split('://')[0]?.toLowerCase()}:// gives is not in a file here`,
        from: { file: MAIN, line: 2 },
        scope: [{ type: 's', name: null }],
        order: 2,
      },
    ]);
    expect(loader.reads).toEqual([MAIN]);
  });

  test('a word before :// that is no scheme is a path', () => {
    expect(unreadOf(load({ [MAIN]: 'include "1x://y"' }, { searchPath: [] }))).toEqual(['/c/1x:/y missing']);
  });
});

describe('what is never edited', () => {
  test('is what readonly_include names, with all that it includes', () => {
    const config = load({
      [MAIN]: 'readonly_include "b"\ninclude "e"',
      '/c/b': 'include "d"',
      '/c/d': 'a = 1',
      '/c/e': 'a = 2',
    });
    expect(readOnlyOf(config)).toEqual(['/c/b', '/c/d']);
  });

  test('is what is included twice, and is read once', () => {
    const loader = memory({ [MAIN]: 'include "b"\ns { include "b" }', '/c/b': 'a = 1' });
    const config = loadConfig(loader, MAIN);
    expect(readOnlyOf(config)).toEqual(['/c/b']);
    expect(optionsOf(config)).toEqual(['a=1', 's/a=1']);
    expect(loader.reads.filter((path) => path === '/c/b')).toHaveLength(1);
  });
});

test.each([
  ['itself', { [MAIN]: 'a = 1\ninclude "main.conf"\na = 2' }, `${MAIN} includes itself: ${MAIN} -> ${MAIN}`],
  [
    'what includes it',
    { [MAIN]: 'a = 1\ninclude "b"\na = 2', '/c/b': '\ninclude "main.conf"' },
    `${MAIN} includes itself: ${MAIN} -> /c/b -> ${MAIN}`,
  ],
])('a file that includes %s is told and read on', (_name, files, message) => {
  const config = load(files);
  expect(config.diagnostics).toMatchObject([
    { severity: 'error', code: 'include-cycle', line: 2, column: 1, message, hint: null },
  ]);
  expect(optionsOf(config)).toEqual(['a=1', 'a=2']);
});

describe('what is not read', () => {
  test('is recorded with its place', () => {
    const config = load({
      [MAIN]: 'a = 1\nbinding "x" {\n  include "gone"\n  a = 2\n  include "shut"\n}\n',
      '/c/shut': { problem: 'denied' },
    });
    const scope = [{ type: 'binding', name: 'x' }];
    expect(config.unread).toEqual([
      {
        path: '/c/gone',
        problem: 'missing',
        detail: '/c/gone is not there',
        from: { file: MAIN, line: 3 },
        scope,
        order: 2,
      },
      {
        path: '/c/shut',
        problem: 'denied',
        detail: '/c/shut: denied',
        from: { file: MAIN, line: 5 },
        scope,
        order: 3,
      },
    ]);
    expect(pathsOf(config)).toEqual([MAIN]);
    expect(config.diagnostics).toEqual([]);
  });

  test('may be the main file', () => {
    expect(load({})).toMatchObject({
      files: [],
      parts: [],
      unread: [{ path: MAIN, problem: 'missing', from: null, scope: [], order: 0 }],
    });
  });
});

test('the diagnostics of all files are told, by the dialect', () => {
  const files: Files = { [MAIN]: 'include "b"\na = /b', '/c/b': 'a b' };
  expect(load(files).diagnostics.map((d) => `${d.file} ${d.severity} ${d.code}`)).toEqual([
    `${MAIN} warning quotes-missing`,
    '/c/b error statement-incomplete',
  ]);
  expect(load(files, { dialect: 'documented' }).diagnostics.map((d) => d.severity)).toEqual([
    'error',
    'error',
  ]);
});

test('the same configuration with other texts is read from what was read', () => {
  const loader = memory({ [MAIN]: 'include "b"\nx = /y', '/c/b': 'a = 1', '/s/e': 'a = 3' });
  const config = loadConfig(loader, MAIN, { searchPath: ['/s'], dialect: 'documented' });
  const before = loader.reads.length;
  const changed = config.withTexts(new Map([['/c/b', 'a = 2\ninclude "e"']]));
  expect(optionsOf(changed)).toEqual(['a=2', 'x=/y']);
  expect(unreadOf(changed)).toEqual(['/c/e missing']);
  expect(changed.diagnostics[0]?.severity).toBe('error');
  expect(loader.reads).toHaveLength(before);
  expect(optionsOf(config)).toEqual(['a=1', 'x=/y']);
});
