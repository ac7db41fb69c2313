import { expect, test } from 'vitest';
import { connectedAgent, type Enrolled, hello, state, transition, verdict } from '../../testing/agent.js';
import { startReceiver, webhookOf } from '../../testing/receiver.js';
import { enrolNew, eventually, signedIn, startTestServer } from '../../testing/server.js';
import { STORM_CONTROL } from '../domain/alert/storm.js';
import { NODE_SHARE, type NodeShare } from '../domain/node-share.js';
import { readCatalogue } from '../services/catalogue.js';
import { createTarget } from '../services/targets.js';
import { watchShares } from '../services/watch-shares.js';

async function setUp(share: Partial<NodeShare> = {}) {
  const server = await startTestServer({
    options: { catalogue: readCatalogue(), share: { ...NODE_SHARE, ...share } },
  });
  const enrolled = await enrolNew(server);
  return { server, enrolled, active: () => server.ctx.store.read.findings.activeOfNode(enrolled.nodeId) };
}

/** Everything up to this number is acknowledged. */
async function sent(identity: Enrolled, verdicts: Parameters<typeof verdict>[0][], bootId = 'boot-1') {
  const agent = await connectedAgent(identity, { bootId });
  for (const [index, changes] of verdicts.entries()) agent.send(transition(index + 1, changes, bootId));
  for (let upTo = 0; upTo < verdicts.length; ) ({ upTo } = await agent.take('ack'));
  return agent;
}

test("a node can't write the server's own controls, nor such as nobody knows; its link holds, and it is said once", async () => {
  const { server, enrolled, active } = await setUp();
  const agent = await sent(enrolled, [
    { control: 'CAS-NODE-001', subject: 'agent', severity: 'low' },
    { control: 'CAS-NEW-777' },
    { control: 'MOM-NEW-777' },
    { control: 'MOM-TLS-001' },
  ]);
  await watchShares(server.ctx);
  await watchShares(server.ctx);
  expect((await active()).map((f) => [f.control, f.severity]).sort()).toEqual([
    ['CAS-NODE-004', 'low'],
    ['CAS-NODE-005', 'high'],
    ['MOM-TLS-001', 'high'],
  ]);
  expect(agent.socket.readyState).toBe(agent.socket.OPEN);
  expect(Object.fromEntries(server.ctx.counters.entries('verdictsRefused'))).toMatchObject({
    'own control': 2,
    'unknown control': 1,
  });
});

test('a state with verdicts that are left out is still the state that we hold: it is not asked for again', async () => {
  const { enrolled } = await setUp();
  const agent = await connectedAgent(enrolled);
  const whole = state([verdict(), verdict({ control: 'MOM-NEW-777' }), verdict({ control: 'CAS-NODE-001' })]);
  agent.send(whole);
  agent.send(transition(1, { subject: 'another' }));
  await agent.take('ack');
  agent.send(whole);
  agent.send(transition(2, {}));
  await agent.take('ack');
  await agent.close();
  const again = await connectedAgent(enrolled, { stateDigest: (whole as { digest: string }).digest });
  again.send(transition(3, {}));
  await again.take('ack');
  expect(again.inbox.some((message) => message.type === 'needFull')).toBe(false);
});

test('title, severity, sources and remediation are those of the catalogue, whatever the node says', async () => {
  const { server, enrolled, active } = await setUp();
  await sent(enrolled, [
    {
      title: 'All is well',
      severity: 'low',
      sources: ['https://evil.example'],
      remediation: 'certificate-renew',
    },
    // A control whose cases differ: the case that the node saw stands, within what the control declares.
    { control: 'MOM-CRT-001', subject: 'a', severity: 'critical', title: 'x' },
  ]);
  const [tls] = (await active()).filter((f) => f.control === 'MOM-TLS-001');
  const control = server.ctx.catalogue.controls.find(({ id }) => id === 'MOM-TLS-001');
  expect(tls).toMatchObject({
    title: control?.title,
    severity: control?.severity,
    remediation: control?.remediation,
  });
  expect(tls?.verdict).toMatchObject({ title: control?.title, severity: control?.severity });
  expect(tls?.verdict.sources).toEqual(control?.sources);
});

test.each([
  ['verdicts', { verdictsMax: 5 }],
  ['verdict bytes', { verdictBytesMax: 4_000 }],
  ['findings', { findingsMax: 5 }],
] as const)(
  'beyond the quota of %s one finding tells of the node, what is known still moves, and nobody else notices',
  async (what, share) => {
    const { server, enrolled, active } = await setUp(share);
    const other = await enrolNew(server, 'mta2.example.com');
    const many = Array.from({ length: 20 }, (_, n) => ({ subject: `listener ${n}` }));
    const agent = await sent(enrolled, many);
    agent.send(transition(21, { subject: 'listener 0', status: 'pass', violations: [] }));
    await agent.take('ack');
    await watchShares(server.ctx);
    await watchShares(server.ctx);
    const found = await active();
    const own = found.filter((f) => f.control.startsWith('CAS-'));
    expect(own.map((f) => f.control)).toEqual(['CAS-NODE-003']);
    expect(own[0]?.summary).toContain(what);
    expect(found.length).toBeLessThan(10);
    expect(found.some((f) => f.subject === 'listener 0')).toBe(false);
    await sent(other, [{}]);
    expect(await server.ctx.store.read.findings.activeOfNode(other.nodeId)).toHaveLength(1);
  },
);

