import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Exec, ExecRequest, StartedChild } from '../ports/exec.js';
import { nodeExec } from './node-exec.js';

let root: string;
let exec: Exec;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'castellan-exec-')));
  mkdirSync(join(root, 'bin'));
  exec = nodeExec(root, { live: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function program(body: string, mode = 0o755): string {
  writeFileSync(join(root, 'bin/p'), `#!/bin/sh\n${body}\n`, { mode });
  return '/bin/p';
}

const run = (body: string, over: Partial<ExecRequest> = {}) =>
  exec.run({ program: program(body), argv: [], timeoutMs: 10_000, ...over });

describe('a program', () => {
  test('gets its arguments as they are, and no shell', async () => {
    expect(await run('printf "<%s>" "$@"', { argv: ['$(id)', 'a b', ';', "'"] })).toEqual({
      kind: 'exited',
      code: 0,
      stdout: "<$(id)><a b><;><'>",
      stderr: '',
    });
  });

  test('gets a small environment, / as its folder and the usual umask', async () => {
    const before = process.umask(0o077);
    try {
      const answer = await run('env | cut -d= -f1 | sort | tr "\\n" " "; pwd; umask', { env: { MINE: '1' } });
      expect(answer).toMatchObject({
        stdout: expect.stringMatching(/^LANG LC_ALL MINE (OLDPWD )?PATH PWD (SHLVL )?(_ )?\/\n0022\n$/),
      });
    } finally {
      expect(process.umask(before)).toBe(0o077);
    }
  });

  test('gets its input, or none', async () => {
    expect(await run('cat', { stdin: 'words' })).toMatchObject({ stdout: 'words' });
    expect(await run('cat')).toMatchObject({ stdout: '' });
    expect(await run('exit 3', { stdin: 'x'.repeat(1_000_000) })).toMatchObject({ kind: 'exited', code: 3 });
  });

  test('ends by a signal', async () => {
    expect(await run('kill -9 $$')).toMatchObject({ kind: 'signalled', signal: 'SIGKILL' });
  });

  test('is ended with its children when it takes too long', async () => {
    const answer = await run('echo begun; sleep 600 & sleep 600', { timeoutMs: 300 });
    expect(answer).toMatchObject({ kind: 'timeout', stdout: 'begun\n' });
  });

  test('that will not end is killed', async () => {
    expect(await run("trap '' TERM; echo on; while :; do sleep 0.1; done", { timeoutMs: 200 })).toMatchObject(
      { kind: 'timeout' },
    );
  });

  test('may leave a daemon behind that keeps its output open, and the daemon lives on', async () => {
    const answer = await run('(while :; do sleep 0.05; echo more; done) & echo $!');
    expect(answer).toMatchObject({ kind: 'exited', code: 0 });
    const pid = Number(answer.kind === 'exited' ? answer.stdout.split('\n')[0] : 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(() => process.kill(pid, 0)).not.toThrow();
    process.kill(pid, 'SIGKILL');
  });

  test('can be cancelled, before and while it runs', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    expect(await run('sleep 600', { signal: stop.signal })).toMatchObject({ kind: 'signalled' });
    expect(await run('sleep 600', { signal: stop.signal })).toMatchObject({
      kind: 'unstarted',
      problem: 'failed',
    });
  });

  test('says more than is kept: the beginning stays', async () => {
    expect(await run('yes | head -c 100000; echo end >&2', { outputBytesMax: 10 })).toMatchObject({
      stdout: 'y\ny\ny\ny\ny\n',
      stderr: 'end\n',
    });
  });
});

test('a link with an absolute target runs the program of the tree, not the host’s of that name', async () => {
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  writeFileSync(join(root, 'usr/bin/env'), '#!/bin/sh\necho the tree\n', { mode: 0o755 });
  symlinkSync('/usr/bin/env', join(root, 'bin/out'));
  symlinkSync('p', join(root, 'bin/alias'));
  program('echo $0');
  expect(await exec.run({ program: '/bin/out', argv: [], timeoutMs: 5000 })).toMatchObject({
    stdout: 'the tree\n',
  });
  expect(await exec.run({ program: '/bin/alias', argv: [], timeoutMs: 5000 })).toMatchObject({
    stdout: `${root}/bin/alias\n`,
  });
});

describe('a secret', () => {
  test('does not come back, in either stream', async () => {
    const answer = await run('echo "p=$1"; echo "$1$1" >&2', { argv: ['hunter22'], secrets: ['hunter22'] });
    expect(answer).toMatchObject({ stdout: 'p=[secret]\n', stderr: '[secret][secret]\n' });
  });

  test('that holds another is gone as a whole', async () => {
    expect(await run('echo abcdef', { secrets: ['abc', 'abcdef', ''] })).toMatchObject({
      stdout: '[secret]\n',
    });
  });

  test.each([3, 6, 9, 10, 12])(
    'on the border of what is kept (%i bytes) is not left in part',
    async (outputBytesMax) => {
      const answer = await run('printf "12345hunter2212345hunter22"', {
        secrets: ['hunter22'],
        outputBytesMax,
      });
      if (answer.kind !== 'exited') throw new Error(answer.kind);
      expect(answer.stdout).not.toMatch(/h|hu|hunter/);
      expect(answer.stdout.length).toBeLessThanOrEqual(outputBytesMax);
    },
  );
});

describe('what is not run', () => {
  test('programs of a tree that is only read', async () => {
    const answer = await nodeExec(root, { live: false }).run({
      program: program('exit 0'),
      argv: [],
      timeoutMs: 1000,
    });
    expect(answer).toMatchObject({ kind: 'unstarted', problem: 'forbidden' });
  });

  test.each([
    ['one that is not there', '/bin/none', 'missing'],
    ['one whose interpreter is not there', '/bin/odd', 'missing'],
    ['one that may not be run', '/bin/plain', 'denied'],
    ['a link that would lead to a program of the host', '/bin/out', 'missing'],
    ['a program named without a place', 'sh', 'failed'],
  ])('%s', async (_, name, problem) => {
    writeFileSync(join(root, 'bin/odd'), '#!/none/such\n', { mode: 0o755 });
    writeFileSync(join(root, 'bin/plain'), '', { mode: 0o644 });
    symlinkSync('/usr/bin/env', join(root, 'bin/out'));
    expect(await exec.run({ program: name, argv: [], timeoutMs: 1000 })).toMatchObject({
      kind: 'unstarted',
      problem,
    });
  });
});

describe('a program that is told of before it begins', () => {
  test('does nothing until then, and then what it was asked', async () => {
    const mark = join(root, 'mark');
    const told: StartedChild[] = [];
    const answer = await run(`touch ${mark}; cat; printf "<%s>" "$0" "$@"`, {
      argv: ['a b', '$(id)'],
      stdin: 'words',
      started: (child) => {
        told.push(child);
        // Long enough for a program that does not wait.
        execFileSync('sleep', ['0.3']);
        expect(existsSync(mark)).toBe(false);
        expect(exec.children?.isRunning(child)).toBe(true);
      },
    });
    expect(answer).toMatchObject({ kind: 'exited', code: 0, stdout: `words<${root}/bin/p><a b><$(id)>` });
    expect(told).toHaveLength(1);
    expect(told.map((child) => exec.children?.isRunning(child))).toEqual([false]);
  });

  test('is not run where that is refused', async () => {
    const mark = join(root, 'mark');
    const refuse = () => {
      throw new Error('the disk is full');
    };
    await expect(run(`touch ${mark}`, { started: refuse })).rejects.toThrow('the disk is full');
    execFileSync('sleep', ['0.3']);
    expect(existsSync(mark)).toBe(false);
  });

  test('does all that it was asked though its agent is killed while it speaks', async () => {
    const [begun, done] = [join(root, 'begun'), join(root, 'done')];
    program(
      `echo one; touch ${begun}; sleep 1; echo two; echo three >&2; seq 1 20000; seq 1 20000 >&2; touch ${done}`,
    );
    const module = new URL('../../dist/adapters/node-exec.js', import.meta.url).href;
    const agent = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { nodeExec } from ${JSON.stringify(module)};
       await nodeExec(${JSON.stringify(root)}, { live: true }).run({ program: '/bin/p', argv: [], timeoutMs: 60000, started() {} });`,
    ]);
    await vi.waitUntil(() => existsSync(begun), { timeout: 20_000 });
    agent.kill('SIGKILL');
    await vi.waitUntil(() => existsSync(done), { timeout: 20_000 });
  });

  test('is told of whole, in both streams, and may leave a daemon behind', async () => {
    const said = await run('seq 1 20000; seq 1 20000 >&2; (sleep 2; echo late) & exit 3', {
      started: () => undefined,
    });
    const numbers = Array.from({ length: 20_000 }, (_, n) => `${n + 1}\n`).join('');
    expect(said).toMatchObject({ kind: 'exited', code: 3, stdout: numbers, stderr: numbers });
  });

  test('is ended with everything that it started, and no other process of its number is', async () => {
    const told: StartedChild[] = [];
    const running = run('sleep 600 & sleep 600', { started: (child) => told.push(child), timeoutMs: 60_000 });
    await vi.waitUntil(() => told.length === 1, { timeout: 10_000 });
    for (const child of told) {
      const other = { ...child, start: '1' };
      expect(exec.children?.isRunning(other)).toBe(false);
      await exec.children?.end(other);
      expect(exec.children?.isRunning(child)).toBe(true);
      await exec.children?.end(child);
      expect(exec.children?.isRunning(child)).toBe(false);
    }
    expect((await running).kind).toBe('signalled');
  });
});
