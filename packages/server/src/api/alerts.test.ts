import { expect, test } from 'vitest';
import { verdict } from '../../testing/agent.js';
import { pagedServer } from '../../testing/paged-server.js';
import { startReceiver, webhookOf } from '../../testing/receiver.js';
import { type Caller, enrolNew, eventually, signedIn } from '../../testing/server.js';
import { moveFinding } from '../services/move-finding.js';
import { createTarget } from '../services/targets.js';
import { commit } from '../services/unit.js';

const HOUR_MS = 3_600_000;

interface Line {
  readonly id: string;
  readonly state: string;
  readonly severity: string;
  readonly counts: { readonly open: number; readonly acknowledged: number; readonly held: number };
  readonly nodes: number;
}
interface Page<T = Line> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly total: number;
  readonly facets: Record<string, { value: string; count: number }[]>;
}
interface Delivery {
  readonly id: string;
  readonly state: string;
  readonly alert: { readonly id: string; readonly title: string };
}

async function setUp() {
  const paged = await pagedServer();
  const call = await signedIn(paged.server, 'operator');
  const list = async (query = '') => (await call('GET', `/alerts${query}`)).body as Page;
  const only = async (query = '') => {
    const [line] = (await list(query)).items;
    if (!line) throw new Error('no alert');
    return line;
  };
  return { ...paged, call, list, only };
}

/** Whatever the triggers count is what is there. */
async function expectCounted({ ctx }: Awaited<ReturnType<typeof pagedServer>>, { id, counts }: Line) {
  const alert = await ctx.store.read.alerts.get(id);
  const members = alert ? await ctx.store.read.alerts.members(alert) : [];
  const sum = (isCounted: (member: (typeof members)[number]) => boolean) =>
    members.filter(isCounted).reduce((total, { count }) => total + count, 0);
  expect(counts).toEqual({
    open: sum(({ state, isHeld }) => state === 'open' && !isHeld),
    acknowledged: sum(({ state, isHeld }) => state === 'acknowledged' && !isHeld),
    held: sum(({ isHeld }) => isHeld),
  });
}

test('a list of alerts: what is open and worst first, narrowed, counted, searched, page by page, and as a file', async () => {
  const { say, list, call } = await setUp();
  await say('a', { control: 'MOM-A-001', severity: 'low', title: 'A key is private' });
  await say('b', { control: 'MOM-B-001', severity: 'critical', title: 'SSLv3 is off' });
  await say('c', { control: 'MOM-B-001', severity: 'high', title: 'SSLv3 is off' });
  await say('d', { control: 'MOM-C-001', severity: 'high', title: 'Gone again' });
  await say('d', { control: 'MOM-C-001', status: 'pass' });
  const all = await list('?state=all');
  expect(all.items.map(({ severity, state }) => `${severity} ${state}`)).toEqual([
    'critical open',
    'low open',
    'high ended',
  ]);
  const active = await list();
  expect(active).toMatchObject({
    total: 2,
    items: [
      { counts: { open: 2, acknowledged: 0, held: 0 }, nodes: 1, node: { name: 'mta1.example.com' } },
      {},
    ],
    facets: { severity: expect.arrayContaining([{ value: 'critical', count: 1 }]) },
  });
  expect((await list('?q=sslv3')).items).toHaveLength(1);
  expect((await list('?control=MOM-A-001')).items).toHaveLength(1);
  expect((await list('?kind=storm')).items).toEqual([]);
  expect((await list('?sort=findings')).items.map(({ counts }) => counts.open)).toEqual([2, 1]);
  const first = await list('?limit=1');
  const second = await list(`?limit=1&cursor=${first.next}`);
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(active.items.map(({ id }) => id));
  expect((await call('GET', '/alerts.csv')).body).toMatch(/^id,severity,state,control/);
});

