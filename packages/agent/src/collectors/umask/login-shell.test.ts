import { expect, test } from 'vitest';
import type { Exec, ExecRequest, ExecResult } from '../../ports/exec.js';
import type { FileReader } from '../../ports/files.js';
import { ANSWER_MS, askLoginShell } from './login-shell.js';

const files = { stat: () => ({ ok: true, value: { dev: 1, ino: 2 } }) } as unknown as FileReader;
const said = (stdout: string, code = 0): ExecResult => ({ kind: 'exited', code, stdout, stderr: '' });
const late: ExecResult = { kind: 'timeout', stdout: '0027\n', stderr: '' };

async function ask(answers: readonly ExecResult[], identity = '1:2\n') {
  const asked: ExecRequest[] = [];
  const left = [said(identity), ...answers];
  const exec: Exec = {
    run: async (request) => {
      asked.push(request);
      return left.shift() ?? said('', 1);
    },
  };
  const asking = { exec, files, signal: new AbortController().signal };
  return { mask: await askLoginShell(asking, { home: '', shell: '/bin/bash' }), asked };
}

test.each<[string, readonly ExecResult[], number | null]>([
  ['all say the same', [said('0022\n'), said('022\n'), said('0022\n')], 0o022],
  ['one bars others', [said('0022\n'), said('0027\n'), said('0022\n')], 0o027],
  ['one is too open', [said('0022\n'), said('0022\n'), said('0002\n')], 0o002],
  ['one prints more', [said('welcome\n0022\n'), said('0022\n'), said('0022\n')], null],
  ['one hangs', [said('0022\n'), late, said('0022\n')], null],
  ['one fails', [said('0022\n', 1), said('0022\n'), said('0022\n')], null],
  ['it may not be run', [{ kind: 'unstarted', problem: 'denied', detail: '' }], null],
])('%s', async (_, answers, expected) => {
  expect((await ask(answers)).mask).toBe(expected);
});

test('it is root’s own shell, with an environment of its own and a limit', async () => {
  const { asked } = await ask([said('0022\n'), said('0022\n'), said('0022\n')]);
  expect(
    asked.slice(1).map(({ program, argv, timeoutMs, env }) => [program, argv, timeoutMs, env?.['HOME']]),
  ).toEqual(['-lic', '-lc', '-ic'].map((option) => ['/bin/bash', [option, 'umask'], ANSWER_MS, '/']));
});

test('a tree that is not the host’s own is not asked: its shell would read the host’s files', async () => {
  const { mask, asked } = await ask([said('0022\n'), said('0022\n'), said('0022\n')], '1:3\n');
  expect([mask, asked.length]).toEqual([null, 1]);
});
