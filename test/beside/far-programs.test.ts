import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChangePorts } from '../../packages/agent/src/adapters/beside/change-ports.js';
import type { FarSession } from '../../packages/agent/src/adapters/beside/far-session.js';
import { nodeRunLock } from '../../packages/agent/src/adapters/node-run-lock.js';
import type { StartedChild } from '../../packages/agent/src/ports/exec.js';
import { describeReal } from '../real/parts.js';
import { changeSession, portsOf } from './changing.js';
import { Sshd } from './sshd.js';

const LOGIN = 'far-root';
const SCRIPT = '/etc/init.d/ecconfigd';
const CREDMGR = '/opt/msys/ecelerity/bin/credmgr';
const NOTE = () => undefined;

describeReal('programs of a run from beside', () => {
  let sshd: Sshd;
  const root = mkdtempSync(join(tmpdir(), 'castellan-programs-'));
  const state = mkdtempSync(join(tmpdir(), 'castellan-programs-state-'));
  const did = join(root, 'did');
  beforeAll(async () => {
    chmodSync(root, 0o755);
    program(SCRIPT, `echo "$1" >>${did}; [ "$1" = restart ] && sleep 3; echo "$1 done" >>${did}; cat; umask`);
    program(CREDMGR, 'echo "given $*"; exit 3');
    program('/usr/bin/id', 'id');
    sshd = await new Sshd().start([{ name: LOGIN, shell: '/bin/sh', uid: 0 }]);
  });
  afterAll(() => {
    sshd.stop();
    for (const folder of [root, state]) rmSync(folder, { recursive: true, force: true });
  });

  function program(path: string, text: string): void {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    chmodSync(join(root, path), 0o755);
  }

  async function open(signal?: AbortSignal): Promise<{ session: FarSession; far: ChangePorts }> {
    const session = await changeSession(sshd, LOGIN, signal ? { signal } : {});
    return { session, far: await portsOf(sshd, session, LOGIN, { root, state }) };
  }
  const asked = (argv: readonly string[], timeoutMs = 10_000) => ({ program: SCRIPT, argv, timeoutMs });

  const isRunning = ({ ports }: ChangePorts, seen: readonly StartedChild[]) =>
    seen.map((child) => ports.exec.children?.isRunning(child));

  test('it is told of before it does anything, and is not run where that fails', async () => {
    const { session, far } = await open();
    rmSync(did, { force: true });
    const seen: StartedChild[] = [];
    const result = await far.ports.exec.run({
      ...asked(['reload']),
      stdin: 'given\n',
      started: (child) => {
        seen.push(child);
        expect(existsSync(did)).toBe(false);
        expect(far.ports.exec.children?.isRunning(child)).toBe(true);
        // Other questions are answered meanwhile.
        expect(far.ports.files.stat(SCRIPT).ok).toBe(true);
      },
    });
    expect(result).toEqual({ kind: 'exited', code: 0, stdout: 'given\n0022\n', stderr: '' });
    expect(seen).toEqual([
      {
        program: SCRIPT,
        pid: expect.any(Number),
        start: expect.stringMatching(/^\d+$/),
        bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      },
    ]);
    expect(isRunning(far, seen)).toEqual([false]);
    rmSync(did);
    await expect(
      far.ports.exec.run({
        ...asked(['reload']),
        started: () => {
          throw new Error('no room for the line');
        },
      }),
    ).rejects.toThrow('no room');
    expect(await far.ports.exec.run(asked(['status']))).toMatchObject({ kind: 'exited', code: 0 });
    expect(readFileSync(did, 'utf8')).toBe('status\nstatus done\n');
    await session.close();
  });

  test('arguments arrive as they are, secrets are masked, and what no remediation runs is not run', async () => {
    const { session, far } = await open();
    const secret = 'a b"; $(touch x)';
    const argv = [
      'set_cred',
      '-d',
      '/a.db',
      '-k',
      '/a.key',
      '-u',
      'ecuser',
      '-h',
      'h',
      '-f',
      'f',
      '-p',
      secret,
    ];
    const run = (program: string, words: readonly string[]) =>
      far.ports.exec.run({ program, argv: words, timeoutMs: 5000, secrets: [secret], started: NOTE });
    expect(await run(CREDMGR, argv)).toEqual({
      kind: 'exited',
      code: 3,
      stdout: 'given set_cred -d /a.db -k /a.key -u ecuser -h h -f f -p [secret]\n',
      stderr: '',
    });
    for (const [program, words] of [
      [SCRIPT, ['uninstall']],
      [CREDMGR, ['remove_db']],
      ['/usr/bin/id', []],
      [SCRIPT, ['reload\nreload']],
    ] as const)
      expect(await run(program, words)).toMatchObject({ kind: 'unstarted', problem: 'forbidden' });
    expect(await run('/etc/init.d/msyspg', ['start'])).toMatchObject({
      kind: 'unstarted',
      problem: 'missing',
    });
    chmodSync(join(root, SCRIPT), 0o777);
    expect(await run(SCRIPT, ['reload'])).toMatchObject({ kind: 'unstarted', problem: 'denied' });
    chmodSync(join(root, SCRIPT), 0o755);
    await session.close();
  });

  test('one that takes too long is ended', async () => {
    const { session, far } = await open();
    expect(await far.ports.exec.run({ ...asked(['restart'], 300), started: NOTE })).toMatchObject({
      kind: 'timeout',
    });
    await session.close();
  });

  test('one that changes something goes on when the link is gone, and holds the lock until its end', async () => {
    const cut = new AbortController();
    const { far } = await open(cut.signal);
    const own = nodeRunLock(join(state, 'run.lock'));
    rmSync(did, { force: true });
    expect(far.lock.take()).not.toBeNull();
    const seen: StartedChild[] = [];
    const running = far.ports.exec.run({
      ...asked(['restart']),
      started: (one) => {
        seen.push(one);
      },
    });
    await expect.poll(() => existsSync(did)).toBe(true);
    cut.abort();
    await expect(running).rejects.toMatchObject({ code: 'CAS_BESIDE_LOST' });
    expect(own.take()).toBeNull();
    const next = await open();
    expect(next.far.lock.take()).toBeNull();
    expect(isRunning(next.far, seen)).toEqual([true]);
    await expect.poll(() => own.holder?.(), { timeout: 20_000 }).toBeNull();
    expect(readFileSync(did, 'utf8')).toBe('restart\nrestart done\n');
    await next.session.close();
  });

  test('a session to change that nobody speaks in ends, and holds the lock no more', async () => {
    const session = await changeSession(sshd, LOGIN, {
      text: (program) =>
        Buffer.from(
          program.toString('latin1').replace('$CHANGE_IDLE_S_MAX = 120', '$CHANGE_IDLE_S_MAX = 2'),
          'latin1',
        ),
    });
    const far = await portsOf(sshd, session, LOGIN, { root, state });
    const own = nodeRunLock(join(state, 'run.lock'));
    expect(far.lock.take()).not.toBeNull();
    expect(own.take()).toBeNull();
    await expect.poll(() => own.holder?.(), { timeout: 20_000 }).toBeNull();
    expect(() => far.lock.holder?.()).toThrow(/the session ended|session is closed|an answer to request/);
    await session.close();
  });

  test('one that was left behind is ended', async () => {
    const cut = new AbortController();
    const { far } = await open(cut.signal);
    const seen: StartedChild[] = [];
    const running = far.ports.exec.run({
      ...asked(['restart']),
      started: (one) => {
        seen.push(one);
      },
    });
    running.catch(NOTE);
    await expect.poll(() => seen.length).toBe(1);
    cut.abort();
    await expect(running).rejects.toMatchObject({ code: 'CAS_BESIDE_LOST' });
    const next = await open();
    for (const child of seen) await next.far.ports.exec.children?.end(child);
    expect(isRunning(next.far, seen)).toEqual([false]);
    await next.session.close();
  });
}, ['openssh-server', 'openssh-client']);