test('the counts beside an alert follow every change of its findings', async () => {
  const s = await setUp();
  const check = async () => {
    for (const line of (await s.list('?state=all')).items) await expectCounted(s, line);
  };
  for (const subject of ['a', 'b', 'c', 'd']) await s.say(subject);
  await check();
  const { id } = await s.finding('a');
  await s.call('POST', `/findings/${id}/acknowledge`, {});
  await check();
  const until = new Date(s.clock.now() + HOUR_MS).toISOString();
  await s.call('POST', `/findings/${(await s.finding('b')).id}/waive`, { reason: 'known', until });
  await check();
  expect((await s.only()).counts).toEqual({ open: 2, acknowledged: 1, held: 1 });
  await s.say('c', { status: 'pass' });
  await check();
  const matchers = { node: s.nodeId };
  await s.call('POST', '/silences', { matchers, ends: until, reason: 'the rack is moved' });
  await check();
  expect(await s.only()).toMatchObject({ state: 'held', counts: { open: 0 } });
  for (const subject of ['a', 'b', 'd']) await s.say(subject, { status: 'pass' });
  await check();
  expect(await s.only('?state=ended')).toMatchObject({ counts: { open: 0, acknowledged: 0, held: 0 } });
});

test('one alert: who has it, what its target was told and will be told, its findings and its deliveries', async () => {
  const s = await setUp();
  const { nodeId } = await enrolNew(s.server, 'mta2.example.com');
  await s.say('a');
  await commit(s.ctx, (unit) => moveFinding(unit, nodeId, verdict({ subject: 'a' })));
  await s.heardInAll();
  const { id, nodes } = await s.only();
  expect(nodes).toBe(2);
  const detail = async () => (await s.call('GET', `/alerts/${id}`)).body as { told: object[] };
  // The target has it before what it knows is written down.
  const told = await eventually(async () => {
    const [first] = (await detail()).told as { last: unknown }[];
    return first?.last ? first : null;
  }, 'what the target was told');
  expect(told).toMatchObject({ last: { state: 'firing', severity: 'high' }, storm: null });
  expect((await s.call('GET', `/findings?alert=${id}`)).body).toMatchObject({ total: 2 });

  const note = { comment: 'on it', until: new Date(s.clock.now() + HOUR_MS).toISOString() };
  const taken = await s.call('POST', `/alerts/${id}/acknowledge`, note);
  expect(taken.body).toEqual({ acknowledged: 2, left: 0 });
  await eventually(() => s.pages.some(({ body }) => body.type === 'alert.acknowledged'), 'its page');
  await s.heardInAll();
  expect(await detail()).toMatchObject({
    state: 'acknowledged',
    people: ['user:operator'],
    acknowledgements: [{ by: 'user:operator', note: 'on it', until: note.until, findings: 2 }],
    told: [{ last: { state: 'acknowledged' }, next: { at: null, words: 'nothing more: somebody has it' } }],
  });
  expect((await s.call('POST', `/alerts/${id}/acknowledge`, {})).status).toBe(409);
  const back = await s.call('POST', `/alerts/${id}/unacknowledge`, { comment: 'not mine' });
  expect(back.body).toEqual({ reopened: 2, left: 0 });
  expect((await s.call('POST', `/alerts/${id}/unacknowledge`, {})).status).toBe(409);
  await s.heardInAll();
  const deliveries = (await s.call('GET', `/deliveries?alert=${id}`)).body as Page<Delivery>;
  expect(deliveries.items[0]).toMatchObject({ alert: { id }, target: { name: expect.any(String) } });
  expect(deliveries.total).toBeGreaterThanOrEqual(3);
  expect((await s.call('GET', '/alerts/alr_none')).status).toBe(404);
  expect((await s.call('POST', '/alerts/alr_none/acknowledge', {})).status).toBe(404);
  const eve = await signedIn(s.server, 'viewer');
  expect((await eve('POST', `/alerts/${id}/acknowledge`, {})).status).toBe(403);
});

