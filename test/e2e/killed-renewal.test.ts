import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { APACHE, pairOnDisk, servedFingerprint } from './served-pair.js';

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '../..');
const AGENT = join(REPOSITORY, 'packages/agent/bin/castellan-agent.js');
const LAY = join(REPOSITORY, 'test/standin/dist/lay/main.js');
const RECOVERED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

interface Node {
  readonly root: string;
  readonly state: string;
  readonly port: number;
}

let cleanUp: (() => void)[] = [];

afterEach(() => {
  for (const undo of cleanUp.reverse()) undo();
  cleanUp = [];
});

/** A stand-in node whose ecconfigd runs with an expired certificate. */
function layNode(): Node {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-killed-'));
  const root = join(folder, 'node');
  const args = [LAY, root, '--fault', 'ecconfigd-certificate-expired', '--start'];
  const laid: { ports: { ecconfigd: number } } = JSON.parse(
    execFileSync(process.execPath, args, { encoding: 'utf8' }),
  );
  cleanUp.push(() => {
    for (const service of ['ecwebconsole', 'ecelerity', 'ecconfigd', 'msyspg']) {
      execFileSync(join(root, 'etc/init.d', service), ['stop'], { stdio: 'ignore' });
    }
    rmSync(folder, { recursive: true });
  });
  return { root, state: join(folder, 'state'), port: laid.ports.ecconfigd };
}

function renewal({ root, state }: Node): string[] {
  return [
    AGENT,
    'apply',
    'certificate-renew',
    '--root',
    root,
    '--state',
    state,
    '--set',
    'service=ecconfigd',
    '--yes',
  ];
}

/** Kills the renewal, and nothing that it started, as soon as it says what is waited for. */
function killAt(node: Node, line: string): Promise<NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, renewal(node), { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes(line)) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (_code, signal) => resolve(signal));
  });
}

function journalOf({ state }: Node): string {
  const folder = join(state, 'journal');
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}

function backupsOf({ state }: Node): string[] {
  const folder = join(state, 'backups');
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** The agent as systemd starts it again: it looks after what was cut off before anything else. */
async function startAgain(node: Node): Promise<void> {
  const settings = join(dirname(node.state), 'agent.yaml');
  writeFileSync(settings, `version: 1\nroot: ${node.root}\nlive: true\nstate: ${node.state}\n`);
  const daemon: ChildProcess = spawn(process.execPath, [AGENT, 'run', '--config', settings], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => daemon.on('close', resolve));
  const deadlineMs = Date.now() + RECOVERED_WITHIN_MS;
  while (!journalOf(node).includes('"t":"closed"') && Date.now() < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  daemon.kill('SIGTERM');
  await ended;
}

test.each([
  ['before anything was replaced', 'Renew the certificate'],
  ['when key and certificate were replaced and the service was not restarted', 'replaced /var/ecconfigd'],
  ['when the service had been restarted and nobody had looked yet', 'restart of ecconfigd'],
])(
  'a renewal that is killed %s is put right by the next start, and works when it is asked for again',
  { timeout: 180_000 },
  async (_when, line) => {
    const node = layNode();
    const before = pairOnDisk(node.root);
    expect(await killAt(node, line)).toBe('SIGKILL');
    // On a machine that is slow to kill the last of these may be over: then it must stay so.
    const isOver = journalOf(node).includes('"t":"closed"');

    await startAgain(node);
    const recovered = pairOnDisk(node.root);
    expect(recovered.isPair).toBe(true);
    if (!isOver) expect(recovered.text).toBe(before.text);
    expect(await servedFingerprint(node.port)).toBe(recovered.certificate.fingerprint256);
    expect(readdirSync(join(node.root, APACHE)).filter((name) => name.includes('castellan'))).toEqual([]);
    expect(backupsOf(node)).toEqual([]);

    if (!isOver) await promisify(execFile)(process.execPath, renewal(node));
    const renewed = pairOnDisk(node.root);
    expect(renewed.isPair).toBe(true);
    expect(Date.parse(renewed.certificate.validTo)).toBeGreaterThan(Date.now());
    expect(await servedFingerprint(node.port)).toBe(renewed.certificate.fingerprint256);
  },
);
