import { expect, test } from 'vitest';
import { connectedAgent, transition } from '../../testing/agent.js';
import { enrolNew, eventually, signedIn, startTestServer } from '../../testing/server.js';
import { judgeCertificates } from '../services/judge-certificates.js';
import { retireNode } from '../services/nodes.js';

const DAY_MS = 86_400_000;

const seen = (path: string, notAfterMs: number, changes = {}) => ({
  path,
  subject: 'CN=mta1.example.com',
  issuer: 'CN=Example CA',
  serial: '0A',
  fingerprint: 'a'.repeat(64),
  notBeforeMs: notAfterMs - 365 * DAY_MS,
  notAfterMs,
  ...changes,
});

interface Page {
  readonly items: readonly Record<string, unknown>[];
  readonly facets: Record<string, unknown>;
}

async function setUp() {
  const server = await startTestServer();
  const enrolled = await enrolNew(server);
  const agent = await connectedAgent(enrolled);
  let seq = 0;
  const say = async (changes: Parameters<typeof transition>[1]) => {
    seq += 1;
    agent.send(transition(seq, changes));
    await eventually(() => agent.inbox.some((m) => m.type === 'ack' && m.upTo === seq), 'the ack');
  };
  const call = await signedIn(server, 'viewer');
  /** Of the node: the server's own are listed beside it. */
  const paths = async (query = '') =>
    ((await call('GET', `/certificates?group=mta${query}`)).body as Page).items.map(({ path }) => path);
  return { server, enrolled, say, call, paths };
}

test('every certificate that was read is listed by its end, with the finding where there is one', async () => {
  const { server, enrolled, say, call, paths } = await setUp();
  const now = Date.now();
  await say({ subject: 'soon', severity: 'high', certificates: [seen('/soon.crt', now + 3 * DAY_MS)] });
  await say({
    subject: 'late',
    status: 'pass',
    violations: [],
    certificates: [seen('/late.crt', now + 300 * DAY_MS), seen('/over.crt', now - DAY_MS)],
  });
  await say({ subject: 'none', status: 'pass', violations: [] });
  const page = (await call('GET', '/certificates?group=mta')).body as Page;
  // The agent's own lives for 30 days.
  expect(page.items.map(({ path, severity }) => [path, severity])).toEqual([
    ['/over.crt', null],
    ['/soon.crt', 'high'],
    ['', null],
    ['/late.crt', null],
  ]);
  expect(page.items.find(({ path }) => path === '/soon.crt')).toMatchObject({
    node: { id: enrolled.nodeId, name: 'mta1.example.com' },
    group: 'mta',
    issuer: 'CN=Example CA',
    notAfter: new Date(now + 3 * DAY_MS).toISOString(),
    findingId: expect.stringMatching(/^fnd/),
  });
  expect(page.facets.group).toContainEqual({ value: 'mta', count: 4 });
  expect(await paths('&within=0')).toEqual(['/over.crt']);
  expect(await paths('&within=5')).toEqual(['/over.crt', '/soon.crt']);
  expect(await paths('&q=OVER')).toEqual(['/over.crt']);
  expect(await paths('&sort=node&order=desc&q=crt')).toEqual(['/late.crt', '/soon.crt', '/over.crt']);

  await judgeCertificates(server.ctx, [{ subject: 'agent listener', notAfter: now + 200 * DAY_MS }]);
  const own = (await call('GET', '/certificates?control=CAS-CRT-002')).body as Page;
  expect(own.items.map(({ judged, notAfter }) => [judged, notAfter])).toEqual([
    ['agent listener', new Date(now + 200 * DAY_MS).toISOString()],
  ]);
});

test('a certificate goes with what it was read for: replaced, gone, retired', async () => {
  const { server, enrolled, say, paths } = await setUp();
  const end = Date.now() + 90 * DAY_MS;
  await say({ status: 'pass', violations: [], certificates: [seen('/a.crt', end)] });
  await say({ status: 'pass', violations: [], certificates: [seen('/b.crt', end)] });
  expect(await paths('&q=crt')).toEqual(['/b.crt']);
  await say({ status: 'pass', violations: [] });
  expect(await paths()).toEqual(['']);
  await say({ status: 'pass', violations: [], certificates: [seen('/c.crt', end)] });
  await retireNode(server.ctx, 'cli:test', enrolled.nodeId);
  expect(await paths()).toEqual([]);
});

test('whoever accepts nothing but CSV gets the list as CSV', async () => {
  const { say, call } = await setUp();
  await say({ status: 'pass', violations: [], certificates: [seen('/a.crt', Date.now() + DAY_MS)] });
  const answer = await call('GET', '/certificates?q=crt', undefined, { accept: 'text/csv' });
  expect(answer.headers.get('content-type')).toContain('text/csv');
  expect(String(answer.body).split('\r\n')[1]).toContain(',mta1.example.com,mta,/a.crt,CN=mta1.example.com,');
  const page = await call('GET', '/certificates', undefined, { accept: 'text/html, text/csv;q=0.5, */*' });
  expect(page.headers.get('content-type')).toContain('application/json');
});
