import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeSettings } from '../../testing/process.js';
import { eventually, startTestServer, temporaryFolder } from '../../testing/server.js';

const PROGRAM = resolve(import.meta.dirname, '../../bin/castellan-server.js');
/** A shell whose files are everybody's, unless a program says otherwise. */
const OPEN = ['-c', 'umask 000; exec "$@"', 'sh', process.execPath, PROGRAM];

/** Files below the folder that anybody but their owner can read or write. */
function openFilesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => {
      const stat = statSync(join(folder, name));
      return stat.isFile() && (stat.mode & 0o077) !== 0;
    });
}

test('under a umask of 000, in a folder that was there and is open, every file of serve, backup and restore is 0600', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o755 });
  chmodSync(data, 0o755);
  const settings = writeSettings(folder);
  const copies = join(folder, 'copies');
  mkdirSync(copies);
  const run = (...args: string[]) =>
    execFileSync('/bin/sh', [...OPEN, ...args, '--config', settings], { stdio: 'pipe', input: '' });
  const server = spawn('/bin/sh', [...OPEN, 'serve', '--config', settings], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  let log = '';
  server.stderr.on('data', (chunk) => {
    log += String(chunk);
  });
  await eventually(() => log.includes('server.ready'), 'the server');
  run('token', 'create', '--group', 'mta');
  expect(readdirSync(data)).toContain('castellan.db-wal');
  expect(openFilesIn(data)).toEqual([]);
  run('backup', join(copies, 'backup.db'));
  const ended = new Promise((done) => server.once('exit', done));
  server.kill('SIGTERM');
  await ended;
  chmodSync(join(copies, 'backup.db'), 0o644);
  run('restore', join(copies, 'backup.db'));
  expect(openFilesIn(data)).toEqual([]);
  expect(readdirSync(data).length).toBeGreaterThan(3);
});

test('a server that a program starts keeps its files as closed, those that were open too', async () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'castellan.db'), '', { mode: 0o644 });
  const server = await startTestServer({ folder });
  await server.ctx.store.backup(join(folder, 'backup.db'));
  expect(readdirSync(folder)).toContain('castellan.db-wal');
  expect(openFilesIn(folder)).toEqual([]);
});
