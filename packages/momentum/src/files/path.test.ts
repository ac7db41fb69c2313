import { expect, test } from 'vitest';
import { folderOf, joinPath, normalise } from './path.js';

test.each([
  ['/a/b/c', '/a/b/c'],
  ['/a//b/./c/', '/a/b/c'],
  ['/a/b/../c', '/a/c'],
  ['/a/../../b', '/b'],
  ['/..', '/'],
  ['/', '/'],
  ['a/../b', 'b'],
  ['../a', '../a'],
  ['../../a', '../../a'],
  ['a/../../b', '../b'],
  ['../../a/../b', '../../b'],
  ['./a', 'a'],
  ['', ''],
  ['/a/...', '/a/...'],
])('%j is %j', (path, expected) => {
  expect(normalise(path)).toBe(expected);
});

test.each([
  ['/a/b/c.conf', '/a/b'],
  ['/a', '/'],
  ['/', '/'],
  ['a/b', 'a'],
  ['a', '.'],
  ['/a/', '/a'],
])('%j is in %j', (path, folder) => {
  expect(folderOf(path)).toBe(folder);
});

test.each([
  ['/a/b', 'c', '/a/b/c'],
  ['/a/b', '../c', '/a/c'],
  ['/', 'c', '/c'],
  ['.', 'c', 'c'],
])('%j and %j are %j', (folder, name, path) => {
  expect(joinPath(folder, name)).toBe(path);
});
