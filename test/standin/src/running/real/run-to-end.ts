import { spawn } from 'node:child_process';
import type { Ids } from '../../lay/principals.js';

export interface Finished {
  readonly code: number;
  readonly output: string;
  readonly stdout: string;
}

export interface RunOptions {
  readonly as?: Ids;
  readonly cwd?: string;
  readonly stdin?: string;
}

/** Runs a program of this host, waits for it, and keeps what it said. A daemon that it leaves behind is not waited for. */
export function runToEnd(
  program: string,
  args: readonly string[],
  { as, cwd = '/', stdin = '' }: RunOptions = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const user = as === undefined || process.getuid?.() !== 0 ? {} : as;
    const child = spawn(program, [...args], {
      ...user,
      cwd,
      env: { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: '/' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8');
      output += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.on('error', (error) => resolve({ code: 127, output: error.message, stdout }));
    const DRAIN_MS = 200;
    child.on('exit', (code) => {
      const done = () => resolve({ code: code ?? 128, output: output.trim(), stdout });
      const timer = setTimeout(done, DRAIN_MS);
      child.on('close', () => {
        clearTimeout(timer);
        done();
      });
    });
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(stdin);
  });
}