test('a storm lists its alerts, and whoever has it has all their findings', async () => {
  const s = await setUp();
  await commit(s.ctx, async (unit) => {
    for (let n = 0; n < 12; n += 1) await moveFinding(unit, s.nodeId, verdict({ control: `MOM-MANY-${n}` }));
  });
  await s.heardInAll();
  const storm = await s.only('?kind=storm');
  await expectCounted(s, storm);
  const detail = (await s.call('GET', `/alerts/${storm.id}`)).body as { alerts: { id: string }[] };
  expect(detail.alerts).toHaveLength(storm.counts.open);
  expect(detail.alerts.length).toBeGreaterThan(1);
  const [one] = detail.alerts;
  expect((await s.call('GET', `/alerts/${one?.id}`)).body).toMatchObject({
    told: [{ storm: { id: storm.id } }],
  });
  expect((await s.call('POST', `/alerts/${storm.id}/acknowledge`, {})).body).toEqual({
    acknowledged: detail.alerts.length,
    left: 0,
  });
  await s.heardInAll();
  expect(await s.only('?kind=storm')).toMatchObject({ state: 'acknowledged', counts: { open: 0 } });
});

async function withDead() {
  const s = await setUp();
  const receiver = await startReceiver();
  receiver.answer(410);
  const made = await createTarget(s.ctx, 'cli:test', {
    ...webhookOf(receiver.url, { severityMin: 'low' }),
    name: 'the gone one',
  });
  if (!made.ok) throw made.error;
  const target = made.value.id;
  await s.say('a', { control: 'MOM-A-001', title: 'A key is private' });
  await s.say('b', { control: 'MOM-B-001' });
  const dead = (call: Caller) => async () => {
    const page = (await call('GET', `/deliveries?target=${target}&state=dead`)).body as Page<Delivery>;
    return page.total === 2 ? page : null;
  };
  await eventually(dead(s.call), 'two dead letters');
  return { ...s, receiver, target };
}

test('deliveries of all targets: narrowed, counted, searched by their alert, and dead ones sent again together', async () => {
  const { call, target, receiver, ctx } = await withDead();
  const list = async (query: string) => (await call('GET', `/deliveries${query}`)).body as Page<Delivery>;
  const all = await list('');
  expect(all.facets.state).toEqual(expect.arrayContaining([{ value: 'dead', count: 2 }]));
  expect(all.facets.target).toHaveLength(2);
  expect((await list('?q=private&state=dead')).items).toMatchObject([
    { alert: { title: 'A key is private' } },
  ]);
  expect((await list('?reason=opened&type=alert.firing')).total).toBe(4);
  expect((await list('?sort=next')).items).toHaveLength(4);

  const past = new Date(Date.now() + HOUR_MS).toISOString();
  expect((await call('POST', '/deliveries/replay', { since: past })).body).toMatchObject({ replayed: 0 });
  expect((await call('POST', '/deliveries/replay', { target: 'tgt_none' })).status).toBe(404);
  receiver.answer(204);
  const again = await call('POST', '/deliveries/replay', { target });
  expect(again.body).toEqual({ replayed: 2, dropped: 0, left: 0 });
  await eventually(async () => (await ctx.store.read.deliveries.counts()).dead === 0, 'no dead letter');
  await eventually(async () => (await list(`?target=${target}&state=delivered`)).total === 2, 'both');
});

test('of several dead letters of one alert only the newest is sent', async () => {
  const { call, target, receiver, ctx, finding } = await withDead();
  const { alertId, id: findingId } = await finding('a', 'MOM-A-001');
  await commit(ctx, async ({ tx, now, ctx: { random } }) => {
    const [id, type, reason] = [random.id('msg'), 'alert.firing', 'worse'] as const;
    const about = { targetId: target, alertId: alertId ?? '', findingId, nodeId: null, isCritical: false };
    await tx.deliveries.queue({ id, type, reason, at: now, ...about });
    await tx.deliveries.settle(id, { state: 'dead' });
  });
  receiver.answer(204);
  expect((await call('POST', '/deliveries/replay', {})).body).toEqual({ replayed: 2, dropped: 1, left: 0 });
});
