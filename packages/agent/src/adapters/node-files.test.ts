import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileReader } from '../ports/files.js';
import { FileWriteFailed, nodeFileWriter } from './node-file-writer.js';
import { nodeFiles } from './node-files.js';
import { LINK_HOPS_MAX, PATH_BYTES_MAX } from './tree-paths.js';

const isRoot = process.getuid?.() === 0;
let root: string;
let files: FileReader;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'castellan-files-')));
  files = nodeFiles(root);
  mkdirSync(join(root, 'etc/conf'), { recursive: true });
  writeFileSync(join(root, 'etc/conf/a.conf'), 'inside');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const text = (path: string) => {
  const content = files.read(path);
  return content.ok ? content.value.toString() : content.problem;
};
const link = (target: string, path: string) => symlinkSync(target, join(root, path));

describe('a tree that is not /', () => {
  test.each([
    ['an absolute link starts at the root of the tree', '/etc/conf/a.conf', 'inside'],
    ['a relative link', 'a.conf', 'inside'],
    ['a link with .. that stays inside', '../conf/a.conf', 'inside'],
    ['.. above the root stays at the root', '../../../../../../../../etc/conf/a.conf', 'inside'],
    ['a link to a file of the host only', '/proc/self/status', 'missing'],
    ['a dangling link', 'nothing', 'missing'],
    ['a link to itself', 'the-link', 'loop'],
    ['a link to a folder', '/etc', 'directory'],
    ['a link through a file', 'a.conf/b', 'not-directory'],
  ])('%s', (_, target, expected) => {
    link(target, 'etc/conf/the-link');
    expect(text('/etc/conf/the-link')).toBe(expected);
  });

  test('a folder link in the middle of a path cannot lead out', () => {
    link('/', 'etc/up');
    link('../../..', 'etc/conf/far-up');
    expect(text('/etc/up/etc/up/etc/conf/a.conf')).toBe('inside');
    expect(text('/etc/conf/far-up/etc/conf/a.conf')).toBe('inside');
    expect(text(`/etc/conf/far-up${root}/etc/conf/a.conf`)).toBe('missing');
  });

  test(`${LINK_HOPS_MAX} links are followed, one more is not`, () => {
    link('conf/a.conf', 'etc/l1');
    for (let i = 2; i <= LINK_HOPS_MAX + 1; i += 1) link(`l${i - 1}`, `etc/l${i}`);
    expect(text(`/etc/l${LINK_HOPS_MAX}`)).toBe('inside');
    expect(text(`/etc/l${LINK_HOPS_MAX + 1}`)).toBe('loop');
  });

  test.each(['etc/passwd', '/etc/\0', `/${'a'.repeat(PATH_BYTES_MAX)}`, ''])(
    'a path that is none is refused: %j',
    (path) => {
      expect(files.read(path)).toMatchObject({ ok: false, problem: 'failed' });
    },
  );

  test('realpath tells every link on the way', () => {
    link('/etc/conf', 'opt');
    link('a.conf', 'etc/conf/b.conf');
    expect(files.realpath('/opt/b.conf')).toEqual({
      ok: true,
      value: { path: '/etc/conf/a.conf', links: ['/opt', '/etc/conf/b.conf'] },
    });
  });

  test('lstat and readlink look at the link, stat at what it leads to', () => {
    link('a.conf', 'etc/conf/b.conf');
    expect(files.lstat('/etc/conf/b.conf')).toMatchObject({ value: { kind: 'symlink' } });
    expect(files.stat('/etc/conf/b.conf')).toMatchObject({ value: { kind: 'file', sizeBytes: 6 } });
    expect(files.readlink('/etc/conf/b.conf')).toEqual({ ok: true, value: 'a.conf' });
  });

  test('no message names a path of the host', () => {
    for (const path of ['/none', '/etc/conf/a.conf/x', '/etc']) {
      const answer = files.read(path);
      expect(answer.ok).toBe(false);
      if (!answer.ok) expect(answer.detail).not.toContain(root);
    }
  });
});

