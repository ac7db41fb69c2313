import { createHash } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { WAIT_MS_MAX } from '@castellan/shared/model/bounds';
import type { Heartbeat, Hello } from '@castellan/shared/protocol/messages';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Identity } from '../../packages/agent/src/link/identity.js';
import { Link } from '../../packages/agent/src/link/link.js';
import type { SessionDeps } from '../../packages/agent/src/link/session.js';
import { authorityMaker } from '../../packages/server/src/adapters/authority.js';
import { systemClock } from '../../packages/server/src/adapters/system.js';
import { hello, newCsr } from '../../packages/server/testing/agent.js';
import { AGENT_SAYS, frame, frameShot, SERVER_SAYS } from './frame-shots.js';
import { httpShot } from './http-shots.js';
import { Seeded } from './seeded.js';

const SHOTS = Math.min(2_000, Number(process.env['CASTELLAN_PEERS'] ?? 200));
const SEED = Number(process.env['CASTELLAN_PEERS_SEED'] ?? 20_261_123);
/** RFC 6455, 1.3: what the server's half of the handshake is made with. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const unhandled: unknown[] = [];
const note = (cause: unknown): void => void unhandled.push(cause);
beforeAll(() => {
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
});
afterAll(() => {
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
});

/** A server of the node's own authority whose n-th answer to an upgrade is the n-th shot; after the last it is honest. */
async function hostileServer(shots: number) {
  const maker = authorityMaker(systemClock);
  const authority = await maker.open(await maker.make('srv-hostile'));
  const { commandKey } = await maker.openSigner(await maker.makeCommandKey());
  const name = 'mta1.example.com';
  const { csr, keyPem } = await newCsr(name);
  const issued = await authority.issueNode({ csrPem: csr, nodeId: 'nod-1', name, lifeMs: 3_600_000 });
  if (!issued.ok) throw issued.error;
  const tls = await authority.issueServer(['localhost', '127.0.0.1']);
  const server = createServer({ key: tls.keyPem, cert: tls.certificatePem });
  let seen = 0;
  server.on('upgrade', (request, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    answer(
      socket,
      String(request.headers['sec-websocket-key']),
      seen < shots ? new Seeded(SEED + seen) : null,
    );
    seen += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const identity: Identity = {
    nodeId: 'nod-1',
    serverId: 'srv-hostile',
    name,
    url: `wss://127.0.0.1:${(server.address() as AddressInfo).port}/agent`,
    commandKey: commandKey as Identity['commandKey'],
    keyPem,
    certificatePem: issued.value.pem,
    authorityPem: authority.rootPem,
  };
  return identity;
}

function answer(socket: Duplex, key: string, seeded: Seeded | null): void {
  const text = (message: unknown) =>
    frame({ first: 0x81, body: Buffer.from(JSON.stringify(message)), isMasked: false });
  const welcome = text(SERVER_SAYS[0]);
  if (seeded && seeded.unit() < 0.15) {
    // In place of the upgrade: a refusal of any shape, or none.
    const refusal = `HTTP/1.1 ${seeded.pick(['503', '999', '200', '301', '401'])} \u00ff\r\nRetry-After: ${seeded.pick(['-1', '1e999', '99999999999', '0', 'x'])}\r\nContent-Length: 50\r\n\r\nx`;
    socket.end(seeded.unit() < 0.5 ? refusal : httpShot(seeded), 'latin1');
    return;
  }
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  if (!seeded) {
    socket.write(welcome);
    return;
  }
  if (seeded.unit() < 0.5) socket.write(welcome);
  socket.write(frameShot(seeded, seeded.unit() < 0.9 ? SERVER_SAYS : AGENT_SAYS, false));
  setTimeout(() => socket.end(), 20);
}

test(`${SHOTS} wrong answers of a server end nothing but their connections, and the agent comes back`, {
  timeout: 60_000 + SHOTS * 200,
}, async () => {
  const identity = await hostileServer(SHOTS);
  const stop = new AbortController();
  let attempts = 0;
  const waits: number[] = [];
  const quiet = () => undefined;
  const countAttempt = () => {
    attempts += 1;
  };
  const link = new Link({
    identity,
    url: identity.url,
    // Waiting is not what is tried here: half a minute passes in a millisecond.
    clock: {
      now: () => Date.now(),
      sleep: (ms, signal) => {
        waits.push(ms);
        return delay(Math.min(20, 1 + ms / 30_000), undefined, signal ? { signal } : {});
      },
    },
    unit: () => 0.5,
    log: { debug: quiet, info: quiet, error: quiet, warn: countAttempt },
    outbox: { takeUnsent: () => [], rewind: quiet, ack: quiet },
    hello: () => hello() as Hello,
    heartbeat: () => AGENT_SAYS[3] as Heartbeat,
    state: () => ({ digest: `sha256:${'0'.repeat(64)}`, observedAt: new Date().toISOString(), verdicts: [] }),
    command: quiet,
    certificate: () => undefined,
    serviceCertificate: () => undefined,
    trust: () => undefined,
    failed: () => undefined,
    connected: (is) => {
      if (is && attempts >= SHOTS) stop.abort(new Error('done'));
    },
  } satisfies SessionDeps);
  await link.run(stop.signal);
  process.stdout.write(`peers: seed ${SEED}; ${attempts} connections of the agent ended\n`);
  expect(attempts).toBeGreaterThanOrEqual(SHOTS);
  expect(unhandled).toEqual([]);
  // Neither away for days, nor back at once for ever.
  expect(waits.filter((ms) => !(ms >= 0 && ms <= WAIT_MS_MAX + 60_000))).toEqual([]);
});
