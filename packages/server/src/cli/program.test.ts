import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { castellanServer, spawnServer, writeSettings } from '../../testing/process.js';
import { PASSWORD, temporaryFolder } from '../../testing/server.js';
import { openDatabase } from '../store/open.js';
import { parseDuration } from './tokens.js';

const PROGRAM = resolve(import.meta.dirname, '../../bin/castellan-server.js');

function run(args: readonly string[], input = '', env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    input,
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

test.each([
  ['90s', 90],
  ['30m', 1800],
  ['1h', 3600],
  ['7d', 604800],
])('%s is %i seconds', (text, seconds) => expect(parseDuration(text)).toBe(seconds));
test.each(['', '1', 'h', '-1h', '1w', '1.5h'])('"%s" is no duration', (text) =>
  expect(() => parseDuration(text)).toThrow('not a duration'),
);

test('the first admin comes from a file, and signs in; the master key is a 0600 file', async () => {
  const folder = temporaryFolder();
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${PASSWORD}\n`);
  const server = await spawnServer(writeSettings(folder), {
    CASTELLAN_BOOTSTRAP_ADMIN_PASSWORD_FILE: passwordFile,
  });
  const answer = await fetch(`${server.peopleUrl}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-castellan-csrf': '1' },
    body: JSON.stringify({ name: 'admin', password: PASSWORD }),
  });
  expect(answer.status).toBe(200);
  expect(statSync(join(folder, 'data/master.key')).mode & 0o777).toBe(0o600);
  expect(server.log()).toContain('master.key');
  expect(await server.end('SIGTERM')).toBe(0);
  expect(server.log()).not.toContain(PASSWORD);
});

test('a backup is a whole database that others cannot read; it never overwrites', async () => {
  const folder = temporaryFolder();
  const config = ['--config', writeSettings(folder)];
  castellanServer(['token', 'create', '--group', 'mta', ...config]);
  const file = join(folder, 'backup.db');
  castellanServer(['backup', file, ...config]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const copy = await openDatabase(file);
  expect(await copy.writer('tokens')).toHaveLength(1);
  await copy.close();
  expect(run(['backup', file, ...config])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('never overwrites'),
  });
});

test('a target has the secret of the file, or one that is printed once; its name is taken once', async () => {
  const folder = temporaryFolder();
  const config = ['--config', writeSettings(folder)];
  const secretFile = join(folder, 'secret');
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  writeFileSync(secretFile, `${secret}\n`);
  const create = (name: string, ...more: string[]) =>
    run(['target', 'create', name, '--url', 'http://127.0.0.1:9/page', ...more, ...config]);
  const given = create('pager', '--secret-file', secretFile);
  expect([given.status, given.stdout, given.stderr.includes(secret)]).toEqual([0, '', false]);
  expect(create('pager').stderr).toContain('CAS_CONFLICT');
  expect(create('chat').stdout).toMatch(/^whsec_[A-Za-z0-9+/]{43}=\n$/);
  writeFileSync(secretFile, 'whsec_short');
  expect(create('mail', '--secret-file', secretFile)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('secret'),
  });
  const database = await openDatabase(join(folder, 'data/castellan.db'));
  expect(await database.writer('targets').orderBy('name').pluck('name')).toEqual(['chat', 'pager']);
  await database.close();
});

test('targets of any kind come from files, are listed without their secrets, tested and removed', async () => {
  const folder = temporaryFolder();
  const config = ['--config', writeSettings(folder)];
  const file = (name: string, value: unknown) => {
    writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
    return join(folder, name);
  };
  const mail = {
    host: '127.0.0.1',
    port: 9,
    tls: 'none',
    from: 'castellan@example.com',
    to: ['oncall@example.com'],
    user: 'castellan',
  };
  const create = (name: string, settings: unknown, secrets: unknown) =>
    run([
      ...['target', 'create', name, '--kind', 'email', '--severity-min', 'high'],
      ...[
        '--settings-file',
        file('settings.json', settings),
        '--secrets-file',
        file('secrets.json', secrets),
      ],
      ...config,
    ]);
  expect(create('mail', mail, { password: 'geheim' })).toMatchObject({ status: 0, stdout: '' });
  expect(create('wrong', { ...mail, to: [] }, {})).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('to'),
  });
  for (const broken of ['{geheim', '["geheim"]']) {
    const { status, stderr } = create('wrong', mail, broken);
    expect([status, stderr.includes('geheim')]).toEqual([2, false]);
  }
  const json = run(['target', 'list', '--json', ...config]).stdout;
  expect(JSON.parse(json)).toMatchObject([
    { name: 'mail', kind: 'email', severityMin: 'high', settings: mail, health: { state: 'unknown' } },
  ]);
  expect(json).not.toContain('geheim');
  expect(run(['target', 'list', ...config]).stdout).toMatch(/^NAME +KIND.*\nmail +email +high +unknown/);
  expect(JSON.parse(run(['target', 'kinds', ...config]).stdout)).toContainEqual(
    expect.objectContaining({ kind: 'pagerduty', settings: expect.anything() }),
  );
  expect(run(['target', 'test', 'mail', ...config])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('CAS_TARGET_FAILED'),
  });
  expect(run(['target', 'remove', 'mail', ...config]).status).toBe(0);
  expect(run(['target', 'remove', 'mail', ...config]).stderr).toContain('CAS_NOT_FOUND');
});