describe('reading', () => {
  test('a file larger than what is asked for', () => {
    expect(files.read('/etc/conf/a.conf', { bytesMax: 5 })).toMatchObject({
      ok: false,
      problem: 'too-large',
    });
    expect(files.read('/etc/conf/a.conf', { bytesMax: 6 })).toMatchObject({ ok: true });
  });

  test('a pipe does not hold the reader up', () => {
    execFileSync('mkfifo', [join(root, 'etc/pipe')]);
    expect(files.read('/etc/pipe')).toMatchObject({ ok: false, problem: 'failed' });
  });

  test('a file whose size says nothing, on /', () => {
    const status = nodeFiles('/').read('/proc/sys/kernel/hostname');
    expect(status.ok && status.value.toString()).toMatch(/^\S+\n$/);
  });

  test('names are sorted by code unit', () => {
    for (const name of ['b', 'B', 'ä', '10', '9']) writeFileSync(join(root, 'etc/conf', name), '');
    expect(files.list('/etc/conf')).toEqual({ ok: true, value: ['10', '9', 'B', 'a.conf', 'b', 'ä'] });
  });

  test('somebody else’s closed file and folder are denied, as an unprivileged user', () => {
    chmodSync(root, 0o755);
    chmodSync(join(root, 'etc/conf/a.conf'), 0);
    mkdirSync(join(root, 'etc/shut'), { mode: 0o000 });
    const answer = isRoot ? asNobody(look) : look();
    expect(answer).toEqual(['denied', 'denied', 'denied']);
    chmodSync(join(root, 'etc/shut'), 0o755);
  });
});

const NOBODY = 65_534;

/** File permissions follow the effective user. */
function asNobody<T>(act: () => T): T {
  process.seteuid?.(NOBODY);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
  }
}

function look(): unknown {
  const problem = (answer: { ok: boolean; problem?: string }) => (answer.ok ? 'read' : answer.problem);
  return [
    problem(files.read('/etc/conf/a.conf')),
    problem(files.list('/etc/shut')),
    problem(files.stat('/etc/shut/x')),
  ];
}

describe('walking', () => {
  const walk = async (
    limits: Partial<{ entriesMax: number; depthMax: number; skipNames: string[]; signal: AbortSignal }> = {},
    start = '/etc',
  ) => {
    const seen: string[] = [];
    const problems: string[] = [];
    const end = await files.walk(
      start,
      {
        entry: (folder, name, { kind }) => seen.push(`${folder}/${name} ${kind}`),
        problem: (path, problem) => problems.push(`${path} ${problem}`),
      },
      { entriesMax: 100, depthMax: 10, skipNames: ['.svn'], signal: new AbortController().signal, ...limits },
    );
    return { seen: seen.sort(), problems, ...end };
  };

  test('tells everything below, links unfollowed, and passes over what is to be skipped', async () => {
    mkdirSync(join(root, 'etc/conf/.svn'));
    writeFileSync(join(root, 'etc/conf/.svn/entries'), '');
    link('/etc', 'etc/conf/round');
    expect(await walk()).toEqual({
      seen: ['/etc/conf directory', '/etc/conf/a.conf file', '/etc/conf/round symlink'],
      problems: [],
      entriesSeen: 3,
      isTruncated: false,
    });
  });

  test('stops at its limits and says so', async () => {
    expect(await walk({ entriesMax: 1 })).toMatchObject({ entriesSeen: 1, isTruncated: true });
    expect(await walk({ entriesMax: 2 })).toMatchObject({ entriesSeen: 2, isTruncated: false });
    expect(await walk({ depthMax: 1 })).toMatchObject({ seen: ['/etc/conf directory'], isTruncated: true });
  });

  test('tells of a name that is not UTF-8 instead of losing it', async () => {
    writeFileSync(Buffer.concat([Buffer.from(join(root, 'etc/conf/')), Buffer.from([0x62, 0xe4])]), '');
    expect((await walk()).problems).toEqual(['/etc/conf/b\uFFFD failed']);
  });

  test('of what is no folder, or is not there', async () => {
    expect((await walk({}, '/etc/conf/a.conf')).problems).toEqual(['/etc/conf/a.conf not-directory']);
    expect((await walk({}, '/none')).problems).toEqual(['/none missing']);
  });

  test('gives way, and can be stopped', async () => {
    for (let i = 0; i < 2500; i += 1) writeFileSync(join(root, 'etc/conf', `f${i}`), '');
    const stop = new AbortController();
    setImmediate(() => stop.abort(new Error('enough')));
    await expect(walk({ entriesMax: 10_000, signal: stop.signal })).rejects.toThrow('enough');
  });
});

