import { SEARCH_FIELDS, SEARCH_HELP } from '@castellan/shared/search/examples';
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

const SEARCHES: readonly (readonly [what: string, q: string, count: number])[] = [
  ['whole words, in upper or lower case', 'LISTENER', 11],
  ['a part is no word', 'LISTEN', 0],
  ['what a word begins with', 'LISTEN*', 11],
  ['what a word ends with, and one letter', '*stener AND ?9', 1],
  ['words are joined by OR', 'listener z9', 11],
  ['AND asks for both, in upper case only', 'listener AND z9', 1],
  ['and is a word', 'z9 and z8', 2],
  ['what follows each other, in quotes', '"listener z9"', 1],
  ['not in that order', '"z9 listener"', 0],
  ['near each other', '"z9 listener"~3', 1],
  ['without', 'listener -z9', 10],
  ['without alone finds nothing', '-z9', 0],
  ['everything without', '*:* -z9', 10],
  ['everything', '*:*', 11],
  ['a short word', 'z9', 1],
  ['a word like it', 'listemer~', 11],
  ['a word much like it', 'lixxener~0.9', 0],
  ['words between', 'subject:[z5 TO z7]', 3],
  ['words between, without the ends', 'subject:{z5 TO z7}', 1],
  ['a field', 'subject:z9', 1],
  ['another field', 'control:z9', 0],
  ['a group of a field', 'subject:(z9 z8) severity:low', 4],
  ['a column, and words', '+severity:low +listener', 3],
  ['a column, without words', 'listener -severity:low', 8],
  ['a column by a pattern', 'severity:l?w', 3],
  ['a time', 'opened:[2020 TO *]', 11],
  ['a time that is over', 'opened:[* TO 2020]', 0],
  ['an identifier with what stands between', 'MOM-TLS-001', 11],
  ['boosts count for nothing', 'z9^4 z8', 2],
  ['what is no word', '%', 0],
  ['what is no word beside one that is', 'z9 AND =', 1],
  ['what the index would read as an operator', '"NEAR" OR "AND"', 0],
  ['what LIKE and GLOB would read', 'subject:"z_" subject:"[z]9x"', 0],
  ["a value's name in the verdict", 'violations', 0],
];

test('searches of findings', async () => {
  const { get, call } = await setUp();
  const found: (readonly [string, string, number])[] = [];
  for (const [what, q] of SEARCHES)
    found.push([what, q, (await get(`/findings?${new URLSearchParams({ q })}`)).total ?? -1]);
  expect(found).toEqual(SEARCHES);
  const said = await call('GET', `/findings?${new URLSearchParams({ q: 'a b AND c' })}`);
  expect(said.body).toMatchObject({ interpretation: 'with b and c; a may be there or not' });
  // The list is read in its own order, whatever is searched.
  const order = async (q: string) => (await get(`/findings?q=${q}`)).items.map(({ subject }) => subject);
  expect(await order('z3%20z9%20listener')).toEqual(await order(''));
});

test('a search that cannot be read is refused with its place, in every list, as a file too', async () => {
  const { call } = await setUp();
  const lists = [
    '/nodes',
    '/findings',
    '/plans',
    '/runs',
    '/audit',
    '/alerts',
    '/deliveries',
    '/certificates',
  ];
  for (const list of [...lists, '/controls', '/findings.csv']) {
    const asked = (q: string) => call('GET', `${list}?${new URLSearchParams({ q })}`);
    expect(await asked('2001:db8::1')).toMatchObject({
      status: 400,
      body: { code: 'CAS_QUERY_SYNTAX', offset: 8, length: 1, suggestion: '2001\\:db8\\:\\:1' },
    });
    expect(await asked('a password:x*')).toMatchObject({
      status: 400,
      body: { code: 'CAS_QUERY_SYNTAX', offset: 2, suggestion: 'password\\:x*' },
    });
    expect((await asked('(rest AND "port 25") -c*d~ *e*')).status).toBe(200);
  }
  expect(await call('GET', `/nodes?q=${'a+'.repeat(65)}`)).toMatchObject({ status: 400 });
  for (const [list, fields] of Object.entries(SEARCH_FIELDS))
    expect((await call('GET', `/${list}?q=x:y`)).body).toMatchObject({
      detail: expect.stringContaining(`there is ${fields.join(', ')}. `),
    });
  const examples = SEARCH_HELP.flatMap((section) => section.examples).map(({ q }) => q);
  for (const q of examples)
    expect([q, (await call('GET', `/findings?${new URLSearchParams({ q })}`)).status]).toEqual([q, 200]);
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
