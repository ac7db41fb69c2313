import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { APACHE, pairOnDisk, servedFingerprint } from './served-pair.js';

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '../..');
const AGENT = join(REPOSITORY, 'packages/agent/bin/castellan-agent.js');
const LAY = join(REPOSITORY, 'test/standin/dist/lay/main.js');
/** Only how long a test waits before it gives up. */
const PATIENCE_MS = 100_000;
const TEST_MS = 400_000;
const BLOCK = 4096;
/** What a renewal writes takes fewer blocks than this; with so many free ones it must pass. */
const BLOCKS_MAX = 24;

let folder: string;
let mounts: string[] = [];
let started: string | null = null;
let agent: ChildProcess | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-node-disk-'));
  chmodSync(folder, 0o755);
});
afterEach(async () => {
  if (agent && agent.exitCode === null) {
    const ended = new Promise((resolve) => agent?.once('close', resolve));
    agent.kill('SIGKILL');
    await ended;
  }
  agent = null;
  if (started !== null)
    for (const service of ['ecwebconsole', 'ecelerity', 'ecconfigd', 'msyspg'])
      execFileSync(join(started, 'etc/init.d', service), ['stop'], { stdio: 'ignore' });
  started = null;
  for (const mount of mounts.reverse()) execFileSync('umount', [mount]);
  mounts = [];
  rmSync(folder, { recursive: true });
});

function mounted(name: string, options: string): string {
  const at = join(folder, name);
  mkdirSync(at, { recursive: true, mode: 0o755 });
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at]);
  mounts.push(at);
  return at;
}

/** So many blocks stay free. */
function leave(disk: string, blocks: number): void {
  rmSync(join(disk, 'ballast'), { force: true });
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize - blocks * BLOCK, 1));
}

function ours(at: string): string[] {
  return readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes('.castellan-'),
  );
}

test("a node's disk that is full at any write leaves the pair, and what is served, as before or as after, and says which", {
  timeout: TEST_MS,
}, async () => {
  const root = join(mounted('disk', 'size=48m,mode=0755'), 'node');
  const laid: { ports: { ecconfigd: number } } = JSON.parse(
    execFileSync(process.execPath, [LAY, root, '--fault', 'ecconfigd-certificate-expired', '--start'], {
      encoding: 'utf8',
    }),
  );
  started = root;
  const before = pairOnDisk(root);
  const ends: string[] = [];
  for (let blocks = 0; blocks <= BLOCKS_MAX && ends.at(-1) !== 'done'; blocks += 1) {
    leave(dirname(root), blocks);
    const state = join(folder, `state-${blocks}`);
    const argv = ['--root', root, '--state', state, '--set', 'service=ecconfigd', '--yes'];
    const said = await promisify(execFile)(process.execPath, [
      AGENT,
      'apply',
      'certificate-renew',
      ...argv,
    ]).then(
      ({ stderr }) => stderr,
      (error: { stderr: string }) => error.stderr,
    );
    rmSync(join(dirname(root), 'ballast'), { force: true });
    const end =
      [...said.matchAll(/\b(done|rolledBack|rollbackFailed|refused|stale) /g)].at(-1)?.[1] ?? 'refused';
    ends.push(end);
    const now = pairOnDisk(root);
    expect([blocks, end, ours(join(root, APACHE, '..', '..'))]).toEqual([blocks, end, []]);
    expect([blocks, end, said, now.isPair, now.certificate.fingerprint256]).toEqual([
      blocks,
      end,
      said,
      true,
      await servedFingerprint(laid.ports.ecconfigd),
    ]);
    expect([blocks, said, now.text === before.text]).toEqual([blocks, said, end !== 'done']);
    if (end === 'rolledBack') expect(said).toMatch(/ENOSPC|no space|ended with|did not/i);
  }
  expect(ends[0]).not.toBe('done');
  expect(ends.at(-1)).toBe('done');
});

test.each([
  ['EROFS', 'a state folder that is mounted read-only'],
  ['ENOTDIR', 'a state folder in whose place a file is'],
])(
  '%s: with %s the agent looks, says so, carries nothing out, and ends at the first SIGTERM',
  {
    timeout: TEST_MS,
  },
  async (code) => {
    const root = join(folder, 'node');
    execFileSync(process.execPath, [LAY, root, '--fault', 'ecconfigd-certificate-expired', '--start']);
    started = root;
    let state = join(folder, 'file');
    if (code === 'EROFS') {
      state = mounted('state', 'size=256k,mode=0700');
      execFileSync('mount', ['-o', 'remount,ro', state]);
    } else {
      writeFileSync(state, '');
      state = join(state, 'state');
    }
    const settings = join(folder, 'agent.yaml');
    writeFileSync(settings, `version: 1\nroot: ${root}\nstate: ${state}\n`);
    let said = '';
    const child = spawn(process.execPath, [AGENT, 'run', '--config', settings], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    agent = child;
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end && child.exitCode === null; ) {
      if (said.includes('"scan.initial"')) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(said).toContain(code);
    if (code === 'EROFS') expect(said).toContain('"scan.initial"');
    const before = pairOnDisk(root).text;
    const argv = ['--root', root, '--state', state, '--set', 'service=ecconfigd', '--yes'];
    const refused = await promisify(execFile)(process.execPath, [
      AGENT,
      'apply',
      'certificate-renew',
      ...argv,
    ]).then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => error,
    );
    expect(refused).toMatchObject({
      code: expect.any(Number),
      stderr: expect.stringContaining('CAS_STATE_UNUSABLE'),
    });
    expect(refused.code).not.toBe(0);
    expect(pairOnDisk(root).text).toBe(before);
    child.kill('SIGTERM');
    expect([await ended, said]).toEqual([code === 'EROFS' ? 0 : expect.any(Number), said]);
    expect(existsSync(join(state, 'journal'))).toBe(false);
  },
);
