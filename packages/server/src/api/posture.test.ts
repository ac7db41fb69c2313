import { expect, test } from 'vitest';
import { connectedAgent, transition } from '../../testing/agent.js';
import { enrolNew, eventually, signedIn, startTestServer } from '../../testing/server.js';
import { postureSeries } from '../services/posture.js';
import { takePostureDaily } from '../services/posture-days.js';
import { purgeExpired } from '../services/retention.js';

const DAY_MS = 86_400_000;

/** A server by a clock of its own, with two findings and a pass. */
async function setUp() {
  const now = Date.now();
  const time = { now: now - (now % DAY_MS) + DAY_MS / 2 };
  const server = await startTestServer({ adapters: { clock: { now: () => time.now } as never } });
  const call = await signedIn(server, 'viewer');
  const { nodeId, agent } = await join(server, time.now);
  const get = async <T>(path: string) => (await call('GET', path)).body as T;
  return { server, ctx: server.ctx, time, call, get, nodeId, agent };
}

async function join(server: Awaited<ReturnType<typeof startTestServer>>, now: number) {
  const enrolled = await enrolNew(server);
  const agent = await connectedAgent(enrolled, { clock: new Date(now).toISOString() });
  agent.send(transition(1, { subject: 'inbound', severity: 'high' }));
  agent.send(transition(2, { subject: 'outbound', severity: 'low' }));
  agent.send(transition(3, { control: 'MOM-TLS-002', subject: 'a key', status: 'pass' }));
  await eventually(() => agent.inbox.some((m) => m.type === 'ack' && m.upTo === 3), 'the acknowledgement');
  return { nodeId: enrolled.nodeId, agent };
}

interface Series {
  readonly firstDay: string;
  readonly points: readonly Record<string, unknown>[];
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

test('the series of the fleet, a group and a control ends with the day as it is now', async () => {
  const { get, time } = await setUp();
  const fleet = await get<Series>('/posture');
  expect(fleet.firstDay).toBe(dayOf(time.now));
  expect(fleet.points).toMatchObject([
    {
      day: dayOf(time.now),
      critical: 0,
      high: 1,
      medium: 0,
      low: 1,
      stale: 0,
      held: 0,
      judged: 1,
      passing: 0,
    },
  ]);
  expect((await get<Series>('/posture?group=mta&control=MOM-TLS-002')).points).toMatchObject([
    { high: 0, low: 0, judged: 1, passing: 1 },
  ]);
  // A group that nobody is in has nothing open, on each day that was counted.
  expect((await get<Series>('/posture?group=nobody')).points).toMatchObject([{ high: 0, judged: 0 }]);
});

test('a day is counted at its hour, once, and as soon as it has no rows; old days go', async () => {
  const { ctx, time, agent } = await setUp();
  await takePostureDaily(ctx);
  const first = time.now;
  agent.send(transition(4, { subject: 'third', severity: 'critical' }));
  await eventually(() => agent.inbox.some((m) => m.type === 'ack' && m.upTo === 4), 'the acknowledgement');
  const taken = async () => await ctx.store.read.posture.takenAt(dayOf(time.now));
  time.now += 60 * 60_000;
  await takePostureDaily(ctx);
  expect(await taken()).toBe(first);
  time.now = first + 11 * 3_600_000;
  await takePostureDaily(ctx);
  expect(await taken()).toBe(time.now);
  const last = time.now;
  time.now += 60_000;
  await takePostureDaily(ctx);
  expect(await taken()).toBe(last);
  // Two days on, one of them without the server: it has no point.
  time.now = last + 2 * DAY_MS;
  const { points } = await postureSeries(ctx, { from: dayOf(first - DAY_MS) });
  expect(points.map(({ day, critical }) => [day, critical])).toEqual([
    [dayOf(first), 1],
    [dayOf(time.now), 1],
  ]);
  time.now = first + 401 * DAY_MS;
  await purgeExpired(ctx);
  expect(await ctx.store.read.posture.firstDay()).toBe(dayOf(last + 2 * DAY_MS));
});

test('what opened, got worse and was resolved since an instant, by control', async () => {
  const { get, time, agent } = await setUp();
  const since = new Date(time.now + 1).toISOString();
  time.now += 60_000;
  agent.send(transition(4, { subject: 'inbound', severity: 'critical' }));
  agent.send(transition(5, { subject: 'outbound', severity: 'low', status: 'pass' }));
  agent.send(transition(6, { subject: 'a third', severity: 'medium' }));
  await eventually(() => agent.inbox.some((m) => m.type === 'ack' && m.upTo === 6), 'the acknowledgement');
  const changes = await get<object>(`/posture/changes?since=${since}`);
  expect(changes).toMatchObject({
    opened: 1,
    resolved: 1,
    worse: 1,
    left: 0,
    items: [{ control: 'MOM-TLS-001', opened: 1, resolved: 1, worse: 1, worst: 'critical' }],
  });
  expect(await get(`/posture/changes?since=${new Date(time.now + 1).toISOString()}`)).toMatchObject({
    items: [],
  });
});

test('the matrix has groups, or the nodes of one, and says what passes', async () => {
  const { get, nodeId } = await setUp();
  const cells = (column: string) => [
    { control: 'MOM-TLS-001', column, state: 'high', count: 2 },
    { control: 'MOM-TLS-002', column, state: 'pass', count: 0 },
  ];
  const groups = await get<{ cells: { control: string }[] }>('/posture/matrix');
  expect(groups).toMatchObject({ kind: 'groups', columns: [{ id: 'mta' }], cells: cells('mta'), left: 0 });
  const nodes = await get<{ cells: { control: string }[] }>('/posture/matrix?group=mta');
  expect(nodes).toMatchObject({ kind: 'nodes', columns: [{ id: nodeId }], next: null });
  expect(nodes.cells).toEqual(cells(nodeId));
});

test('each is a file too', async () => {
  const { get, time } = await setUp();
  expect(await get('/posture.csv')).toMatch(new RegExp(`\r\n${dayOf(time.now)},0,1,0,1,0,0,1,0,`));
  expect(await get('/posture/changes.csv')).toContain('\r\nMOM-TLS-001,');
  expect(await get('/posture/matrix.csv')).toMatch(/\r\nMOM-TLS-001,.*,mta,high,2\r\n/);
});

test.each([
  ['/posture?from=2026-02-30', 'is not a day'],
  ['/posture?from=2026-11-28&to=2026-11-27', 'it is after'],
  ['/posture?from=2020-01-01&to=2026-11-28', 'at most 400 days at once'],
  ['/posture/changes?since=2020-01-01T00:00:00.000Z', 'at most 400 days ago'],
])('%s is refused: %s', async (path, words) => {
  const { call } = await setUp();
  const { status, body } = await call('GET', path);
  expect(status).toBe(400);
  expect((body as { detail: string }).detail).toContain(words);
});

test.each([
  ['viewer', false],
  ['admin', true],
])('a session says what a %s may do', async (role, isAdmin) => {
  const server = await startTestServer();
  const call = await signedIn(server, role);
  const { user } = (await call('GET', '/session')).body as { user: { permissions: string[] } };
  expect(user.permissions).toContain('see');
  expect(user.permissions.includes('audit.read')).toBe(isAdmin);
});
