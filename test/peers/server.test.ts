import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, connect as netConnect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { expect, test } from 'vitest';
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
import { temporaryFolder } from '../../packages/server/testing/server.js';
import { AGENT_SAYS, frame, frameShot } from './frame-shots.js';
import { httpShot, tlsShot } from './http-shots.js';
import { Seeded } from './seeded.js';

const SHOTS = Number(process.env['CASTELLAN_PEERS'] ?? 300);
const SEED = Number(process.env['CASTELLAN_PEERS_SEED'] ?? 20_261_123);
const RSS_GROWTH_BYTES_MAX = 64 * 1024 * 1024;
const LOG_BYTES_MAX = 1024 * 1024;
/** Shots under way at once; each has a node of its own, so that none throws another's connection off. */
const ABREAST = 16;
/** A peer that says nothing to a shot is left after this. */
const PATIENCE_MS = 150;

const KINDS = [
  'people: HTTP',
  'agents: HTTP in TLS',
  'agents: TLS',
  'agents: frames',
  'agents: frames after hello',
] as const;
type Kind = (typeof KINDS)[number];

interface Range {
  readonly server: ServerProcess;
  readonly clientHello: Buffer;
}

test(`${SHOTS} malformed requests, handshakes and frames end nothing but their own connections`, {
  timeout: 60_000 + SHOTS * 200,
}, async () => {
  const folder = temporaryFolder();
  const settings = writeSettings(folder, 'log: { level: info }\n');
  const server = await spawnServer(settings);
  const token = castellanServer([
    'token',
    'create',
    '--group',
    'mta',
    '--uses',
    '100',
    '--config',
    settings,
  ]).trim();
  const nodes: Enrolled[] = [];
  for (let n = 0; n < ABREAST; n += 1)
    nodes.push((await enrol(server, token, { name: `mta${n}.example.com` })).enrolled);
  const range: Range = { server, clientHello: await recordClientHello() };
  const counts = new Map<Kind, number>();
  const fire = async (from: number, to: number) => {
    let next = from;
    await Promise.all(
      nodes.map(async (node) => {
        while (next < to) {
          const seeded = new Seeded(SEED + next);
          const kind = KINDS[next % KINDS.length] as Kind;
          next += 1;
          await shoot(range, kind, seeded, node);
          counts.set(kind, (counts.get(kind) ?? 0) + 1);
        }
      }),
    );
  };
  // What is loaded and compiled at first use is no growth.
  const warmUp = Math.min(200, Math.floor(SHOTS / 3));
  await fire(0, warmUp);
  const before = rssOf(server);
  await fire(warmUp, SHOTS);
  const growth = rssOf(server) - before;
  const logged = Buffer.byteLength(server.log());
  process.stdout.write(
    `peers: seed ${SEED}; ${[...counts].map(([kind, n]) => `${kind} ${n}`).join(', ')}; RSS grew ${Math.round(growth / 1024)} KiB; log ${logged} bytes\n`,
  );
  expect(server.child.exitCode, server.log().slice(-2_000)).toBe(null);
  expect((await fetch(`${server.peopleUrl}/healthz`)).status).toBe(200);
  const last = await connectedAgent((await enrol(server, token, { name: 'last.example.com' })).enrolled);
  last.send(transition(1));
  expect(await last.take('ack')).toMatchObject({ upTo: 1 });
  await last.close();
  expect(growth).toBeLessThan(RSS_GROWTH_BYTES_MAX);
  expect(logged).toBeLessThan(LOG_BYTES_MAX);
  expect(await server.end('SIGTERM')).toBe(0);
});

/** The one request that needs nothing: no certificate, no header that a browser would not send. */
test('an upgrade of an address that is none is answered, on both ports', async () => {
  const server = await spawnServer(writeSettings(temporaryFolder()));
  const request = Buffer.from('GET // HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
  expect(await say(tlsTo(server.agentsUrl), request)).toContain('404');
  expect(await say(netConnect(Number(new URL(server.peopleUrl).port), '127.0.0.1'), request)).toMatch(
    /^HTTP\/1\.1 \d/,
  );
  expect((await fetch(`${server.peopleUrl}/healthz`)).status).toBe(200);
  expect(await server.end('SIGTERM')).toBe(0);
});

async function shoot(
  { server, clientHello }: Range,
  kind: Kind,
  seeded: Seeded,
  node: Enrolled,
): Promise<void> {
  const agentsPort = Number(new URL(server.agentsUrl).port);
  switch (kind) {
    case 'people: HTTP':
      await say(netConnect(Number(new URL(server.peopleUrl).port), '127.0.0.1'), httpShot(seeded));
      return;
    case 'agents: HTTP in TLS':
      await say(tlsTo(server.agentsUrl, seeded.unit() < 0.3 ? node : null), httpShot(seeded));
      return;
    case 'agents: TLS':
      await say(netConnect(agentsPort, '127.0.0.1'), tlsShot(seeded, clientHello));
      return;
    case 'agents: frames':
      await say(tlsTo(server.agentsUrl, node), UPGRADE, [frameShot(seeded, AGENT_SAYS, true)]);
      return;
    case 'agents: frames after hello': {
      const greeting = frame({ first: 0x81, body: Buffer.from(JSON.stringify(hello())), isMasked: true });
      await say(tlsTo(server.agentsUrl, node), UPGRADE, [greeting, frameShot(seeded, AGENT_SAYS, true)]);
    }
  }
}

const UPGRADE = Buffer.from(
  'GET /agent HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
);

function tlsTo(agentsUrl: string, node: Enrolled | null = null): Socket {
  return tlsConnect({
    host: '127.0.0.1',
    port: Number(new URL(agentsUrl).port),
    rejectUnauthorized: false,
    ...(node ? { cert: node.certificate, key: node.keyPem } : {}),
  });
}

/** Sends, then the rest once the peer has answered; what came back until it was quiet or closed. */
function say(socket: Socket, first: Buffer, rest: readonly Buffer[] = []): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    let left = [...rest];
    let timer: NodeJS.Timeout;
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(heard);
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(end, heard === '' ? PATIENCE_MS * 10 : PATIENCE_MS);
    };
    socket.on('error', end);
    socket.on('close', end);
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      for (const more of left) socket.write(more);
      left = [];
      wait();
    });
    wait();
    socket.write(first);
  });
}

/** What a TLS client of this Node says first. */
function recordClientHello(): Promise<Buffer> {
  return new Promise((resolve) => {
    const recorder = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', (bytes) => {
        socket.destroy();
        recorder.close();
        resolve(bytes);
      });
    });
    recorder.listen(0, '127.0.0.1', () => {
      const client = tlsConnect({ port: (recorder.address() as AddressInfo).port, host: '127.0.0.1' });
      client.on('error', () => client.destroy());
    });
  });
}

function rssOf(server: ServerProcess): number {
  const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024;
}
