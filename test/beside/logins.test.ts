import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeFiles } from '../../packages/agent/src/adapters/node-files.js';
import type { FileReader } from '../../packages/agent/src/ports/files.js';
import { describeReal } from '../real/parts.js';
import { type Login, Sshd } from './sshd.js';

const LOUD = 'printf "Welcome to mta1\\nsecond line\\n"\n';
const LOGINS: readonly Login[] = [
  // Debian's bash reads .bashrc when sshd starts it.
  { name: 'far-bash', shell: '/bin/bash', uid: 0, files: { '.bashrc': LOUD } },
  { name: 'far-dash', shell: '/bin/dash', uid: 0, files: { '.profile': LOUD } },
  { name: 'far-csh', shell: '/bin/csh', uid: 0, files: { '.cshrc': LOUD } },
  { name: 'far-tcsh', shell: '/bin/tcsh', uid: 0, files: { '.tcshrc': LOUD } },
  { name: 'far-plain', shell: '/bin/dash', uid: 61_001 },
  { name: 'far-sudo', shell: '/bin/dash', uid: 61_002 },
  { name: 'far-flood', shell: '/bin/bash', uid: 0, files: { '.bashrc': 'head -c 100000 /dev/zero\n' } },
  { name: 'far-nologin', shell: '/usr/sbin/nologin', uid: 0 },
];
const SUDOERS = 'far-sudo ALL=(root) NOPASSWD: /usr/local/libexec/castellan-far ""\n';

describeReal('over the sshd of this host', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await new Sshd().start(LOGINS, SUDOERS);
  });
  afterAll(() => sshd.stop());

  test.each([
    ['far-bash', 'Welcome to mta1\nsecond line\n'],
    ['far-dash', ''],
    ['far-csh', 'Welcome to mta1\nsecond line\n'],
    ['far-tcsh', 'Welcome to mta1\nsecond line\n'],
  ])('%s: whatever the start-up file prints is told apart from the answer', async (login, noise) => {
    const session = await sshd.session(login);
    expect(session.noise).toBe(noise);
    expect(session.hello).toMatchObject({
      euid: 0,
      mode: 'carried',
      system: 'Linux',
      perlPath: '/usr/bin/perl',
    });
    await session.close();
  });

  test('a login that is not root, and may not become it, sees what its user may', async () => {
    const session = await sshd.session('far-plain');
    expect(session.hello).toMatchObject({ euid: 61_001, gids: [61_001], mode: 'carried' });
    const { files, snapshot } = await sshd.ports(session, 'far-plain');
    files.read('/etc/shadow');
    await snapshot.fetch();
    expect(files.read('/etc/shadow')).toMatchObject({ ok: false, problem: 'denied' });
    await session.close();
  });

  test('sudo, where it is permitted, brings the installed program and nothing else', async () => {
    const session = await sshd.session('far-sudo');
    expect(session.hello).toMatchObject({ uid: 0, euid: 0, mode: 'laid' });
    await session.close();
  });

  test('an installed program of another release is refused, and it is said what to do', async () => {
    const own = readFileSync(join(sshd.folder, 'castellan-far'));
    sshd.installFar(Buffer.concat([own, Buffer.from('\n# another\n')]));
    await expect(sshd.session('far-sudo')).rejects.toMatchObject({
      code: 'CAS_BESIDE_PROTOCOL',
      detail: expect.stringContaining('of another release'),
    });
    sshd.installFar(own);
  });

  test.each([
    ['far-flood', 'more than 65536 bytes were printed'],
    ['far-nologin', 'This account is currently not available'],
    ['far-nobody', 'does not accept the key'],
  ])('%s: no session, and why', async (login, why) => {
    await expect(sshd.session(login)).rejects.toMatchObject({ detail: expect.stringContaining(why) });
  });

  test('a host key that is not known is never accepted', async () => {
    const known = readFileSync(sshd.knownHosts, 'utf8');
    writeFileSync(sshd.knownHosts, '');
    await expect(sshd.session('far-dash')).rejects.toMatchObject({ code: 'CAS_BESIDE_HOST_KEY' });
    writeFileSync(sshd.knownHosts, known);
  });

  test('a node that is not there is no node in order', async () => {
    const config = readFileSync(sshd.config, 'utf8');
    writeFileSync(sshd.config, config.replace(`Port ${sshd.port}`, 'Port 1'));
    await expect(sshd.session('far-dash')).rejects.toMatchObject({ code: 'CAS_BESIDE_UNREACHABLE' });
    writeFileSync(sshd.config, config);
  });

  test('files of any name are what they are to a look on the node', async () => {
    const tree = join(sshd.folder, 'tree');
    oddTree(tree);
    const session = await sshd.session('far-csh');
    const { files, snapshot } = await sshd.ports(session, 'far-csh', tree);
    await answersOf(files);
    await snapshot.fetch();
    await answersOf(files);
    await snapshot.fetch();
    const told = await answersOf(files);
    expect(told).toEqual(await answersOf(nodeFiles(tree)));
    expect(told.walk.length).toBeGreaterThan(10);
    expect((await snapshot.changed()).size).toBe(0);
    writeFileSync(join(tree, 'etc/a.conf'), 'another');
    expect([...(await snapshot.changed())]).toContain('/etc/a.conf');
    await session.close();
  });

  test('programs that change something are not run, whoever asks', async () => {
    const session = await sshd.session('far-dash');
    const { exec, snapshot } = await sshd.ports(session, 'far-dash');
    snapshot.enter(true);
    const stat = { program: '/usr/bin/stat', argv: ['-L', '-c', '%d:%i', '/etc/passwd'], timeoutMs: 5000 };
    expect(await exec.run(stat)).toMatchObject({ kind: 'exited', code: 0, stdout: /^\d+:\d+\n$/ });
    expect(await exec.run({ ...stat, argv: ['/etc/shadow'] })).toMatchObject({
      kind: 'unstarted',
      problem: 'forbidden',
    });
    expect(await exec.run({ ...stat, program: '/bin/no-such-sh', argv: ['-lc', 'umask'] })).toMatchObject({
      kind: 'unstarted',
      problem: 'missing',
    });
    expect(
      await exec.run({ program: '/bin/sh', argv: ['-lc', 'umask'], timeoutMs: 5000, secrets: ['0022'] }),
    ).toMatchObject({ kind: 'exited', stdout: '[secret]\n' });
    await session.close();
  });

  test('listeners are met through a connection of the node; a closed port is told from a refused one', async () => {
    const session = await sshd.session('far-dash');
    const { net, snapshot } = await sshd.ports(session, 'far-dash');
    snapshot.enter(true);
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const ask = (host: string, to: number) =>
      net.probeTls({ host, port: to, preamble: 'none', timeoutMs: 10_000 });
    expect(await ask('localhost', port)).toMatchObject({ kind: 'no-tls' });
    expect(await ask('127.0.0.1', 1)).toMatchObject({ kind: 'closed' });
    expect(await ask('192.0.2.1', 443)).toMatchObject({ kind: 'forbidden' });
    server.close();
    await session.close();
  });
}, ['openssh-server', 'openssh-client', 'tcsh', 'sudo']);

