import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestTree } from '../../../testing/tree.js';
import { NAMED_MAX } from './access-lists.js';

let tree: TestTree;
beforeEach(() => {
  tree = new TestTree();
});
afterEach(() => tree.remove());

const LIST = { users: [{ uid: 7300, bits: 4 }], groups: [{ gid: null, bits: 4 }], mask: 4 };

test.each([
  ['few names, each asked for', 3],
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
  const found = await tree.files.acls('/conf', ['a\nb'], new AbortController().signal);
  expect(found.ok && [...found.value]).toEqual([['a\nb', 'unread']]);
});
