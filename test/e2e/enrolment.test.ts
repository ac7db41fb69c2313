import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, connectedAgent, enrol } from '../../packages/server/testing/agent.js';
import type { Fleet } from '../standin/dist/demo/fleet.js';
import type { Page } from '../standin/dist/demo/rest.js';
import { type Ended, newToken, startServerOnly, typed } from './fleet.js';

let server: Fleet;
let other: Fleet;
beforeAll(async () => {
  [server, other] = await Promise.all([startServerOnly(), startServerOnly()]);
});
afterAll(async () => {
  await Promise.all([server, other].map((one) => one.stop({ keep: false })));
});

interface Attempt extends Ended {
  readonly state: string;
}

/** `castellan-agent enroll` on a host that has an empty state folder, or the one of an attempt before. */
async function enroll(
  token: string,
  options: { state?: string; url?: string; name?: string } = {},
): Promise<Attempt> {
  const folder = mkdtempSync(join(server.dir, 'host-'));
  const state = options.state ?? join(folder, 'state');
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });
  const ended = await typed('agent', [
    'enroll',
    '--server',
    options.url ?? server.agentsUrl,
    '--token-file',
    tokenFile,
    '--name',
    options.name ?? 'mta1.example.com',
    '--state',
    state,
  ]);
  return { ...ended, state };
}

const names = async (): Promise<string[]> =>
  (await server.rest.get<Page<{ name: string }>>('/nodes')).items.map(({ name }) => name).sort();

/** One line that names the error; not the token, and nothing that was not there before. */
function isRefused(attempt: Attempt, exit: number, code: string, token: string): void {
  expect([attempt.code, attempt.stdout]).toEqual([exit, '']);
  expect(attempt.stderr).toMatch(new RegExp(`^castellan-agent: .*\\(${code}\\)\\n$`));
  const [, , secret = token] = token.split('.');
  if (secret !== '') expect(attempt.stderr).not.toContain(secret);
  expect(existsSync(join(attempt.state, 'identity'))).toBe(false);
}

test('a token lets one node in, once', async () => {
  const token = await newToken(server);
  const first = await enroll(token, { name: 'once.example.com' });
  expect([first.code, first.stdout]).toEqual([0, '']);
  expect(first.stderr).toContain('Enrolled as once.example.com');
  const key = readFileSync(join(first.state, 'identity/key.pem'), 'utf8');

  const second = await enroll(token, { name: 'twice.example.com' });
  isRefused(second, 4, 'CAS_TOKEN_USED', token);

  const again = await enroll(await newToken(server), { state: first.state, name: 'once.example.com' });
  expect([again.code, again.stdout]).toEqual([1, '']);
  expect(again.stderr).toMatch(/enrolled already, as once\.example\.com.*\(CAS_CONFLICT\)/);
  expect(readFileSync(join(first.state, 'identity/key.pem'), 'utf8')).toBe(key);
  expect(await names()).toContain('once.example.com');
  expect(await names()).not.toContain('twice.example.com');
});

test('a token that has expired is refused', async () => {
  const created = await typed('server', [
    'token',
    'create',
    '--group',
    'mta',
    '--ttl',
    '1s',
    '--config',
    server.settingsFile,
  ]);
  expect(created.code).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const token = created.stdout.trim();
  isRefused(await enroll(token, { name: 'late.example.com' }), 4, 'CAS_TOKEN_EXPIRED', token);
  expect(await names()).not.toContain('late.example.com');
});

test.each([
  ['empty', async () => '', 2, 'CAS_TOKEN_MALFORMED'],
  ['no token at all', async () => '\u0000\u00ff; rm -rf "$HOME" ../../etc/passwd', 2, 'CAS_TOKEN_MALFORMED'],
  ['cut short', async () => (await newToken(server)).slice(0, -7), 2, 'CAS_TOKEN_MALFORMED'],
  [
    'of the right shape but made up',
    async () => (await newToken(server)).replace(/\.[\w-]{43}\./, `.${'x'.repeat(43)}.`),
    4,
    'CAS_TOKEN_UNKNOWN',
  ],
  ['of another server', () => newToken(other), 4, 'CAS_SERVER_NOT_TRUSTED'],
])('a token that is %s is refused', async (_name, tokenOf, exit, code) => {
  const token = await tokenOf();
  isRefused(await enroll(token, { name: 'stranger.example.com' }), exit, code, token);
  expect(await names()).not.toContain('stranger.example.com');
});

test('a server that does not answer is told as such, and the token stays good', async () => {
  const token = await newToken(server);
  isRefused(await enroll(token, { url: 'https://127.0.0.1:9' }), 7, 'CAS_UNAVAILABLE', token);
  expect((await enroll(token, { name: 'later.example.com' })).code).toBe(0);
});

test("a client certificate of another server's authority is refused at the agent listener", async () => {
  const ours = (await enrol(server, await newToken(server), { name: 'ours.example.com' })).enrolled;
  const theirs = (await enrol(other, await newToken(other), { name: 'ours.example.com' })).enrolled;
  const { url, authority } = ours;
  const { certificate, keyPem } = theirs;
  expect(await connect({ url, authority, certificate, keyPem })).toMatchObject({
    status: 401,
    body: { code: 'CAS_CERT_UNKNOWN_CA' },
  });
  expect(await connect({ url, authority })).toMatchObject({
    status: 401,
    body: { code: 'CAS_CERT_MISSING' },
  });
  await (await connectedAgent(ours)).close();
  await (await connectedAgent(theirs)).close();
});