test('a node that fails everything it can is a few pages, and one about all the rest', async () => {
  const { server, enrolled } = await setUp();
  const receiver = await startReceiver();
  const made = await createTarget(server.ctx, 'cli:test', webhookOf(receiver.url));
  if (!made.ok) throw made.error;
  const stormTarget = made.value.id;
  const { newOfNodeMax } = server.ctx.facts.alerts;
  const controls = readCatalogue()
    .controls.filter(
      ({ id, severity }) => severity === 'high' && id.startsWith('MOM-') && !id.startsWith('MOM-TLS-'),
    )
    .map(({ id }) => id);
  expect(controls.length).toBeGreaterThan(10);
  await sent(
    enrolled,
    controls.map((control) => ({ control })),
  );
  await eventually(() => receiver.pages.length === newOfNodeMax + 1, 'the pages');
  const pages = receiver.pages.map(({ body }) => body.data);
  expect(pages.filter(({ alert }) => alert.control === STORM_CONTROL)).toHaveLength(1);
  const { alerts } = server.ctx.store.read;
  const stormClass = `other ${enrolled.nodeId}`;
  await eventually(async () => {
    const storm = await alerts.latest({ control: STORM_CONTROL, groupName: '', stormTarget, stormClass }, 0);
    const members = await alerts.members({ id: storm?.id ?? '', stormTarget });
    return members.reduce((sum, { count }) => sum + count, 0) === controls.length - newOfNodeMax;
  }, 'all the others in the storm');
  // The node's flood hides nobody else.
  const other = await enrolNew(server, 'mta2.example.com');
  await sent(other, [{ control: 'MOM-CRT-006', subject: 'ecconfigd', severity: 'critical' }]);
  await eventually(
    () => receiver.pages.some(({ body }) => body.data.findings[0]?.node.name === 'mta2.example.com'),
    'the page about the other node',
  );
});

test('history beyond the share of a node is forgotten, the oldest first', async () => {
  const { server, enrolled } = await setUp({ resolvedFindingsMax: 3 });
  const flips = Array.from({ length: 20 }, (_, n): Parameters<typeof verdict>[0] => ({
    status: n % 2 ? 'pass' : 'fail',
    violations: [],
  }));
  await sent(enrolled, flips);
  const { purgeBeyondShare } = await import('../services/retention.js');
  await purgeBeyondShare(server.ctx);
  const kept = await server.ctx.store.read.findings.list({ state: 'resolved' }, { limit: 100, cursor: null });
  expect(kept.items).toHaveLength(3);
});

test('a boot for each record leaves no row for each', async () => {
  const { server, enrolled } = await setUp({ bootsMax: 3 });
  const agent = await connectedAgent(enrolled);
  for (let n = 0; n < 10; n += 1) {
    agent.send(transition(1, {}, `boot-${n}`));
    await agent.take('ack');
  }
  const first = await server.ctx.store.read.verdicts.receivedUpTo(enrolled.nodeId, 'boot-0');
  const last = await server.ctx.store.read.verdicts.receivedUpTo(enrolled.nodeId, 'boot-9');
  expect([first, last]).toEqual([0, 1]);
});

test('a node that sends more than its rate is slowed, not cut, and another is acknowledged meanwhile', async () => {
  const { server, enrolled } = await setUp({ unaskedStates: { perSecond: 1, burst: 2 } });
  const other = await enrolNew(server, 'mta2.example.com');
  const flood = await connectedAgent(enrolled);
  for (let n = 0; n < 12; n += 1) {
    const verdicts = Array.from({ length: 64 }, (_, k) =>
      verdict({ subject: `listener ${k}`, summary: `round ${n}` }),
    );
    flood.send(state(verdicts));
  }
  const agent = await connectedAgent(other);
  agent.send(transition(1));
  expect(await agent.take('ack')).toMatchObject({ upTo: 1 });
  await eventually(() => server.ctx.counters.entries('nodesSlowed').length > 0, 'the slowing');
  expect(flood.socket.readyState).toBe(flood.socket.OPEN);
});

test('one session logs no more lines about bad frames than the share of its node', async () => {
  const lines: string[] = [];
  const note = (fields: { event: string }) => void lines.push(fields.event);
  const log = { debug: note, info: note, warn: note, error: note };
  const server = await startTestServer({
    adapters: { log },
    options: { share: { ...NODE_SHARE, logLines: { perSecond: 0, burst: 3 } } },
  });
  const enrolled = await enrolNew(server);
  for (let n = 0; n < 10; n += 1) {
    const agent = await connectedAgent(enrolled);
    agent.send('{');
    await agent.closed;
  }
  expect(lines.filter((event) => event === 'gateway.badFrame')).toHaveLength(3);
});

test('the stop is obeyed while states wait: what was not acknowledged is dropped', async () => {
  const { server, enrolled } = await setUp();
  const agent = await connectedAgent(enrolled);
  for (let n = 0; n < 8; n += 1)
    agent.send(
      state(Array.from({ length: 64 }, (_, k) => verdict({ subject: `${k}`, summary: `round ${n}` }))),
    );
  agent.send(hello());
  const begun = performance.now();
  await server.stop();
  // The bound is a sum of limits in the code; this only fails where one of them is missing.
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test('the controls of the server itself are shown beside the others', async () => {
  const { server } = await setUp();
  const call = await signedIn(server, 'viewer');
  const { body } = await call('GET', '/controls');
  const ids = (body as { id: string }[]).map(({ id }) => id);
  expect(ids).toContain('CAS-NODE-001');
  expect(ids).toContain('MOM-TLS-001');
});
