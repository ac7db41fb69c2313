import { expect, test } from 'vitest';
import { configOf, type Files, MAIN, scope } from '../../testing/configuration.js';
import { renameScope } from './rename.js';

function renamed(before: string | Files, path: string, name: string) {
  const result = renameScope(configOf(before), scope(path), name);
  return result.ok ? result.files.map(({ after }) => after) : result.why;
}

const PART = '/etc/part.conf';

test.each<[string, string | Files, string, string, readonly string[] | RegExp]>([
  ['a name in quotes', 'binding "b" { A = 1 } # b\n', 'binding b', 'c', ['binding "c" { A = 1 } # b\n']],
  ['a bare name', 'binding b {\n A = 1\n}\n', 'binding b', 'c', ['binding "c" {\n A = 1\n}\n']],
  [
    'every opening of it',
    'binding b { }\nbinding b { }\n',
    'binding b',
    'c',
    ['binding "c" { }\nbinding "c" { }\n'],
  ],
  [
    'one in an included file',
    { [MAIN]: 'include "part.conf"\n', [PART]: 'binding b { }\n' },
    'binding b',
    'c',
    ['binding "c" { }\n'],
  ],
  ['the same name', 'binding b { }\n', 'binding b', 'b', []],
  ['a name that is taken', 'binding b { }\nbinding c { }\n', 'binding b', 'c', /already/],
  ['what is not there', 'A = 1\n', 'binding b', 'c', /there is no/],
  ['what has no name', 'cluster { }\n', 'cluster', 'c', /has a name/],
  ['a line break', 'binding b { }\n', 'binding b', 'c\n', /one line/],
  [
    'a file that Momentum does not write',
    { [MAIN]: 'readonly_include "part.conf"\n', [PART]: 'binding b { }\n' },
    'binding b',
    'c',
    /read-only/,
  ],
])('%s', (_name, before, path, name, expected) => {
  const result = renamed(before, path, name);
  if (expected instanceof RegExp) expect(result).toMatch(expected);
  else expect(result).toEqual(expected);
});
