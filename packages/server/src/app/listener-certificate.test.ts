import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { connectedAgent } from '../../testing/agent.js';
import { enrolNew, startTestServer } from '../../testing/server.js';
import { fitsClock, listenerKeeper } from './listener-certificate.js';

const DAY_MS = 86_400_000;

test('the certificate of the agent listener is made again when the clock leaves it, and only then', async () => {
  let ahead = 30 * DAY_MS;
  const clock = { now: () => Date.now() + ahead };
  const { ctx } = await startTestServer();
  const { authorityMaker } = await import('../adapters/authority.js');
  const authority = await (async () => {
    const maker = authorityMaker(clock);
    return maker.open(await maker.make('srv_test'));
  })();
  const keeper = listenerKeeper(
    { ...ctx, clock, authorities: { ...ctx.authorities, serving: authority, bundlePem: authority.rootPem } },
    ['127.0.0.1'],
  );
  const first = await keeper.first();
  expect(fitsClock(first, clock.now())).toBe(true);
  const server = createServer({ key: first.keyPem, cert: first.certificatePem });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const shakes = () =>
    new Promise<string>((resolve) => {
      const { port } = server.address() as AddressInfo;
      const socket = connect(
        { host: '127.0.0.1', port, ca: authority.rootPem, rejectUnauthorized: false },
        () => {
          resolve(String(socket.authorizationError ?? 'trusted'));
          socket.destroy();
        },
      );
    });
  expect(await keeper.keep(server)).toBe(false);
  expect(await shakes()).toBe('CERT_NOT_YET_VALID');
  ahead = 0;
  expect(await keeper.keep(server)).toBe(true);
  expect(await shakes()).toBe('trusted');
  expect(await keeper.keep(server)).toBe(false);
  // Before it ends, with time to spare.
  ahead = 300 * DAY_MS;
  expect(await keeper.keep(server)).toBe(true);
});

test('a running server shows the new one to who comes, and keeps who is there', async () => {
  const server = await startTestServer();
  const { ctx } = server;
  const enrolled = await enrolNew(server);
  const agent = await connectedAgent(enrolled);
  const keeper = listenerKeeper({ ...ctx, clock: { now: () => Date.now() + 300 * DAY_MS } }, [
    'localhost',
    '127.0.0.1',
  ]);
  await keeper.first();
  const shown = () =>
    new Promise<string>((resolve, reject) => {
      const { hostname: host, port } = new URL(server.agentsUrl);
      const socket = connect({ host, port: Number(port), ca: enrolled.authority }, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      }).on('error', reject);
    });
  const before = await shown();
  expect(await keeper.keep(server.agentListener)).toBe(true);
  expect(await shown()).not.toBe(before);
  agent.send({
    type: 'heartbeat',
    at: new Date().toISOString(),
    stateDigest: null,
    watchers: [],
    spool: { records: 0, bytes: 0, droppedTotal: 0 },
  });
  await agent.take('heartbeatAck');
  await connectedAgent(await enrolNew(server, 'mta2.example.com'));
  expect(ctx.counters.entries('certificates')).toContainEqual(['agent listener', 1]);
  const lines = (await ctx.store.read.audit.list({}, { limit: 100, cursor: null })).items;
  expect(lines.filter(({ action }) => action === 'listener.certificate')).toHaveLength(1);
});
