import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestTree } from '../../../testing/tree.js';
import { nodeFileWriter } from '../node-file-writer.js';
import { parseAcl } from './acl.js';

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

/** The same for a folder: user 7300 may write in it. */
const FOLDER_ACL = [
  '02000000',
  '01000700ffffffff',
  '02000700841c0000',
  '04000500ffffffff',
  '10000700ffffffff',
  '20000500ffffffff',
].join('');

const change = () => {
  const { dev, ino, uid } = lstatSync(tree.at('/opt/a/key'));
  nodeFileWriter(tree.root).chmod('/opt/a/key', 0o600, { dev, ino, uid }, []);
};

test('a folder on the way in which a list lets somebody else write is refused', () => {
  tree.put('/opt/a/key', 'x');
  expect(change).not.toThrow();
  python(`os.setxattr("${tree.at('/opt')}", "system.posix_acl_access", bytes.fromhex("${FOLDER_ACL}"))`);
  expect(change).toThrow(/\/opt may be written in by (user 7300, by its ACL|others by an ACL|group)/);
});

test('a new folder does not hand on a list that the folder above gives to what is made in it', () => {
  tree.put('/opt/a/key', 'x');
  python(`os.setxattr("${tree.at('/opt/a')}", "system.posix_acl_default", bytes.fromhex("${FOLDER_ACL}"))`);
  const [uid, gid] = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];
  const make = () => nodeFileWriter(tree.root).mkdir('/opt/a/stage', { uid, gid, mode: 0o700 }, []);
  let isMade = true;
  try {
    make();
  } catch (error) {
    isMade = false;
    expect(`${error}`).toMatch(/ACL/);
  }
  expect(tree.files.lstat('/opt/a/stage').ok).toBe(isMade);
  if (isMade) expect(python(`print(os.listxattr("${tree.at('/opt/a/stage')}"))`)).toBe('[]');
});

test.each([
  ['user::rwx\nuser:7300:rwx\ngroup::r-x\nmask::rwx\nother::r-x\n', { users: [7300], groups: [] }],
  ['user::rwx\nuser:7300:rwx\ngroup::rwx\nmask::r-x\nother::r-x\n', { users: [], groups: [] }],
  ['user::rwx\ngroup::rwx\ngroup:7400:-wx\nmask::rwx\nother::---\n', { users: [], groups: [null, 7400] }],
  ['user::rwx\ngroup::r-x\nother::---\ndefault:user:7300:rwx\n', { users: [], isInherited: true }],
  ['getfacl: something else\n', 'unreadable'],
])('what getfacl says: %j', (text, expected) => {
  const acl = parseAcl(text);
  if (typeof expected === 'string') expect(acl).toBe(expected);
  else expect(acl).toMatchObject(expected);
});