describe('writing', () => {
  const whatIs = (path: string) => {
    const { dev, ino, uid } = lstatSync(join(root, path));
    return { dev, ino, uid };
  };
  const mine = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

  test.each([0o077, 0o000])('a new file has the mode that was asked for whatever the umask (%o)', (umask) => {
    const before = process.umask(umask);
    try {
      nodeFileWriter(root).createExclusive('/etc/new', Buffer.from('x'), { ...mine, mode: 0o646 }, []);
      nodeFileWriter(root).mkdir('/etc/folder', { ...mine, mode: 0o757 }, []);
    } finally {
      process.umask(before);
    }
    expect(lstatSync(join(root, 'etc/new')).mode & 0o7777).toBe(0o646);
    expect(lstatSync(join(root, 'etc/folder')).mode & 0o7777).toBe(0o757);
    expect(readFileSync(join(root, 'etc/new'), 'utf8')).toBe('x');
  });

  test('nothing that exists is overwritten, a link least of all', () => {
    link('/etc/conf/a.conf', 'etc/trap');
    for (const path of ['/etc/trap', '/etc/conf/a.conf']) {
      expect(() =>
        nodeFileWriter(root).createExclusive(path, Buffer.from('x'), { ...mine, mode: 0o600 }, []),
      ).toThrow(/EEXIST/);
    }
    expect(text('/etc/conf/a.conf')).toBe('inside');
  });

  test('a link as the last name is never followed to a change of mode or owner', () => {
    link('conf/a.conf', 'etc/trap');
    const mode = lstatSync(join(root, 'etc/conf/a.conf')).mode;
    expect(() => nodeFileWriter(root).chmod('/etc/trap', 0o777, whatIs('/etc/trap'), [])).toThrow(
      FileWriteFailed,
    );
    expect(() => nodeFileWriter(root).chown('/etc/trap', mine, whatIs('/etc/trap'), [])).toThrow(/ELOOP/);
    expect(lstatSync(join(root, 'etc/conf/a.conf')).mode).toBe(mode);
  });

  test('no write leaves the tree by a link to a folder', () => {
    const outside = mkdtempSync(join(tmpdir(), 'castellan-outside-'));
    symlinkSync(outside, join(root, 'etc/out'));
    expect(() =>
      nodeFileWriter(root).createExclusive('/etc/out/x', Buffer.from('x'), { ...mine, mode: 0o600 }, []),
    ).toThrow(FileWriteFailed);
    rmSync(outside, { recursive: true });
  });

  test('rename, unlink, chmod, sync, rmdir', () => {
    const writer = nodeFileWriter(root);
    writer.mkdir('/etc/stage', { ...mine, mode: 0o700 }, []);
    const moved = writer.createExclusive('/etc/stage/new', Buffer.from('new'), { ...mine, mode: 0o640 }, []);
    writer.rename('/etc/stage/new', '/etc/conf/a.conf', { moved, replaced: whatIs('/etc/conf/a.conf') }, []);
    expect(text('/etc/conf/a.conf')).toBe('new');
    writer.chmod('/etc/conf/a.conf', 0o600, moved, []);
    writer.syncDirectory('/etc/conf', []);
    expect(lstatSync(join(root, 'etc/conf/a.conf')).mode & 0o777).toBe(0o600);
    writer.unlink('/etc/conf/a.conf', moved, []);
    writer.rmdir('/etc/stage', []);
    expect([text('/etc/conf/a.conf'), text('/etc/stage')]).toEqual(['missing', 'missing']);
  });

  test('a failed creation leaves nothing behind', () => {
    const bad = { uid: mine.uid, gid: mine.gid, mode: 0o600 };
    expect(() => nodeFileWriter(root).createExclusive('/etc/none/x', Buffer.from('x'), bad, [])).toThrow(
      /missing|not exist|ENOENT/,
    );
    expect(text('/etc/none/x')).toBe('missing');
  });

  test.skipIf(!isRoot)('owner and group are set', () => {
    nodeFileWriter(root).createExclusive(
      '/etc/owned',
      Buffer.from('x'),
      {
        uid: 7100,
        gid: 7101,
        mode: 0o640,
      },
      [],
    );
    expect(files.stat('/etc/owned')).toMatchObject({ value: { uid: 7100, gid: 7101, mode: 0o640 } });
    nodeFileWriter(root).chown('/etc/owned', { uid: 0, gid: 0 }, whatIs('/etc/owned'), []);
    expect(files.stat('/etc/owned')).toMatchObject({ value: { uid: 0, gid: 0 } });
    chownSync(join(root, 'etc/owned'), 7100, 7100);
    linkSync(join(root, 'etc/owned'), join(root, 'etc/owned-too'));
    expect(files.stat('/etc/owned-too')).toMatchObject({ value: { nlink: 2, uid: 7100 } });
  });

  test('without /proc every change is refused with the reason, and looks go on', async () => {
    const writer = nodeFileWriter(root, '/none');
    const what = whatIs('/etc/conf/a.conf');
    const changes = [
      () => writer.createExclusive('/etc/x', Buffer.from('x'), { ...mine, mode: 0o600 }, []),
      () => writer.rename('/etc/conf/a.conf', '/etc/b', { moved: what, replaced: null }, []),
      () => writer.unlink('/etc/conf/a.conf', what, []),
      () => writer.mkdir('/etc/x', { ...mine, mode: 0o700 }, []),
      () => writer.rmdir('/etc/conf', []),
      () => writer.chmod('/etc/conf/a.conf', 0o777, what, []),
      () => writer.chown('/etc/conf/a.conf', mine, what, []),
      () => writer.syncDirectory('/etc', []),
    ];
    for (const change of changes) expect(change).toThrow(/refused: \/proc is not there/);
    const looks = nodeFiles(root, { descriptors: '/none' });
    const seen: string[] = [];
    await looks.walk(
      '/etc',
      { entry: (folder, name) => seen.push(`${folder}/${name}`), problem: () => undefined },
      { entriesMax: 10, depthMax: 5, skipNames: [], signal: new AbortController().signal },
    );
    expect([looks.read('/etc/conf/a.conf').ok, looks.capture('/etc/conf/a.conf').ok, seen]).toEqual([
      true,
      true,
      ['/etc/conf', '/etc/conf/a.conf'],
    ]);
  });

  test.skipIf(!isRoot)(
    'a folder that others may write in, and a link of theirs on the way, are refused',
    () => {
      const [service, other] = [7100, 7300];
      const chmod = () =>
        nodeFileWriter(root).chmod('/etc/conf/a.conf', 0o600, whatIs('/etc/conf/a.conf'), [
          { uid: service, gid: service },
        ]);
      chownSync(join(root, 'etc/conf'), service, service);
      expect(chmod).not.toThrow();
      chmodSync(join(root, 'etc/conf'), 0o777);
      expect(chmod).toThrow(/\/etc\/conf may be written in by everybody/);
      chmodSync(join(root, 'etc/conf'), 0o755);
      chownSync(join(root, 'etc/conf'), other, other);
      expect(chmod).toThrow(/by user 7300, who owns it/);
      chownSync(join(root, 'etc/conf'), 0, 0);
      link('conf', 'etc/by-root');
      link('conf', 'etc/by-other');
      lchownSync(join(root, 'etc/by-other'), service, service);
      const at = (path: string) => () =>
        nodeFileWriter(root).chmod(path, 0o640, whatIs('/etc/conf/a.conf'), [{ uid: service, gid: service }]);
      expect(at('/etc/by-root/a.conf')).not.toThrow();
      expect(at('/etc/by-other/a.conf')).toThrow(/a link of user 7100, which is not followed/);
    },
  );

  test('another file under the name by then, and a second name, are refused', () => {
    const writer = nodeFileWriter(root);
    const before = whatIs('/etc/conf/a.conf');
    linkSync(join(root, 'etc/conf/a.conf'), join(root, 'etc/second'));
    expect(() => writer.chmod('/etc/conf/a.conf', 0o600, before, [])).toThrow(/2 names/);
    rmSync(join(root, 'etc/conf/a.conf'));
    writeFileSync(join(root, 'etc/conf/a.conf'), 'another');
    for (const change of [
      () => writer.chmod('/etc/conf/a.conf', 0o600, before, []),
      () => writer.chown('/etc/conf/a.conf', mine, before, []),
      () => writer.unlink('/etc/conf/a.conf', before, []),
    ])
      expect(change).toThrow(/something else stands there/);
    expect(text('/etc/conf/a.conf')).toBe('another');
  });
});
