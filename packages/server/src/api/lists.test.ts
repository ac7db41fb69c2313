import { expect, test } from 'vitest';
import { connectedAgent, transition } from '../../testing/agent.js';
import { enrolNew, eventually, signedIn, startTestServer } from '../../testing/server.js';
import { moveNode, renameNode } from '../services/nodes.js';

interface Page {
  readonly items: { readonly id: string; readonly name: string; readonly subject: string; open: object }[];
  readonly next: string | null;
  readonly previous: string | null;
  readonly total: number | null;
  readonly facets: Record<string, { value: string; count: number }[]>;
}

const CLI = 'cli:test';

async function setUp() {
  const server = await startTestServer();
  const call = await signedIn(server);
  const enrolled = await enrolNew(server);
  const agent = await connectedAgent(enrolled);
  for (let n = 1; n <= 12; n += 1)
    agent.send(transition(n, { subject: `listener z${n}`, severity: n % 3 ? 'high' : 'low' }));
  agent.send(transition(13, { subject: 'listener z3', status: 'pass' }));
  await eventually(() => agent.inbox.some((m) => m.type === 'ack' && m.upTo === 13), 'the acknowledgement');
  const get = async (path: string) => (await call('GET', path)).body as Page;
  return { server, ctx: server.ctx, get, call, id: enrolled.nodeId };
}

test('findings: total, facets under the other filters, forward and back, either way round', async () => {
  const { get } = await setUp();
  const first = await get('/findings?limit=5&severity=high');
  expect([first.total, first.items.length, first.previous]).toEqual([8, 5, null]);
  expect(first.facets).toMatchObject({
    severity: [
      { value: 'high', count: 8 },
      { value: 'low', count: 3 },
    ],
    state: [{ value: 'open', count: 8 }],
  });
  const second = await get(`/findings?limit=5&severity=high&cursor=${first.next}`);
  expect([second.items.length, second.next]).toEqual([3, null]);
  const back = await get(`/findings?limit=5&severity=high&cursor=${second.previous}`);
  expect(back.items.map(({ id }) => id)).toEqual(first.items.map(({ id }) => id));
  const subjects = async (query: string) => (await get(`/findings?${query}`)).items.map((f) => f.subject);
  expect(await subjects('order=asc')).toEqual((await subjects('order=desc')).reverse());
  expect((await get('/findings?counts=false')).total).toBeNull();
});

test("a node's counts, its name and its group are at once what its findings and its list are found by", async () => {
  const { ctx, get, id } = await setUp();
  const nodes = await get('/nodes?sort=worst&worst=high');
  expect(nodes.items).toMatchObject([{ id, open: { critical: 0, high: 8, medium: 0, low: 3 } }]);
  expect((await get('/nodes?worst=none')).total).toBe(0);
  expect((await get('/findings?q=mx1.example')).total).toBe(0);
  await renameNode(ctx, CLI, id, 'mx1.example.com');
  await moveNode(ctx, CLI, id, 'edge');
  expect((await get('/findings?q=mx1.example&group=edge')).total).toBe(11);
  expect((await get('/findings?q=mta1.example')).total).toBe(0);
  expect((await get('/nodes?q=MX1&group=edge')).items).toMatchObject([{ id }]);
});

test.each([
  ['whole words and parts, in upper or lower case', 'q=LISTEN', 11],
  ['every word must occur', 'q=listener+z9', 1],
  ['a word too short for the index', 'q=z9', 1],
  ['what a pattern means stands for itself', 'q=%25', 0],
  ['what the index would read as an operator too', 'q=%22NEAR%22+OR+*', 0],
])('a search: %s', async (_name, query, count) => {
  const { get } = await setUp();
  expect((await get(`/findings?${query}`)).items).toHaveLength(count);
});

test.each(['/nodes', '/findings', '/plans', '/runs', '/audit'])(
  '%s: a sort that there is not is refused, and so is a cursor of another order',
  async (list) => {
    const { call, get } = await setUp();
    expect((await call('GET', `${list}?sort=password_hash`)).status).toBe(400);
    expect((await get(list)).total).toBeTypeOf('number');
    const text = JSON.stringify(['nothing', 'asc', 0, 1, 'x']);
    const cursor = Buffer.from(text).toString('base64url');
    expect((await call('GET', `${list}?cursor=${cursor}`)).status).toBe(400);
  },
);
