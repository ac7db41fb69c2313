import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestTree } from '../../../testing/tree.js';
import { nodeFiles } from '../node-files.js';
import { NAMED_MAX } from './access-lists.js';

let tree: TestTree;
beforeEach(() => {
  tree = new TestTree();
});
afterEach(() => tree.remove());

const LIST = { users: [{ uid: 7300, bits: 4 }], groups: [{ gid: null, bits: 4 }], mask: 4 };

test.each([
  ['few names, each by itself', 4],
  ['more, by one call', 5],
  ['as many as are asked for one by one', NAMED_MAX],
  ['more, by one walk', NAMED_MAX + 1],
])('lists below a folder: %s', async (_name, count) => {
  const names = Array.from({ length: count }, (_, n) => `deep/f ${n}`);
  for (const name of names) tree.put(`/conf/${name}`);
  tree.put('/conf/not-asked');
  const [first = '', last = ''] = [names[0], names.at(-1)];
  for (const name of [first, last, 'not-asked'])
    execFileSync('setfacl', ['-m', 'u:7300:r,m::r', tree.at(`/conf/${name}`)]);
  const found = await tree.files.acls('/conf', names, new AbortController().signal);
  expect(found.ok && [...found.value].sort()).toEqual([first, last].sort().map((name) => [name, LIST]));
});

test('a name of two lines is never asked for as two names', async () => {
  tree.put('/conf/a\nb');
  execFileSync('setfacl', ['-m', 'u:7300:r,m::r', tree.at('/conf/a\nb')]);
  const { signal } = new AbortController();
  const byItself = await tree.files.acls('/conf', ['a\nb'], signal);
  expect(byItself.ok && [...byItself.value]).toEqual([['a\nb', LIST]]);
  const withMore = await tree.files.acls('/conf', ['a\nb', 'c', 'd', 'e', 'f'], signal);
  expect(withMore.ok && [...withMore.value]).toEqual([['a\nb', 'unread']]);
});

test('lists of what is in some folders are asked with the first, and each is still that of its own file', () => {
  for (const path of ['/a/one', '/b/two', '/b/three']) tree.put(path);
  symlinkSync('three', tree.at('/b/link'));
  execFileSync('setfacl', ['-m', 'u:7300:r,m::r', tree.at('/b/two')]);
  const files = nodeFiles(tree.root, { listsOf: ['/b', '/nowhere', '/a'] });
  const asked = ['/a/one', '/b/two', '/b/three', '/b/link', '/b', '/a'].map((path) => files.acl(path));
  expect(asked.map((list) => list.ok && list.value)).toEqual([null, LIST, null, null, null, null]);
  // A list that is given later is another status of the file.
  execFileSync('setfacl', ['-m', 'u:7300:r,m::r', tree.at('/b/three')]);
  expect(files.acl('/b/link')).toEqual({ ok: true, value: LIST });
});

test('a folder that is asked ahead and holds more than one call takes', () => {
  for (let n = 0; n < 100; n += 1) for (const folder of 'abcdefghijkl') tree.put(`/${folder}/f${n}`);
  execFileSync('setfacl', ['-m', 'u:7300:r,m::r', tree.at('/l/f99')]);
  const files = nodeFiles(tree.root, { listsOf: [...'abcdefghijkl'].map((folder) => `/${folder}`) });
  expect(files.acl('/l/f99')).toEqual({ ok: true, value: LIST });
  expect(files.acl('/l/f98')).toEqual({ ok: true, value: null });
});
