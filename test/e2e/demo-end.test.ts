import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { processesOf } from '../../test/standin/src/demo/processes-of.js';
import { REPOSITORY } from '../arch/imports.js';

const DEMO = join(REPOSITORY, 'test/standin/dist/demo/main.js');
/** As npm does it: a parent that starts the demo, tells its pid, and passes nothing on. */
const PARENT = `
  const demo = require('node:child_process').spawn(process.execPath, [${JSON.stringify(DEMO)}], { stdio: ['ignore', 'pipe', 'inherit'] });
  console.log('pid ' + demo.pid);
  demo.stdout.pipe(process.stdout);
`;

interface Started {
  readonly parent: ChildProcess;
  readonly demoPid: number;
  readonly dir: string;
}

/** Resolves when the demo's services, server and receiver run and its agents begin to. */
function startDemo(): Promise<Started> {
  const parent = spawn(process.execPath, ['-e', PARENT], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  return new Promise((resolve, reject) => {
    parent.on('exit', (code) => reject(new Error(`the demo ended with ${code}: ${said}`)));
    for (const stream of [parent.stdout, parent.stderr])
      stream?.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
        const dir = /nodes in (\S+)/.exec(said)?.[1];
        const pid = /^pid (\d+)/m.exec(said)?.[1];
        if (dir && pid && said.includes('starting an agent')) resolve({ parent, demoPid: Number(pid), dir });
      });
  });
}

const WAYS: readonly [string, (started: Started) => void][] = [
  ['npm is killed', ({ parent }) => parent.kill('SIGKILL')],
  ['the demo itself is killed', ({ demoPid }) => process.kill(demoPid, 'SIGKILL')],
  ['the terminal closes', ({ demoPid }) => process.kill(demoPid, 'SIGHUP')],
];

describe('the demo takes all that it started with it', () => {
  test.concurrent.each(WAYS)(
    'when %s',
    async (_, end) => {
      const started = await startDemo();
      expect(processesOf(started.dir).length).toBeGreaterThan(3);
      end(started);
      const patience = { timeout: 60_000, interval: 200 };
      await vi.waitUntil(() => processesOf(started.dir).length === 0, patience);
      await vi.waitUntil(() => !existsSync(started.dir), patience);
      started.parent.kill('SIGKILL');
    },
    150_000,
  );
});

test('npm is one process away from the demo, so that its end is seen', () => {
  const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(scripts.demo).toMatch(/&& exec node \S+main\.js$/);
});
