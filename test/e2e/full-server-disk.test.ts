import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connectedAgent, enrol, type TestAgent, transition } from '../../packages/server/testing/agent.js';
import { castellanServer, spawnServer, writeSettings } from '../../packages/server/testing/process.js';
import { eventually, temporaryFolder } from '../../packages/server/testing/server.js';

const PASSWORD = 'a password of the tests';
const CSRF = { 'content-type': 'application/json', 'x-castellan-csrf': '1' };

/** Until nothing more goes in, by ever smaller pieces. */
function fill(file: string): void {
  const handle = openSync(file, 'w');
  try {
    for (const bytes of [1024 * 1024, 4096, 1])
      for (;;) {
        try {
          writeSync(handle, Buffer.alloc(bytes));
        } catch {
          break;
        }
      }
  } finally {
    closeSync(handle);
  }
}

/** The highest number that was acknowledged; 0 for none. */
function upTo(agent: TestAgent): number {
  return Math.max(0, ...agent.inbox.map((message) => (message.type === 'ack' ? message.upTo : 0)));
}

test('a full disk of the server: nothing is acknowledged that is not stored, reads go on, and room heals it', {
  timeout: 300_000,
}, async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  mkdirSync(data);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=0700', 'tmpfs', data]);
  onTestFinished(() => void execFileSync('umount', ['-l', data]));
  const settings = writeSettings(folder);
  castellanServer(['user', 'create', 'admin', '--role', 'admin', '--config', settings], {
    env: { CASTELLAN_PASSWORD: PASSWORD },
  });
  const token = castellanServer(['token', 'create', '--group', 'mta', '--config', settings]).trim();
  const server = await spawnServer(settings);
  const node = (await enrol(server, token)).enrolled;
  const signIn = async () => {
    const answer = await fetch(`${server.peopleUrl}/api/v1/session`, {
      method: 'POST',
      headers: CSRF,
      body: JSON.stringify({ name: 'admin', password: PASSWORD }),
    });
    return { status: answer.status, cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
  };
  const { cookie } = await signIn();
  const get = (path: string) => fetch(`${server.peopleUrl}${path}`, { headers: { cookie } });
  const findings = async () =>
    ((await (await get('/api/v1/findings?limit=500')).json()) as { items: { subject: string }[] }).items;

  const before = await connectedAgent(node);
  for (let n = 1; n <= 20; n += 1) before.send(transition(n, { subject: `listener ${n}` }));
  await eventually(() => upTo(before) === 20, 'what there was room for');

  const rubbish = join(data, 'rubbish');
  fill(rubbish);
  for (let n = 21; n <= 60; n += 1) before.send(transition(n, { subject: `listener ${n}` }));
  await before.closed;
  const acknowledged = upTo(before);
  expect((await findings()).length).toBeGreaterThanOrEqual(acknowledged);
  await eventually(async () => (await get('/readyz')).status === 503, 'not ready');
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/api/v1/nodes')).status).toBe(200);
  expect((await signIn()).status).toBe(503);

  rmSync(rubbish);
  await eventually(async () => (await get('/readyz')).status === 200, 'ready again');
  expect((await signIn()).status).toBe(200);
  const after = await connectedAgent(node);
  for (let n = acknowledged + 1; n <= 60; n += 1) after.send(transition(n, { subject: `listener ${n}` }));
  await eventually(() => upTo(after) === 60, 'the rest');
  const subjects = (await findings()).map(({ subject }) => subject);
  for (let n = 1; n <= 60; n += 1) expect(subjects).toContain(`listener ${n}`);
  await after.close();
  expect(await server.end('SIGTERM')).toBe(0);
});
