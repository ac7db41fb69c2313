import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckReport } from '@castellan/shared/model/check-report';
import { worstOf } from '../nodes/node.js';
import { DAY_MS, selfSigned } from '../standin/src/lay/certificates.js';
import type { FaultName } from '../standin/src/lay/faults/index.js';
import { layNode } from '../standin/src/lay/node.js';
import type { NodeSettings } from '../standin/src/lay/options.js';
import { startNode, stopNode } from '../standin/src/running/start-node.js';

const AGENT = join(dirname(fileURLToPath(import.meta.url)), '../../packages/agent/bin/castellan-agent.js');
const NAME = 'mta1.example.com';
/** A program that does not end is a failure of its own. */
const PROGRAM_MS = 120_000;

export const ECUSER = { uid: 7100, gid: 7100 };
export const MSYSPG = { uid: 7101, gid: 7101 };
/** A user of this host who has no business with Momentum. */
export const STRANGER = { uid: 65534, gid: 65534 };

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program of this host to its end, in a folder that no pull takes away. */
export function run(
  program: string,
  args: readonly string[],
  { stdin = '', env = {} }: RunOptions = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      cwd: '/',
      env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', HOME: '/', NO_COLOR: '1', ...env },
      timeout: PROGRAM_MS,
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString('utf8')));
    child.on('error', reject);
    // Not `close`: a daemon that a program leaves behind keeps the pipes.
    child.on('exit', (code) => setTimeout(() => resolve({ code: code ?? 128, ...said }), 100));
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(stdin);
  });
}

/** As somebody else, without any further group: what the system permits, not what modes seem to say. */
export function runAs({ uid, gid }: RunAs, program: string, args: readonly string[]): Promise<Ran> {
  return run('setpriv', [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--inh-caps=-all',
    program,
    ...args,
  ]);
}

export interface Place {
  readonly uid: number;
  readonly gid: number;
  readonly mode: string;
}

/** A stand-in node whose services are Debian's programs, and the built agent on it. */
export class RealNode {
  private constructor(
    private readonly folder: string,
    readonly root: string,
    readonly settings: NodeSettings,
  ) {}

  /** Laid, not started: a test may still plant something. */
  static async lay(faults: readonly FaultName[] = []): Promise<RealNode> {
    const folder = mkdtempSync(join(tmpdir(), 'castellan-real-'));
    // The services run as users of their own, who must get through.
    chmodSync(folder, 0o755);
    const { dir, settings } = await layNode(join(folder, 'node'), { name: NAME, faults, real: true });
    return new RealNode(folder, dir, settings);
  }

  start(): Promise<void> {
    return startNode(this.root);
  }

  async remove(): Promise<void> {
    await stopNode(this.root);
    rmSync(this.folder, { recursive: true });
  }

  at(path: string): string {
    return join(this.root, path);
  }

  text(path: string): string {
    return readFileSync(this.at(path), 'utf8');
  }

  /** Keeps owner and mode. */
  write(path: string, text: string): void {
    writeFileSync(this.at(path), text);
  }

  certificate(path: string): X509Certificate {
    return new X509Certificate(this.text(path));
  }

  access(path: string): Place {
    const { uid, gid, mode } = lstatSync(this.at(path));
    return { uid, gid, mode: (mode & 0o7777).toString(8).padStart(4, '0') };
  }

  /** A pair whose year is over, in the place of the one that was laid. */
  expire(pair: string): void {
    const now = Date.now();
    const { keyPem, certificatePem } = selfSigned({
      hostname: NAME,
      notBefore: new Date(now - 374 * DAY_MS),
      notAfter: new Date(now - 9 * DAY_MS),
    });
    this.write(`${pair}.key`, keyPem);
    this.write(`${pair}.crt`, certificatePem);
  }

  get state(): string {
    return join(this.folder, 'state');
  }

  /** A program of the node. */
  program(path: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return run(this.at(path), args, options);
  }

  agent(args: readonly string[]): Promise<Ran> {
    return run(process.execPath, [AGENT, ...args]);
  }

  plan(slug: string, args: readonly string[] = []): Promise<Ran> {
    return this.agent(['plan', slug, '--root', this.root, '--live', '--format', 'json', ...args]);
  }

  apply(slug: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Ran> {
    const [program = '', ...argv] = this.applyArgv(slug, args);
    return run(program, argv, options);
  }

  applyArgv(slug: string, args: readonly string[]): string[] {
    const where = ['--root', this.root, '--state', this.state];
    return [process.execPath, AGENT, 'apply', slug, ...where, '--yes', ...args];
  }

  /** The worst status of each control, as `check --live` says it. */
  async statuses(): Promise<Readonly<Record<string, string>>> {
    const { stdout, stderr } = await this.agent(['check', '--root', this.root, '--live', '--format', 'json']);
    if (stdout === '') throw new Error(stderr);
    const report: CheckReport = JSON.parse(stdout);
    const controls = new Set(report.verdicts.map(({ control }) => control));
    const worst = (control: string) => worstOf(report.verdicts.filter((one) => one.control === control));
    return Object.fromEntries([...controls].map((control) => [control, worst(control) ?? '']));
  }
}

/** What a listener shows, asked by OpenSSL and not by the agent's own handshake. */
export async function served(port: number, starttls?: 'postgres' | 'smtp'): Promise<X509Certificate> {
  const { stdout, stderr } = await run('openssl', [
    's_client',
    '-connect',
    `127.0.0.1:${port}`,
    '-servername',
    NAME,
    ...(starttls === undefined ? [] : ['-starttls', starttls]),
  ]);
  const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(stdout)?.[0];
  if (pem === undefined) throw new Error(`127.0.0.1:${port} shows no certificate: ${stderr}`);
  return new X509Certificate(pem);
}