test('the audit holds, and shows where somebody changed it', async () => {
  const folder = temporaryFolder();
  const config = ['--config', writeSettings(folder)];
  for (const group of ['a', 'b', 'c']) castellanServer(['token', 'create', '--group', group, ...config]);
  expect(run(['token', 'create', '--group', 'no good', ...config]).status).toBe(2);
  expect(JSON.parse(castellanServer(['audit', 'verify', ...config]))).toMatchObject({
    rows: 4,
    brokenAt: null,
  });
  const { writer: db, close } = await openDatabase(join(folder, 'data/castellan.db'));
  await expect(db('audit').where({ seq: 2 }).update({ actor: 'nobody' })).rejects.toThrow('never changed');
  await expect(db('audit').where({ seq: 2 }).delete()).rejects.toThrow('never deleted');
  await db.raw('drop trigger audit_no_update');
  await db('audit').where({ seq: 2 }).update({ actor: 'nobody' });
  await close();
  const broken = run(['audit', 'verify', ...config]);
  expect([broken.status, JSON.parse(broken.stdout)]).toMatchObject([1, { rows: 1, brokenAt: 2 }]);
});

test.each([
  ['an unknown key', 'colour: red\n', 'colour'],
  ['a value out of its range', 'heartbeatMs: 1\n', 'heartbeatMs'],
  ['a mistake in the YAML', 'log: {\n', 'server.yaml'],
])('settings with %s refuse the start and say where', (_name, extra, where) => {
  const folder = temporaryFolder();
  const refused = run(['serve', '--config', writeSettings(folder, extra)]);
  expect([refused.status, refused.stdout]).toEqual([2, '']);
  expect(refused.stderr).toContain(where);
  expect(existsSync(join(folder, 'data'))).toBe(false);
});

test('each setting says where it came from', () => {
  const settings = writeSettings(temporaryFolder());
  const text = castellanServer(['config', 'print', '--origin', '--config', settings], {
    env: { CASTELLAN_PEOPLE_PORT: '8123' },
  });
  expect(text).toContain('people.port: 8123    # environment CASTELLAN_PEOPLE_PORT');
  expect(text).toContain('heartbeatMs: 30000    # default');
  expect(text).toContain(`webhook.allowPrivate: true    # file ${settings}`);
});

test.each([
  ['a short password', ['user', 'create', 'bob', '--role', 'viewer'], 'short', 2],
  ['an unknown role', ['user', 'create', 'bob', '--role', 'king'], PASSWORD, 2],
  ['an unknown command', ['destroy'], '', 2],
  ['a missing option', ['token', 'create'], '', 2],
])('%s is refused', (_name, args, input, status) => {
  const settings = writeSettings(temporaryFolder());
  expect(run(args[0] === 'destroy' ? args : [...args, '--config', settings], input).status).toBe(status);
});

test('a database that was sealed with another master key is refused in plain words', () => {
  const settings = writeSettings(temporaryFolder());
  castellanServer(['token', 'create', '--group', 'mta', '--config', settings], {
    env: { CASTELLAN_MASTER_KEY: 'a'.repeat(32) },
  });
  const refused = run(['token', 'create', '--group', 'mta', '--config', settings], '', {
    CASTELLAN_MASTER_KEY: 'b'.repeat(32),
  });
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('master key') });
});

test('a port that is taken ends the start with what to do', async () => {
  const first = await spawnServer(writeSettings(temporaryFolder()));
  const port = new URL(first.agentsUrl).port;
  const refused = run(['serve', '--config', writeSettings(temporaryFolder())], '', {
    CASTELLAN_AGENTS_PORT: port,
  });
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('choose another port') });
});

test('help is data, and has examples', () => {
  const help = run(['--help']);
  expect([help.status, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toContain('Examples:');
  expect(run(['--version']).stdout.trim()).toBe(
    (
      JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8')) as {
        version: string;
      }
    ).version,
  );
});

test('searches are read as Lucene reads them, a line each; one that cannot be read ends with 2', () => {
  const lines = readFileSync(
    resolve(import.meta.dirname, '../../../shared/src/search/cases/lucene-3.6.2.jsonl'),
    'utf8',
  ).trimEnd();
  const known = lines.split('\n').map((line) => JSON.parse(line) as { readonly q: string });
  const read = run(['query', 'parse', '--stdin'], known.map(({ q }) => `${q}\n`).join(''));
  const differing = read.stdout
    .trimEnd()
    .split('\n')
    .filter((line, at) => line !== JSON.stringify(known[at]))
    .map((line) => (JSON.parse(line) as { readonly q: string }).q);
  expect([read.status, differing]).toEqual([2, ['! a', 'a - b']]);
  expect(run(['query', 'parse', '-a'])).toMatchObject({
    status: 0,
    stdout: '{"q":"-a","ast":{"bool":[{"o":"-","q":{"k":"term","f":"","v":"a"}}]}}\n',
  });
  expect(run(['query', 'parse', 'a AND']).status).toBe(2);
  expect(run(['query', 'parse']).status).toBe(2);
});
