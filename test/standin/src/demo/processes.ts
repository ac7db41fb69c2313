import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

const STOP_MS = 8_000;

/** A program of ours that the demo started. Its stderr goes to a log file. */
export interface Started {
  readonly child: ChildProcess;
  /** Resolves with the first line of stderr that holds the text, or rejects when the program ends or the time is up. */
  line(text: string, withinMs: number): Promise<string>;
  stop(): Promise<void>;
}

export function start(
  argv: readonly string[],
  logFile: string,
  env: Readonly<Record<string, string>> = {},
): Started {
  const child = spawn(process.execPath, [...argv], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  let rest = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    appendFileSync(logFile, chunk);
    const parts = (rest + chunk.toString('utf8')).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    for (const listener of listeners) listener();
  });
  return {
    child,
    line: (text, withinMs) =>
      new Promise((resolve, reject) => {
        const finish = (act: () => void) => {
          clearTimeout(timer);
          listeners.delete(look);
          act();
        };
        const look = () => {
          const found = lines.find((line) => line.includes(text));
          if (found !== undefined) finish(() => resolve(found));
        };
        const timer = setTimeout(
          () =>
            finish(() =>
              reject(new Error(`${argv[0]} did not say "${text}" in ${withinMs} ms; see ${logFile}`)),
            ),
          withinMs,
        );
        listeners.add(look);
        child.once('exit', (code) =>
          finish(() =>
            reject(new Error(`${argv[0]} ended with ${code}; see ${logFile}: ${lines.slice(-3).join(' ')}`)),
          ),
        );
        look();
      }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
