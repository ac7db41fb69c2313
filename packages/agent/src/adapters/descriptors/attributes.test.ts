import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestTree } from '../../../testing/tree.js';
import { nodeFileWriter } from '../node-file-writer.js';

const NAME = 'user.castellan';
let tree: TestTree;
beforeEach(() => {
  tree = new TestTree();
});
afterEach(() => tree.remove());

/** Python's standard library has the calls that Node has not. */
function python(code: string): string {
  return execFileSync('python3', ['-c', `import os\n${code}`], { encoding: 'utf8' }).trim();
}

/** A POSIX ACL as the kernel keeps it: owner rw, user 7300 r, group r, mask r, others nothing. */
const ACL = [
  '02000000',
  '01000600ffffffff',
  '02000400841c0000',
  '04000400ffffffff',
  '10000400ffffffff',
  '20000000ffffffff',
].join('');

test('a file that takes the place of another keeps its ACL and its extended attributes', () => {
  tree.put('/opt/key', 'old');
  const at = tree.at('/opt/key');
  python(`os.setxattr("${at}", "${NAME}", b"kept")`);
  python(`os.setxattr("${at}", "system.posix_acl_access", bytes.fromhex("${ACL}"))`);
  const { dev, ino, uid, gid, mode } = lstatSync(at);
  const writer = nodeFileWriter(tree.root);
  writer.mkdir('/opt/stage', { uid, gid, mode: 0o700 }, []);
  const like = { path: '/opt/key', identity: { dev, ino, uid } };
  const moved = writer.createExclusive(
    '/opt/stage/new',
    Buffer.from('new'),
    { uid, gid, mode: mode & 0o7777, like },
    [],
  );
  writer.rename('/opt/stage/new', '/opt/key', { moved, replaced: like.identity }, []);
  expect(readFileSync(join(tree.root, '/opt/key'), 'utf8')).toBe('new');
  expect(python(`print(os.getxattr("${at}", "${NAME}").decode())`)).toBe('kept');
  expect(python(`print(os.getxattr("${at}", "system.posix_acl_access").hex())`)).toBe(ACL);
  expect(lstatSync(at).mode).toBe(mode);
});

test('and where the one it should be like is another by now, nothing is made', () => {
  tree.put('/opt/key', 'old');
  const { dev, ino, uid, gid } = lstatSync(tree.at('/opt/key'));
  const like = { path: '/opt/key', identity: { dev, ino: ino + 1, uid } };
  expect(() =>
    nodeFileWriter(tree.root).createExclusive(
      '/opt/new',
      Buffer.from('x'),
      { uid, gid, mode: 0o600, like },
      [],
    ),
  ).toThrow(/something else stands there/);
  expect(tree.files.lstat('/opt/new').ok).toBe(false);
});
