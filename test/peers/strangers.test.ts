import { connect as netConnect, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../packages/server/src/store/open.js';
import {
  connectedAgent,
  type Enrolled,
  enrol,
  hello,
  transition,
} from '../../packages/server/testing/agent.js';
import {
  castellanServer,
  type ServerProcess,
  spawnServer,
  writeSettings,
} from '../../packages/server/testing/process.js';
import { eventually, temporaryFolder } from '../../packages/server/testing/server.js';

const PASSWORD = 'a password of the tests';
/** Beyond what one place may have of connections that nothing good is known of. */
const MANY = 200;

interface Range {
  readonly server: ServerProcess;
  readonly folder: string;
  readonly node: Enrolled;
  readonly people: (localAddress?: string) => Socket;
  readonly agents: () => Socket;
}

async function setUp(): Promise<Range> {
  const folder = temporaryFolder();
  const settings = writeSettings(folder);
  castellanServer(['user', 'create', 'admin', '--role', 'admin', '--config', settings], {
    env: { CASTELLAN_PASSWORD: PASSWORD },
  });
  const token = castellanServer(['token', 'create', '--group', 'mta', '--config', settings]).trim();
  const server = await spawnServer(settings);
  const { enrolled } = await enrol(server, token);
  const host = '127.0.0.1';
  const opened = (socket: Socket) => {
    socket.on('error', () => socket.destroy());
    onTestFinished(() => void socket.destroy());
    return socket;
  };
  return {
    server,
    folder,
    node: enrolled,
    people: (localAddress = host) =>
      opened(netConnect({ host, localAddress, port: Number(new URL(server.peopleUrl).port) })),
    agents: () =>
      opened(tlsConnect({ host, port: Number(new URL(server.agentsUrl).port), rejectUnauthorized: false })),
  };
}

/** Somebody signs in, and a node is acknowledged. */
async function bothAreServed({ server, node }: Range): Promise<void> {
  const answer = await fetch(`${server.peopleUrl}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-castellan-csrf': '1' },
    body: JSON.stringify({ name: 'admin', password: PASSWORD }),
  });
  expect(answer.status).toBe(200);
  const bootId = `boot-${Math.random()}`;
  const agent = await connectedAgent(node, { bootId });
  agent.send(transition(1, {}, bootId));
  expect(await agent.take('ack')).toMatchObject({ upTo: 1 });
  await agent.close();
}

/** Sends again and again until it is cut off or the test ends. */
function drip(socket: Socket, first: string, next: string): void {
  socket.write(first);
  const timer = setInterval(() => socket.write(next), 500);
  socket.on('close', () => clearInterval(timer));
}

const HEAD = 'GET / HTTP/1.1\r\nHost: x\r\n';
const BODY = (path: string) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nx-castellan-csrf: 1\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{`;

test.each([
  ['that say nothing', () => undefined],
  ['whose head never ends', (socket: Socket) => drip(socket, HEAD, 'X: y\r\n')],
  ['whose body never ends', (socket: Socket, path: string) => drip(socket, BODY(path), ' ')],
  ['that ask once and stay', (socket: Socket) => void socket.write(`${HEAD}\r\n`)],
] as const)(
  'strangers %s keep out neither who signs in nor a node, on both ports',
  {
    timeout: 120_000,
  },
  async (_what, act) => {
    const range = await setUp();
    for (let n = 0; n < MANY; n += 1) {
      // From another address: tries to sign in are bounded for each, and a body that never ends is one.
      act(range.people('127.0.0.2'), '/api/v1/session');
      act(range.agents(), '/enrol');
      if (n % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await bothAreServed(range);
    expect(range.server.child.exitCode).toBe(null);
    expect(await range.server.end('SIGTERM')).toBe(0);
  },
);

test('ten thousand requests in one breath, and ten thousand headers, end at most their own connection', {
  timeout: 120_000,
}, async () => {
  const range = await setUp();
  const pipelined = Buffer.from(`${HEAD}\r\n`.repeat(10_000));
  const headers = Buffer.from(`${HEAD}${'A: b\r\n'.repeat(10_000)}\r\n`);
  for (const open of [range.people, range.agents])
    for (const bytes of [pipelined, headers]) {
      const socket = open();
      let heard = '';
      socket.on('data', (chunk) => {
        heard = `${heard}${chunk.toString('latin1')}`.slice(0, 64);
      });
      socket.write(bytes);
      await eventually(() => heard.startsWith('HTTP/1.1 ') || socket.destroyed, 'an answer');
    }
  await bothAreServed(range);
  expect(await range.server.end('SIGTERM')).toBe(0);
});

test('SIGTERM is obeyed while another process holds the database, and nodes go on sending', {
  timeout: 120_000,
}, async () => {
  const range = await setUp();
  const agent = await connectedAgent(range.node);
  const db = await openDatabase(join(range.folder, 'data/castellan.db'));
  const held = await db.writer.transaction();
  await held('meta').insert({ name: 'foreign', value: '' });
  for (let n = 1; n <= 300; n += 1) agent.send(transition(n, { subject: `listener ${n}` }));
  agent.send(hello());
  // That it ends at all is the claim; the process gives itself ten seconds.
  const code = await range.server.end('SIGTERM');
  expect([0, 1]).toContain(code);
  await held.rollback();
  await db.close();
});
