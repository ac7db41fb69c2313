import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { runWorker, type WorkerOptions } from './node-worker.js';

const folder = mkdtempSync(join(tmpdir(), 'castellan-worker-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What only a failure reaches. */
const NEVER_MS = 120_000;
let count = 0;

async function worked(body: string, bounds: Partial<WorkerOptions> = {}) {
  count += 1;
  const file = join(folder, `worker-${count}.mjs`);
  writeFileSync(
    file,
    `import { spawn } from 'node:child_process';\nprocess.once('message', async (order) => {\n${body}\n});\n`,
  );
  const heard: unknown[] = [];
  const why = await runWorker({
    program: pathToFileURL(file),
    order: { password: 'hunter2' },
    environment: { PATH: process.env['PATH'] },
    silenceMs: NEVER_MS,
    totalMs: NEVER_MS,
    stopMs: NEVER_MS,
    signal: new AbortController().signal,
    hear: (word) => heard.push(word),
    ...bounds,
  });
  return { why, heard };
}

/** It starts a program that would outlive it, and tells which. */
const LEAVES =
  "const left = spawn('sleep', ['600'], { stdio: 'ignore' }); process.send({ pid: left.pid, own: process.pid });";
const STANDS = 'setInterval(() => undefined, 1000);';
const isGone = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return true;
  }
};
async function gone(heard: readonly unknown[]): Promise<void> {
  const [first] = heard as readonly { readonly pid: number }[];
  await expect.poll(() => isGone(first?.pid ?? 0), { timeout: 30_000 }).toBe(true);
}

test('what it says is heard to the last word, and the order is in no argument and no environment', async () => {
  const { why, heard } = await worked(
    "for (let n = 0; n < 2000; n += 1) process.send({ n });\nconst { readFileSync } = await import('node:fs');\nprocess.send({ seen: ['/proc/self/cmdline', '/proc/self/environ'].map((name) => readFileSync(name, 'latin1')).join(), order }, undefined, undefined, () => process.exit(0));",
  );
  expect([why, heard.length]).toEqual([null, 2001]);
  const [last] = heard.slice(-1) as readonly { readonly seen: string; readonly order: unknown }[];
  expect(last?.order).toEqual({ password: 'hunter2' });
  expect(last?.seen).not.toContain('hunter2');
});

test.each([
  ['its status', 'process.exit(3);', 'it ended with status 3'],
  ['what killed it', "process.kill(process.pid, 'SIGKILL');", 'SIGKILL ended it'],
])('one that dies is told by %s', async (_, body, told) => {
  expect((await worked(body)).why).toBe(told);
});

test('one that dies leaves nothing behind that it started', async () => {
  const { why, heard } = await worked(
    `${LEAVES} setTimeout(() => process.kill(process.pid, 'SIGKILL'), 200);`,
  );
  expect(why).toBe('SIGKILL ended it');
  await gone(heard);
});

test.each([
  ['says nothing for so long', { silenceMs: 1500 }, 'it said nothing for 1.5 s', ''],
  [
    'takes longer than it may, however much it says',
    { totalMs: 2500, silenceMs: 2000 },
    'it took longer than 2.5 s',
    'setInterval(() => process.send({}), 100);',
  ],
  [
    'has had its time after the signal',
    { stopMs: 1000, signal: AbortSignal.abort() },
    'it had 1 s to end, and did not',
    '',
  ],
])('one that %s is ended, with what it started', async (_, bounds, told, more) => {
  const { why, heard } = await worked(`${LEAVES}${more}${STANDS}`, bounds);
  expect(why).toBe(told);
  await gone(heard);
});

test('one that ends in time after the signal was not ended', async () => {
  const stop = new AbortController();
  const { why } = await worked('process.send({}); setTimeout(() => process.exit(0), 300);', {
    signal: stop.signal,
    hear: () => stop.abort(),
  });
  expect(why).toBeNull();
});

test('a program that is not there is told', async () => {
  const why = await runWorker({
    program: pathToFileURL(join(folder, 'none.mjs')),
    order: {},
    environment: {},
    silenceMs: NEVER_MS,
    totalMs: NEVER_MS,
    stopMs: NEVER_MS,
    signal: new AbortController().signal,
    hear: () => undefined,
  });
  expect(why).not.toBeNull();
});