function oddTree(tree: string): void {
  mkdirSync(join(tree, 'etc/-dash/deep'), { recursive: true });
  mkdirSync(join(tree, 'etc/closed'), { mode: 0 });
  writeFileSync(join(tree, 'etc/a.conf'), Buffer.from([0, 1, 2, 255, 10]));
  for (const name of [
    'two\nlines',
    '-rf',
    "it's",
    '"quoted"',
    '$(touch x)',
    '`id`',
    'a -> b',
    'ümlaut',
    ' ',
    '\\',
  ])
    writeFileSync(join(tree, 'etc/-dash', name), name);
  writeFileSync(Buffer.concat([Buffer.from(join(tree, 'etc/-dash/bad-')), Buffer.from([0xff])]), 'x');
  symlinkSync('/etc/a.conf', join(tree, 'etc/absolute'));
  symlinkSync('../../../../etc/a.conf', join(tree, 'etc/-dash/up'));
  symlinkSync('circle', join(tree, 'etc/circle'));
  symlinkSync('/nowhere', join(tree, 'etc/dangling'));
}

/** What a reader says of the odd tree, in every way that it can be asked. Times of making are not told from beside. */
async function answersOf(files: FileReader) {
  const walk: unknown[] = [];
  const end = await files.walk(
    '/etc',
    {
      entry: (folder, name, { kind, uid, gid, mode }) =>
        walk.push([`${folder}/${name}`, kind, uid, gid, mode]),
      problem: (path, problem, detail) => walk.push([path, problem, detail]),
    },
    { entriesMax: 1000, depthMax: 10, skipNames: [], signal: new AbortController().signal },
  );
  const names = files.list('/etc/-dash');
  const paths = [
    '/etc/a.conf',
    '/etc/absolute',
    '/etc/-dash/up',
    '/etc/circle',
    '/etc/dangling',
    '/etc/a.conf/below',
    '/etc/-dash',
    '/missing',
    ...(names.ok ? names.value.map((name) => `/etc/-dash/${name}`) : []),
  ];
  const answers = paths.map((path) => {
    const lstat = files.lstat(path);
    return [
      path,
      files.read(path),
      files.read(path, { bytesMax: 2 }),
      files.realpath(path),
      files.readlink(path).ok ? files.readlink(path) : 'no link',
      files.acl(path),
      lstat.ok ? [lstat.value.kind, lstat.value.mode, lstat.value.ino] : lstat.problem,
      files.list(path).ok ? files.list(path) : 'no names',
    ];
  });
  return { walk, end, names, answers };
}
