import { expect, test } from 'vitest';
import { connectedAgent, transition } from '../../testing/agent.js';
import { startReceiver, webhookOf } from '../../testing/receiver.js';
import { enrolNew, eventually, startTestServer } from '../../testing/server.js';
import { authorityMaker } from '../adapters/authority.js';
import { FIRST_CONNECTION_MS, SILENCE_CONTROL } from '../domain/node-silence.js';
import { findSilentNodes } from './find-silent-nodes.js';
import { createTarget } from './targets.js';

async function setUp() {
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead };
  const server = await startTestServer({
    adapters: { clock, maker: authorityMaker(clock) },
    options: { reconnectWindowMs: 5_000 },
  });
  const enrolled = await enrolNew(server);
  return {
    server,
    enrolled,
    pass: (ms: number) => (ahead += ms),
    active: () => server.ctx.store.read.findings.activeOfNode(enrolled.nodeId),
  };
}

test('a node that falls silent has a finding that pages; its other findings are stale, not resolved; its word ends it', async () => {
  const receiver = await startReceiver();
  const { server, enrolled, pass, active } = await setUp();
  await createTarget(server.ctx, 'cli:test', webhookOf(receiver.url, { severityMin: 'high' }));
  const agent = await connectedAgent(enrolled);
  agent.send(transition(1, { severity: 'low' }));
  await agent.take('ack');
  pass(3 * 60_000 - 5_000);
  expect(await findSilentNodes(server.ctx)).toEqual([]);
  pass(10_000);
  expect(await findSilentNodes(server.ctx)).toEqual([enrolled.nodeId]);
  expect(await findSilentNodes(server.ctx)).toEqual([]);
  const found = await active();
  expect(found.map((f) => [f.control, f.state, f.stale]).sort()).toEqual([
    [SILENCE_CONTROL, 'open', false],
    ['MOM-TLS-001', 'open', true],
  ]);
  expect((await server.ctx.store.read.nodes.get(enrolled.nodeId))?.connected).toBe(false);
  expect((await agent.closed).code).toBe(4000);
  await eventually(() => receiver.pages.length === 1, 'the page');

  await connectedAgent(enrolled);
  expect((await active()).map((f) => f.control)).toEqual(['MOM-TLS-001']);
  await eventually(() => receiver.pages.length === 2, 'the resolve');
  expect(receiver.pages.map((page) => [page.body.type, page.body.data.alert.control])).toEqual([
    ['alert.firing', SILENCE_CONTROL],
    ['alert.resolved', SILENCE_CONTROL],
  ]);
});

test('after a start of the server every node has time to come back', async () => {
  const { server, enrolled, pass } = await setUp();
  const agent = await connectedAgent(enrolled);
  await agent.close();
  pass(3 * 60_000 + 1_000);
  // A new life: nobody was heard yet.
  const context = {
    ...server.ctx,
    presence: { ...server.ctx.presence, startedAt: server.ctx.clock.now(), lastHeardAt: () => null },
  };
  expect(await findSilentNodes(context)).toEqual([]);
  pass(3 * 60_000 + 5_001);
  expect(await findSilentNodes(context)).toEqual([enrolled.nodeId]);
});

test('a node that is enrolled and never connects is found too, once it had its time to be set up', async () => {
  const { server, enrolled, pass } = await setUp();
  pass(FIRST_CONNECTION_MS - 10_000);
  expect(await findSilentNodes(server.ctx)).toEqual([]);
  pass(20_000);
  expect(await findSilentNodes(server.ctx)).toEqual([enrolled.nodeId]);
});
