import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '../..');
const AGENT = join(REPOSITORY, 'packages/agent/bin/castellan-agent.js');
const LAY = join(REPOSITORY, 'test/standin/dist/lay/main.js');
/** Only how long a test waits before it gives up. A canary sings twice a minute. */
const PATIENCE_MS = 100_000;
const TEST_MS = 400_000;
const CONF = 'opt/msys/ecelerity/etc/conf/default/ecelerity.conf';

interface Agent {
  readonly process: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

let folder: string;
let agents: Agent[] = [];
let isMounted = false;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-full-'));
  execFileSync(process.execPath, [LAY, join(folder, 'node')]);
  mkdirSync(join(folder, 'state'), { mode: 0o700 });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=0700', 'tmpfs', join(folder, 'state')]);
  isMounted = true;
});
afterEach(async () => {
  for (const agent of agents) agent.process.kill('SIGKILL');
  await Promise.all(agents.map(({ ended }) => ended));
  agents = [];
  if (isMounted) execFileSync('umount', [join(folder, 'state')]);
  isMounted = false;
  rmSync(folder, { recursive: true });
});

function start(state = join(folder, 'state')): Agent {
  const settings = join(folder, 'agent.yaml');
  writeFileSync(
    settings,
    `version: 1\nroot: ${join(folder, 'node')}\nstate: ${state}\nlog:\n  level: debug\n`,
  );
  const child = spawn(process.execPath, [AGENT, 'run', '--config', settings], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  const agent = { process: child, said: () => text, ended };
  agents.push(agent);
  return agent;
}

async function until(what: string, claim: () => boolean): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    if (claim()) return;
    if (agents.at(-1)?.process.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not seen: ${what}\n${agents.at(-1)?.said().slice(-3000)}`);
}

function fill(): void {
  for (let at = 0; at < 200; at += 1) {
    try {
      writeFileSync(join(folder, 'state', `ballast-${at}`), Buffer.alloc(4096));
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
      rmSync(join(folder, 'state', `ballast-${at}`), { force: true });
      return;
    }
  }
  throw new Error('the disk does not fill');
}

function empty(): void {
  for (let at = 0; at < 200; at += 1) rmSync(join(folder, 'state', `ballast-${at}`), { force: true });
}

function edit(from: string, to: string): void {
  const file = join(folder, 'node', CONF);
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, before.includes(from) ? before.replaceAll(from, to) : `${before}${to}\n`);
}

const count = (text: string, what: string) => text.split(what).length - 1;

test('on a full state disk the agent starts, judges and stops; its canaries prove the watch when there is room again', {
  timeout: TEST_MS,
}, async () => {
  fill();
  const agent = start();
  await until('the initial scan', () => agent.said().includes('"scan.initial"'));
  await until('the problem is said', () => agent.said().includes('ENOSPC'));
  edit('no such text', 'TLS_Protocols = "+ALL"');
  await until('a change is judged', () => count(agent.said(), '"why":"change"') > 0);
  const canary = join(folder, 'state/canary/files');
  empty();
  await until('a canary is written again', () => existsSync(canary) && statSync(canary).size > 0);
  fill();
  const before = count(agent.said(), '"why":"change"');
  edit('TLS_Protocols = "+ALL"', 'TLS_Protocols = "+ALL:-SSLv2"');
  await until(
    'a change is judged on the disk that is full again',
    () => count(agent.said(), '"why":"change"') > before,
  );
  agent.process.kill('SIGTERM');
  expect(await agent.ended).toBe(0);
});

test('a second agent on one state folder refuses, and names the first', { timeout: TEST_MS }, async () => {
  const first = start();
  await until('the initial scan', () => first.said().includes('"scan.initial"'));
  const second = start();
  expect(await second.ended).toBe(1);
  expect(second.said()).toContain('CAS_AGENT_RUNNING');
  expect(second.said()).toContain(`process ${first.process.pid}`);
  first.process.kill('SIGKILL');
  await first.ended;
  const third = start();
  await until('the lock of a dead one is taken over', () => third.said().includes('"scan.initial"'));
  third.process.kill('SIGTERM');
  expect(await third.ended).toBe(0);
  expect(existsSync(join(folder, 'state/agent.lock'))).toBe(false);
});
