import { expect, test } from 'vitest';
import { connectedAgent, enrol, transition } from '../../testing/agent.js';
import { castellanServer, spawnServer, writeSettings } from '../../testing/process.js';
import { PASSWORD, temporaryFolder } from '../../testing/server.js';

const NEW = 'another password of the tests';

function commands() {
  const settings = writeSettings(temporaryFolder());
  const run = (line: string, input = '') =>
    castellanServer([...line.split(' '), '--config', settings], { input });
  const list = (line: string) => JSON.parse(run(`${line} --json`)) as Record<string, unknown>[];
  return { settings, run, list };
}

async function signIn(url: string, password: string) {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-castellan-csrf': '1' },
    body: JSON.stringify({ name: 'eve', password }),
  });
  return { status: answer.status, cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
}

test('people by the command line, beside a server that runs', async () => {
  const { settings, run, list } = commands();
  run('user create eve --role viewer', PASSWORD);
  const server = await spawnServer(settings);
  const session = await signIn(server.peopleUrl, PASSWORD);
  expect(list('user sessions list eve')).toMatchObject([{ address: '127.0.0.1' }]);
  run('user disable eve');
  const seen = await fetch(`${server.peopleUrl}/api/v1/session`, { headers: { cookie: session.cookie } });
  expect([seen.status, (await signIn(server.peopleUrl, PASSWORD)).status]).toEqual([401, 401]);
  run('user enable eve');
  run('user role eve admin');
  run('user password eve', NEW);
  expect((await signIn(server.peopleUrl, NEW)).status).toBe(200);
  expect(run('user list')).toMatch(/^NAME +ROLE +ENABLED +SESSIONS[^\n]+\neve +admin +yes +1 /);
  run('user sessions end eve');
  expect(list('user list')).toMatchObject([{ name: 'eve', role: 'admin', sessions: 0 }]);
  expect(() => run('user disable eve')).toThrow(/last administrator/);
});

test('tokens and nodes by the command line: a server that runs lets a retired node go at once', async () => {
  const { settings, run, list } = commands();
  const token = run('token create --group mta --uses 2').trim();
  const server = await spawnServer(settings);
  const { enrolled } = await enrol(server, token);
  const agent = await connectedAgent(enrolled);
  agent.send(transition(1));
  await agent.take('ack');
  run(`token revoke ${token.split('.')[1]}`);
  expect((await enrol(server, token, { name: 'mta2.example.com' })).body.code).toBe('CAS_TOKEN_REVOKED');
  expect(run('token list')).toMatch(/group mta +revoked +1 of 2/);
  run('node rename mta1.example.com mx1.example.com');
  run('node move mx1.example.com edge');
  expect(list('node list')).toMatchObject([
    { name: 'mx1.example.com', group: 'edge', connected: true, findings: 1 },
  ]);
  expect(run('node show mx1.example.com')).toMatch(/^besideThrough +-$/m);
  expect(JSON.parse(run('node show mx1.example.com --json'))).toMatchObject({
    group: 'edge',
    momentum: expect.anything(),
    besideIntervalS: null,
  });
  expect(() => run('node show mx9.example.com')).toThrow(/there is no node/);
  run('node retire mx1.example.com');
  expect((await agent.closed).code).toBe(4003);
  expect(list('node list --retired')).toMatchObject([{ name: 'mx1.example.com', findings: 0 }]);
  run('node delete mx1.example.com');
  expect(() => run('node retire mx1.example.com')).toThrow(/there is no node/);
});
