import { expect, test } from 'vitest';
import { type Files, memory } from '../../testing/memory.js';
import { statementsOf } from '../../testing/statements.js';
import { loadConfig } from './load.js';

const MAIN = '/r/conf/default/ecelerity.conf';
const LOCAL = '/r/local_changes.conf';
const load = (files: Files, main = MAIN) => loadConfig(memory(files), main);
const paths = (files: Files, main?: string) => load(files, main).files.map(({ path }) => path);

test.each<[string, Files, string[]]>([
  ['its default is beside conf', { [MAIN]: '', [LOCAL]: '' }, [MAIN, LOCAL]],
  [
    'it is loaded last wherever the option stands',
    { [MAIN]: 'Local_Changes_File = "/l"\ninclude "x"', '/l': '', '/r/conf/default/x': '' },
    [MAIN, '/r/conf/default/x', '/l'],
  ],
  ['the option may be in any case', { [MAIN]: 'LOCAL_CHANGES_FILE = /l', '/l': '' }, [MAIN, '/l']],
  [
    'the option may be in an included file',
    { [MAIN]: 'include "x"', '/r/conf/default/x': 'Local_Changes_File = "l"', '/r/conf/default/l': '' },
    [MAIN, '/r/conf/default/x', '/r/conf/default/l'],
  ],
  [
    'a relative path is looked for like an include',
    { [MAIN]: 'Local_Changes_File = "l"', '/r/conf/global/l': '' },
    [MAIN, '/r/conf/global/l'],
  ],
  [
    'the last option decides',
    { [MAIN]: 'Local_Changes_File = "/l"\nLocal_Changes_File = "/m"', '/l': '', '/m': '' },
    [MAIN, '/m'],
  ],
  [
    'the option takes the place of the default',
    { [MAIN]: 'Local_Changes_File = "/l"', '/l': '', [LOCAL]: '' },
    [MAIN, '/l'],
  ],
  [
    'the option within a scope is another one',
    { [MAIN]: 's { Local_Changes_File = "/l" }', '/l': '' },
    [MAIN],
  ],
  ['a list is no path', { [MAIN]: 'Local_Changes_File = ( "/l" )', '/l': '' }, [MAIN]],
  ['another option is not it', { [MAIN]: 'Local_Changes_Only = "/l"', '/l': '' }, [MAIN]],
  ['it may include files', { [MAIN]: '', [LOCAL]: 'include "x"', '/r/x': '' }, [MAIN, LOCAL, '/r/x']],
])('Local_Changes_File: %s', (_name, files, expected) => {
  const config = load(files);
  expect(config.files.map(({ path }) => path)).toEqual(expected);
  expect(config.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(config.files.some(({ readOnly }) => readOnly)).toBe(false);
});

test('what it says comes after everything', () => {
  const config = load({ [MAIN]: 'a = 1', [LOCAL]: 'a = 2' });
  expect(statementsOf(config).map(({ file, scope, order }) => [file.path, scope, order])).toEqual([
    [MAIN, [], 0],
    [LOCAL, [], 1],
  ]);
});

test.each(['/x.conf', '/conf/x.conf', '/r/conf/x.conf', '/r/conf/a/b/x.conf', 'x.conf'])(
  'there is no default beside %s',
  (main) => {
    expect(
      paths({ [main]: '', '/local_changes.conf': '', [LOCAL]: '', '/r/conf/local_changes.conf': '' }, main),
    ).toEqual([main]);
  },
);

test('a root of one level has its default', () => {
  expect(paths({ '/conf/a/x': '', '/local_changes.conf': '' }, '/conf/a/x')).toEqual([
    '/conf/a/x',
    '/local_changes.conf',
  ]);
});

test.each<[string, Files]>([
  ['the default', { [MAIN]: '' }],
  ['the named one', { [MAIN]: 'Local_Changes_File = "/l"' }],
])('that %s is missing says nothing', (_name, files) => {
  expect(load(files)).toMatchObject({ unread: [], diagnostics: [] });
});

test.each<[string, Files, string, { file: string; line: number } | null]>([
  ['the default', { [MAIN]: 'a = 1', [LOCAL]: { problem: 'denied' } }, LOCAL, null],
  [
    'the named one',
    { [MAIN]: '\nLocal_Changes_File = "/l"', '/l': { problem: 'denied' } },
    '/l',
    { file: MAIN, line: 2 },
  ],
])('that %s cannot be read is recorded', (_name, files, path, from) => {
  const { unread } = load(files);
  expect(unread).toHaveLength(1);
  expect(unread[0]).toMatchObject({ path, problem: 'denied', scope: [], order: 1, from });
});

test.each<[string, Files, string, number]>([
  ['the main file', { [MAIN]: `\nLocal_Changes_File = "${MAIN}"` }, MAIN, 2],
  [
    'an included file',
    { [MAIN]: `include "${LOCAL}"\nLocal_Changes_File = "${LOCAL}"`, [LOCAL]: 'a = 1' },
    LOCAL,
    2,
  ],
])('it cannot be %s', (_name, files, path, line) => {
  const config = load(files);
  expect(config.diagnostics).toEqual([
    {
      severity: 'error',
      code: 'local-changes',
      file: MAIN,
      line,
      column: 1,
      message: `Local_Changes_File names ${path}, which is the main file or is included`,
      hint: null,
    },
  ]);
  expect(statementsOf(config).filter(({ node }) => node.kind === 'option').length).toBeLessThanOrEqual(2);
});
