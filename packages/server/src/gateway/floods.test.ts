import { once } from 'node:events';
import { expect, test } from 'vitest';
import { connect, connectedAgent, type Enrolled, hello, transition } from '../../testing/agent.js';
import { enrolNew, eventually, startTestServer } from '../../testing/server.js';
import { NODE_SHARE, type NodeShare } from '../domain/node-share.js';

async function setUp(share: Partial<NodeShare> = {}) {
  const lines: string[] = [];
  const note = (fields: { event: string }) => void lines.push(fields.event);
  const log = { debug: note, info: note, warn: note, error: note };
  const server = await startTestServer({
    adapters: { log },
    options: { share: { ...NODE_SHARE, ...share } },
  });
  return { server, enrolled: await enrolNew(server), lines };
}

/** Another node is heard while the flood goes on. */
async function isServed(identity: Enrolled): Promise<void> {
  const agent = await connectedAgent(identity);
  agent.send(transition(1));
  expect(await agent.take('ack')).toMatchObject({ upTo: 1 });
  await agent.close();
}

test('pings count in the share of their node, are answered in order, and another node is served', async () => {
  const { server, enrolled } = await setUp({ frames: { perSecond: 100, burst: 200 } });
  const other = await enrolNew(server, 'other.example.com');
  const agent = await connectedAgent(enrolled);
  const pong = once(agent.socket, 'pong');
  for (let n = 0; n < 2_000; n += 1) agent.socket.ping(`${n}`);
  expect(String((await pong)[0])).toBe('0');
  await eventually(() => server.ctx.counters.entries('nodesSlowed').length > 0, 'the slowing');
  await isServed(other);
  expect(agent.socket.readyState).toBe(agent.socket.OPEN);
});

test('pongs that nobody asked for count too', async () => {
  const { server, enrolled } = await setUp({ frames: { perSecond: 100, burst: 200 } });
  const agent = await connectedAgent(enrolled);
  for (let n = 0; n < 2_000; n += 1) agent.socket.pong('x');
  await eventually(() => server.ctx.counters.entries('nodesSlowed').length > 0, 'the slowing');
});

test('a peer that pings and reads nothing is let go: its answers are not gathered', {
  timeout: 60_000,
}, async () => {
  const share = { frames: { perSecond: 1e6, burst: 1e9 }, bytes: { perSecond: 1e9, burst: 1e12 } };
  const { server, enrolled, lines } = await setUp(share);
  const agent = await connectedAgent(enrolled);
  agent.socket.pause();
  const block = Buffer.alloc(125);
  const isOver = () => lines.includes('gateway.slowReader') || server.sessions.count === 0;
  for (let n = 0; n < 400 && !isOver(); n += 1) {
    for (let k = 0; k < 500; k += 1) agent.socket.ping(block);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await eventually(isOver, 'the end of it');
});

test('answers and progress that nobody waits for leave no more lines than the share of the node', async () => {
  const { enrolled, lines } = await setUp({ logLines: { perSecond: 0, burst: 3 } });
  const agent = await connectedAgent(enrolled);
  const at = new Date().toISOString();
  for (let n = 0; n < 20; n += 1) {
    agent.send({
      type: 'plan',
      commandId: `cmd-${n}`,
      plan: null,
      error: { code: 'CAS_INTERNAL', detail: 'x' },
    } as never);
    agent.send({ type: 'commandRefused', commandId: `cmd-${n}`, code: 'CAS_INTERNAL', detail: 'x' } as never);
    agent.send({
      type: 'run',
      bootId: 'boot-1',
      seq: n + 1,
      event: { runId: `run-${n}`, index: 1, at, state: 'applying', line: 'x' },
    } as never);
  }
  for (let upTo = 0; upTo < 20; ) ({ upTo } = await agent.take('ack'));
  agent.send(transition(21));
  for (let upTo = 0; upTo < 21; ) ({ upTo } = await agent.take('ack'));
  const unexpected = lines.filter((event) => /^(plan\.unexpected|run\.unknown|command\.)/.test(event));
  expect(unexpected).toHaveLength(3);
});

test('a node that connects without end is sent away at its bound, and another comes in', async () => {
  const { server, enrolled } = await setUp({ connections: { perSecond: 0, burst: 5 } });
  const other = await enrolNew(server, 'other.example.com');
  const answers = [];
  for (let n = 0; n < 8; n += 1) answers.push(await connect(enrolled));
  expect(answers.filter((answer) => 'socket' in answer)).toHaveLength(5);
  const refused = answers.flatMap((answer) => ('status' in answer ? [answer.status] : []));
  expect(refused).toEqual([429, 429, 429]);
  await isServed(other);
});

test('upgrades of one node at once: no more than its few are inspected, and another comes in', async () => {
  const { server, enrolled } = await setUp();
  const other = await enrolNew(server, 'other.example.com');
  const storm = Promise.all(Array.from({ length: 60 }, () => connect(enrolled)));
  await isServed(other);
  const answers = await storm;
  // The newest is kept; of one node there is one connection.
  const open = answers.filter((answer) => 'socket' in answer);
  expect(open.length).toBeGreaterThan(0);
  const agent = await connectedAgent(enrolled, { bootId: 'boot-2' });
  expect(agent.socket.readyState).toBe(agent.socket.OPEN);
});

test('hello and goodbye without end hold up no other node', async () => {
  const { server, enrolled } = await setUp();
  const other = await enrolNew(server, 'other.example.com');
  const loop = (async () => {
    for (let n = 0; n < 40; n += 1) {
      const agent = await connect(enrolled);
      if (!('socket' in agent)) continue;
      agent.send(hello({ bootId: `boot-${n}` }));
      await agent.close();
    }
  })();
  await isServed(other);
  await loop;
  await isServed(other);
});
