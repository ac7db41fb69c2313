import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const SERVER = join(REPOSITORY, 'packages/server/bin/castellan-server.js');
const AGENT = join(REPOSITORY, 'packages/agent/bin/castellan-agent.js');
const START_MS = 30_000;
const STOP_MS = 10_000;

export type ProgramName = 'server' | 'agent';
const PATHS: Readonly<Record<ProgramName, string>> = { server: SERVER, agent: AGENT };

/** A command line as a person would type it in this folder. */
export function typed(name: ProgramName): string {
  return `node packages/${name}/bin/castellan-${name}.js`;
}

/** Settings of whoever starts the demo must not reach what it starts. */
function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('CASTELLAN_'),
  );
  return { ...Object.fromEntries(own), ...more };
}

/** Runs one of Castellan's programs to its end. Throws with what it said when it fails. */
export function runProgram(name: ProgramName, args: readonly string[], stdin = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PATHS[name], ...args], {
      env: environment(),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve(stdout)
        : reject(new Error(`castellan-${name} ${args.join(' ')} ended with ${code}: ${stderr.trim()}`)),
    );
    child.stdin.end(stdin);
  });
}

/** A program that keeps running. Its log goes to a file; `stop` waits for its end. */
export class RunningProgram {
  readonly #ended: Promise<number | null>;

  private constructor(
    readonly name: ProgramName,
    private readonly child: ChildProcess,
    readonly logFile: string,
  ) {
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code) => resolve(code));
      child.once('error', () => resolve(null));
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`castellan-${this.name} did not start`);
    return this.child.pid;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** `more` goes on top of this process's own environment. */
  static start(
    name: ProgramName,
    args: readonly string[],
    logFile: string,
    more: Readonly<Record<string, string>> = {},
  ): RunningProgram {
    const child = spawn(process.execPath, [PATHS[name], ...args], {
      env: environment(more),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => appendFileSync(logFile, chunk));
    return new RunningProgram(name, child, logFile);
  }

  /** Waits for the line of its log in which `find` sees what it looks for. */
  async line<T>(find: (line: string) => T | null): Promise<T> {
    let log = '';
    return new Promise<T>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`castellan-${this.name} ${why}: ${log.trim()}`));
      const timer = setTimeout(() => fail(`was not ready in ${START_MS} ms`), START_MS);
      void this.#ended.then((code) => fail(`ended with ${code}`));
      this.child.stderr?.on('data', (chunk: Buffer) => {
        log += chunk.toString('utf8');
        const found =
          log
            .split('\n')
            .map(find)
            .find((one) => one !== null) ?? null;
        if (found === null) return;
        clearTimeout(timer);
        this.child.stderr
          ?.removeAllListeners('data')
          .on('data', (later: Buffer) => appendFileSync(this.logFile, later));
        resolve(found);
      });
    });
  }

  /** With SIGKILL it has no time to put anything away. Its exit code; null: a signal ended it, perhaps because it was slow. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    if (this.hasEnded) return this.#ended;
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    const code = await this.#ended;
    clearTimeout(timer);
    return code;
  }
}
