import { expect, test } from 'vitest';
import { connect, connectedAgent, type Enrolled, hello, type TestAgent } from '../../testing/agent.js';
import { startReceiver, webhookOf } from '../../testing/receiver.js';
import { enrolNew, eventually, startTestServer } from '../../testing/server.js';
import type { RunningServer } from '../app/server.js';
import { TWIN_QUIET_MS, TWIN_RETRY_MS } from '../domain/twins.js';
import { endTwins } from '../services/own-judgements.js';
import { createTarget } from '../services/targets.js';

const twins = async (server: RunningServer, { nodeId }: Enrolled) =>
  (await server.ctx.store.read.findings.activeOfNode(nodeId)).filter((f) => f.control === 'CAS-NODE-012');

async function arriving(identity: Enrolled, bootId: string): Promise<TestAgent> {
  const agent = await connect(identity);
  if (!('socket' in agent)) throw new Error(JSON.stringify(agent.body));
  agent.send(hello({ bootId }));
  return agent;
}

test('the second of two agents with one identity is kept away, and named in one finding', async () => {
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead };
  const server = await startTestServer({ adapters: { clock } });
  const receiver = await startReceiver();
  await createTarget(server.ctx, 'cli:test', webhookOf(receiver.url));
  const enrolled = await enrolNew(server);
  const first = await connectedAgent(enrolled, { bootId: 'first' });
  const second = await connectedAgent(enrolled, { bootId: 'second' });
  await first.closed;
  // Until here it may be one agent that was started again. What was started before it cannot come back.
  expect(await twins(server, enrolled)).toEqual([]);
  for (let tries = 0; tries < 5; tries += 1) {
    const back = await arriving(enrolled, 'first');
    expect(await back.take('retry')).toMatchObject({ afterMs: TWIN_RETRY_MS });
    await back.closed;
  }
  expect(second.socket.readyState).toBe(second.socket.OPEN);
  const [finding, ...more] = await eventually(async () => {
    const found = await twins(server, enrolled);
    return found.length > 0 ? found : null;
  }, 'the finding');
  expect(more).toEqual([]);
  expect(finding?.summary.match(/127\.0\.0\.1/g)).toHaveLength(2);
  await eventually(() => receiver.pages.length === 1, 'the page');

  ahead = TWIN_QUIET_MS - 60_000;
  await endTwins(server.ctx);
  expect(await twins(server, enrolled)).toHaveLength(1);
  ahead = TWIN_QUIET_MS + 60_000;
  await endTwins(server.ctx);
  expect(await twins(server, enrolled)).toEqual([]);
  await eventually(() => receiver.pages.length === 2, 'its end');
  expect(receiver.pages.map(({ body }) => [body.type, body.data.alert.control])).toEqual([
    ['alert.firing', 'CAS-NODE-012'],
    ['alert.resolved', 'CAS-NODE-012'],
  ]);
});

test('an agent that comes back, or is started again, is one agent', async () => {
  const server = await startTestServer();
  const enrolled = await enrolNew(server);
  const agents: TestAgent[] = [];
  for (const bootId of ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'e', 'f'])
    agents.push(await connectedAgent(enrolled, { bootId }));
  await Promise.all(agents.slice(0, -1).map(({ closed }) => closed));
  expect(agents.flatMap(({ inbox }) => inbox.filter(({ type }) => type === 'retry'))).toEqual([]);
  expect(await twins(server, enrolled)).toEqual([]);
});

test('a connection that has not said hello throws nobody off', async () => {
  const server = await startTestServer();
  const enrolled = await enrolNew(server);
  const agent = await connectedAgent(enrolled);
  const [silent, another] = [await connect(enrolled), await connect(enrolled)];
  if ('socket' in silent) await silent.closed;
  expect([agent.socket.readyState, server.sessions.isConnected(enrolled.nodeId)]).toEqual([1, true]);
  expect('socket' in another && another.socket.readyState).toBe(1);
});
