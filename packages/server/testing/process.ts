import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

const PROGRAM = resolve(import.meta.dirname, '../bin/castellan-server.js');

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly peopleUrl: string;
  readonly agentsUrl: string;
  readonly log: () => string;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

export function writeSettings(folder: string, extra = ''): string {
  const file = join(folder, 'server.yaml');
  const agents = 'agents: { host: 127.0.0.1, port: 0, hostnames: [localhost, 127.0.0.1] }';
  writeFileSync(
    file,
    `version: 1\ndata: ${join(folder, 'data')}\npeople: { host: 127.0.0.1, port: 0 }\n${agents}\nwebhook: { allowPrivate: true }\n${extra}`,
  );
  return file;
}

/** The command line as a person runs it; the result is its stdout. */
export function castellanServer(
  args: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): string {
  if (!existsSync(resolve(PROGRAM, '../../dist/bundle/main.js')))
    throw new Error('the server is not built: run "npm run build"');
  const env = { ...process.env, ...options.env };
  return execFileSync(process.execPath, [PROGRAM, ...args], {
    input: options.input ?? '',
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 20_000,
  }).toString();
}

/** A real server process, up and listening. */
export async function spawnServer(
  settingsFile: string,
  env: Record<string, string> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--config', settingsFile], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  let log = '';
  const ready = await new Promise<{ people: string; agents: string }>((done, fail) => {
    child.stderr?.on('data', (chunk) => {
      log += String(chunk);
      const line = log.split('\n').find((text) => text.includes('"server.ready"'));
      if (line) done(JSON.parse(line) as { people: string; agents: string });
    });
    void ended.then((code) => fail(new Error(`the server ended with ${code}: ${log}`)));
  });
  return {
    child,
    peopleUrl: ready.people,
    agentsUrl: ready.agents,
    log: () => log,
    async end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
