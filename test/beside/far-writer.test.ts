import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChangePorts } from '../../packages/agent/src/adapters/beside/change-ports.js';
import type { FarSession } from '../../packages/agent/src/adapters/beside/far-session.js';
import { FileWriteFailed, nodeFileWriter } from '../../packages/agent/src/adapters/node-file-writer.js';
import { nodeRunLock } from '../../packages/agent/src/adapters/node-run-lock.js';
import { nodeStateStore } from '../../packages/agent/src/adapters/node-state-store.js';
import type { FileIdentity, FileWriter } from '../../packages/agent/src/ports/files.js';
import { describeReal } from '../real/parts.js';
import { changeSession, portsOf } from './changing.js';
import { Sshd } from './sshd.js';

const LOGIN = 'far-root';
const USER = { uid: 7100, gid: 7100 };
const STRANGER = 7999;
const SWAPS = 300;

describeReal("a change from beside keeps the promises of the node's own", () => {
  let sshd: Sshd;
  let session: FarSession;
  let far: ChangePorts;
  let root = '';
  let state = '';
  /** A disk of its own, with little room. */
  const small = mkdtempSync(join(tmpdir(), 'castellan-far-small-'));
  beforeAll(async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]);
    sshd = await new Sshd().start([{ name: LOGIN, shell: '/bin/sh', uid: 0 }]);
  });
  afterAll(() => {
    sshd.stop();
    execFileSync('umount', [small]);
  });
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'castellan-far-'));
    state = mkdtempSync(join(tmpdir(), 'castellan-far-state-'));
    chmodSync(root, 0o755);
    mkdirSync(join(root, 'opt/users'), { recursive: true });
    chownSync(join(root, 'opt/users'), USER.uid, USER.gid);
    mkdirSync(join(root, 'opt/roots/stage'), { recursive: true, mode: 0o755 });
    put('opt/users/file', 'old\n', 0o640);
    await open();
  });
  afterEach(async () => {
    await session.close();
    for (const folder of [root, state]) rmSync(folder, { recursive: true, force: true });
  });

  async function open(text?: (program: Buffer) => Buffer): Promise<void> {
    session = await changeSession(sshd, LOGIN, text ? { text } : {});
    far = await portsOf(sshd, session, LOGIN, { root, state });
  }

  function put(path: string, content: string, mode: number): void {
    writeFileSync(join(root, path), content);
    chownSync(join(root, path), USER.uid, USER.gid);
    chmodSync(join(root, path), mode);
  }

  function identity(path: string): FileIdentity {
    const { dev, ino, uid } = lstatSync(join(root, path));
    return { dev, ino, uid };
  }

  /** The same refusal here and there, and nothing changed. */
  function refusedBoth(act: (writer: FileWriter) => void, word?: RegExp): void {
    const why = [nodeFileWriter(root), far.ports.writer].map((writer) => {
      try {
        act(writer);
      } catch (error) {
        // Which of two paths is named first differs.
        if (error instanceof FileWriteFailed) return error.message.split(': ').at(-1);
        throw error;
      }
      return 'it was done';
    });
    expect(why[1]).toBe(why[0]);
    expect(why[1]).toMatch(word ?? /.*/);
    expect(why[1]).not.toBe('it was done');
  }

  const FILE = '/opt/users/file';

  test('what is not what was inspected, or has another name, is refused', () => {
    const old = identity('opt/users/file');
    refusedBoth((to) => to.chmod(FILE, 0o600, { ...old, ino: old.ino + 1 }, [USER]), /something else/);
    refusedBoth((to) => to.chown(FILE, USER, { ...old, uid: 5 }, [USER]), /something else/);
    linkSync(join(root, 'opt/users/file'), join(root, 'opt/users/second'));
    for (const act of [
      (to: FileWriter) => to.chmod(FILE, 0o600, old, [USER]),
      (to: FileWriter) => to.unlink(FILE, old, [USER]),
    ])
      refusedBoth(act, /it has 2 names/);
    expect(lstatSync(join(root, 'opt/users/file')).mode & 0o777).toBe(0o640);
  });

  test.each([
    ['everybody', () => chmodSync(join(root, 'opt/users'), 0o777)],
    ['user 7999, who owns it', () => chownSync(join(root, 'opt/users'), STRANGER, 0)],
    [
      'group 7999',
      () => {
        chownSync(join(root, 'opt/users'), 0, STRANGER);
        chmodSync(join(root, 'opt/users'), 0o775);
      },
    ],
    ['user 7999, by its ACL', () => execFileSync('setfacl', ['-m', 'u:7999:rwx', join(root, 'opt/users')])],
    ['group 7999, by its ACL', () => execFileSync('setfacl', ['-m', 'g:7999:rwx', join(root, 'opt/users')])],
  ])('a folder that %s may write in is refused', (who, open) => {
    const old = identity('opt/users/file');
    open();
    refusedBoth((to) => to.chmod(FILE, 0o600, old, [USER]), new RegExp(`may be written in by ${who}`));
    refusedBoth((to) =>
      to.createExclusive('/opt/users/new', Buffer.from('x'), { ...USER, mode: 0o600 }, [USER]),
    );
    refusedBoth((to) => to.mkdir('/opt/users/new', { ...USER, mode: 0o700 }, [USER]));
  });

  test('a list that gives nobody more hinders nothing', () => {
    execFileSync('setfacl', ['-m', 'u:7999:rx,u:7100:rwx', join(root, 'opt/users')]);
    far.ports.writer.chmod(FILE, 0o600, identity('opt/users/file'), [USER]);
    expect(lstatSync(join(root, 'opt/users/file')).mode & 0o777).toBe(0o600);
  });

  test('links of others are not followed, and the last name never', () => {
    const old = identity('opt/users/file');
    symlinkSync('/opt/users', join(root, 'opt/users/way'));
    symlinkSync('file', join(root, 'opt/users/link'));
    execFileSync('chown', ['-h', '7100', join(root, 'opt/users/way'), join(root, 'opt/users/link')]);
    refusedBoth((to) => to.chmod('/opt/users/way/file', 0o600, old, [USER]), /is a link of user 7100/);
    refusedBoth(
      (to) => to.chmod('/opt/users/link', 0o600, identity('opt/users/link'), [USER]),
      /ELOOP, it is a link/,
    );
    refusedBoth(
      (to) => to.createExclusive('/opt/users/link', Buffer.from(''), { ...USER, mode: 0o600 }, [USER]),
      /EEXIST/,
    );
    symlinkSync('/opt/users', join(root, 'opt/roots/way'));
    far.ports.writer.chmod('/opt/roots/way/file', 0o600, old, [USER]);
  });

  test('a file comes into place from a folder of root alone, with what the file before had', () => {
    const old = join(root, 'opt/users/file');
    execFileSync('setfacl', ['-m', 'u:7999:r', old]);
    execFileSync('setfattr', ['-n', 'user.note', '-v', 'kept', old]);
    const { writer } = far.ports;
    const like = { path: FILE, identity: identity('opt/users/file') };
    const big = Buffer.alloc(1_500_000, 'abc\0');
    for (const to of [nodeFileWriter(root), writer]) {
      const made = to.createExclusive('/opt/roots/stage/0', big, { ...USER, mode: 0o640, like }, [USER]);
      expect(made).toEqual(identity('opt/roots/stage/0'));
      const list = execFileSync('getfacl', ['-cnp', join(root, 'opt/roots/stage/0')], { encoding: 'utf8' });
      expect(list).toBe(execFileSync('getfacl', ['-cnp', old], { encoding: 'utf8' }));
      expect(
        execFileSync('getfattr', ['-d', '--absolute-names', join(root, 'opt/roots/stage/0')], {
          encoding: 'utf8',
        }),
      ).toContain('kept');
      if (to !== writer) to.unlink('/opt/roots/stage/0', made, []);
    }
    const moved = identity('opt/roots/stage/0');
    refusedBoth(
      (to) => to.rename('/opt/roots/stage/0', FILE, { moved, replaced: null }, [USER]),
      /something else/,
    );
    refusedBoth(
      (to) => to.rename(FILE, '/opt/roots/stage/1', { moved: like.identity, replaced: null }, [USER]),
      /folder of root alone|written in by/,
    );
    writer.rename('/opt/roots/stage/0', FILE, { moved, replaced: like.identity }, [USER]);
    expect(readFileSync(old).equals(big)).toBe(true);
    expect(identity('opt/users/file').ino).toBe(moved.ino);
    writer.syncDirectory('/opt/users', [USER]);
  });

  test('what could not be made whole is not there', () => {
    const like = { path: FILE, identity: { ...identity('opt/users/file'), ino: 1 } };
    const make = (to: FileWriter) =>
      to.createExclusive('/opt/roots/stage/0', Buffer.from('x'), { ...USER, mode: 0o640, like }, [USER]);
    refusedBoth(make, /something else/);
    expect(() => lstatSync(join(root, 'opt/roots/stage/0'))).toThrow('ENOENT');
    const answer = session.requestNow(
      'C',
      ['create', '/opt/roots/stage/0', '0', '0', '384', '', '', '', '3', 'f'.repeat(32), 'abc'],
      1000,
    );
    expect(answer).toMatchObject({ kind: 'refused', at: Buffer.from('the content did not arrive whole') });
  });

  test('a new folder gets nothing of the list of the folder above', () => {
    execFileSync('setfacl', ['-d', '-m', 'u:7999:rwx', join(root, 'opt/roots')]);
    far.ports.writer.mkdir('/opt/roots/new', { ...USER, mode: 0o750 }, []);
    expect(execFileSync('getfacl', ['-cnp', join(root, 'opt/roots/new')], { encoding: 'utf8' }).trim()).toBe(
      'user::rwx\ngroup::r-x\nother::---',
    );
    expect(lstatSync(join(root, 'opt/roots/new'))).toMatchObject(USER);
    far.ports.writer.rmdir('/opt/roots/new', []);
    expect(() => lstatSync(join(root, 'opt/roots/new'))).toThrow('ENOENT');
  });

  test('folders and files that are exchanged for links all the time lead nowhere', async () => {
    const outside = join(root, 'outside');
    mkdirSync(outside);
    for (const name of ['file', 'new']) writeFileSync(join(outside, name), 'outside', { mode: 0o604 });
    mkdirSync(join(root, 'opt/users/in'));
    for (const path of ['opt/users/in', 'opt/users/in/file']) {
      if (path.endsWith('file')) writeFileSync(join(root, path), 'inside', { mode: 0o640 });
      chownSync(join(root, path), USER.uid, USER.gid);
    }
    const inside = identity('opt/users/in/file');
    const swapper = spawn(
      'perl',
      [
        '-e',
        '($(, $)) = (7100, "7100 7100"); ($<, $>) = (7100, 7100); chdir $ARGV[0] or die; symlink "/outside", "l"; symlink "file", "in/f";' +
          'while (getppid() > 1) { rename "in", "o"; rename "l", "in"; rename "in", "l"; rename "o", "in"; rename "in/file", "in/g"; rename "in/f", "in/file"; rename "in/file", "in/f"; rename "in/g", "in/file" }',
        join(root, 'opt/users'),
      ],
      { stdio: 'ignore' },
    );
    let done = 0;
    for (let count = 0; count < SWAPS; count += 1)
      for (const act of [
        () => far.ports.writer.chmod('/opt/users/in/file', count % 2 ? 0o600 : 0o640, inside, [USER]),
        () => far.ports.writer.chown('/opt/users/in/file', USER, inside, [USER]),
      ])
        try {
          act();
          done += 1;
        } catch (error) {
          expect(error).toBeInstanceOf(FileWriteFailed);
        }
    swapper.kill();
    for (const name of ['file', 'new']) {
      expect(lstatSync(join(outside, name))).toMatchObject({ uid: 0, gid: 0 });
      expect(lstatSync(join(outside, name)).mode & 0o777).toBe(0o604);
    }
    expect(done).toBeGreaterThan(0);
  });

  test('a Perl without changes by handle changes nothing by a name that another could exchange', async () => {
    await session.close();
    await open((program) => Buffer.from(program.toString('latin1').replace('$] >= 5.008008', '0'), 'latin1'));
    const { writer } = far.ports;
    expect(() => writer.chmod(FILE, 0o600, identity('opt/users/file'), [USER])).toThrow(/before 5.8.8/);
    const made = writer.createExclusive('/opt/roots/stage/0', Buffer.from('x'), { ...USER, mode: 0o640 }, []);
    expect(lstatSync(join(root, 'opt/roots/stage/0'))).toMatchObject({ ...USER, ino: made.ino });
    writer.chmod('/opt/users', 0o700, identity('opt/users'), []);
    expect(lstatSync(join(root, 'opt/users')).mode & 0o777).toBe(0o700);
  });

  test('on a disk that is full what is there stays whole, and nothing lies about', async () => {
    const { store } = await portsOf(sshd, session, LOGIN, { root: '/', state: small });
    store.append('journal/a.jsonl', 'one\n');
    const big = 'x'.repeat(100_000);
    expect(() => store.append('journal/a.jsonl', big)).toThrow(/append to .*ENOSPC/);
    expect(() => store.append('journal/b.jsonl', big)).toThrow(/ENOSPC/);
    expect(() => store.replace('journal/a.jsonl', big)).toThrow(/write .*ENOSPC/);
    expect(store.list('journal')).toEqual(['a.jsonl']);
    expect(store.read('journal/a.jsonl')?.toString()).toBe('one\n');
  });

  test('where there is no folder of root alone but in the folder itself, a file comes into place from there', () => {
    const { writer } = far.ports;
    writer.mkdir('/opt/users/.stage', { uid: 0, gid: 0, mode: 0o700 }, [USER]);
    const moved = writer.createExclusive(
      '/opt/users/.stage/0',
      Buffer.from('new'),
      { ...USER, mode: 0o640 },
      [USER],
    );
    const replaced = identity('opt/users/file');
    writer.rename('/opt/users/.stage/0', FILE, { moved, replaced }, [USER]);
    expect(readFileSync(join(root, 'opt/users/file'), 'utf8')).toBe('new');
    writer.rmdir('/opt/users/.stage', [USER]);
  });

  test('content that is too much is not kept', () => {
    const part = Buffer.alloc(1_000_000);
    const answers = Array.from({ length: 34 }, () => session.requestNow('C', ['upload', part], 1000).kind);
    expect(answers).toEqual([...Array.from({ length: 33 }, () => 'answered'), 'refused']);
    far.store.replace('after', 'whole');
    expect(far.store.read('after')?.toString()).toBe('whole');
  });

  test("the state folder is the node's own, whatever the tree", () => {
    const own = nodeStateStore(state);
    const { store } = far;
    expect(store.read('journal/a.jsonl')).toBeNull();
    expect(store.list('journal')).toEqual([]);
    store.append('journal/a.jsonl', 'one\n');
    store.append('journal/a.jsonl', 'two\n');
    const big = Buffer.alloc(3_000_000, 7);
    store.replace('backups/b', big);
    expect(own.read('journal/a.jsonl')?.toString()).toBe('one\ntwo\n');
    expect(own.read('backups/b')?.equals(big)).toBe(true);
    expect(store.read('backups/b')?.equals(big)).toBe(true);
    own.replace('journal/Z', 'z');
    expect(store.list('journal')).toEqual(own.list('journal'));
    expect(lstatSync(join(state, 'backups')).mode & 0o777).toBe(0o700);
    expect(lstatSync(join(state, 'backups/b')).mode & 0o777).toBe(0o600);
    for (const name of ['backups/b', 'backups/none', 'none/none']) store.remove(name);
    expect(own.list('backups')).toEqual([]);
    mkdirSync(join(state, 'backups/folder'));
    expect(() => store.replace('backups/folder', 'x')).toThrow(/write .*folder: (EISDIR|EEXIST|ENOTEMPTY)/);
  });

  test('the lock is one for all, on the node and from beside, and is free when the session is gone', async () => {
    const file = join(state, 'run.lock');
    const own = nodeRunLock(file);
    const held = own.take();
    expect(held).not.toBeNull();
    expect(far.lock.take()).toBeNull();
    expect(far.lock.holder?.()).toBe(process.pid);
    held?.release();
    expect(far.lock.take()).not.toBeNull();
    expect(own.take()).toBeNull();
    expect(own.holder?.()).toBe(far.lock.holder?.());
    await session.close();
    await expect.poll(() => own.holder?.()).toBeNull();
    await open();
    writeFileSync(file, 'damaged');
    const taken = far.lock.take();
    expect(taken).not.toBeNull();
    taken?.release();
    expect(own.take()).not.toBeNull();
  });
}, ['openssh-server', 'openssh-client', 'acl', 'attr']);
