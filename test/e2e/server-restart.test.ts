import { afterEach, expect, test } from 'vitest';
import type { Fleet } from '../standin/dist/demo/fleet.js';
import type { Page } from '../standin/dist/demo/rest.js';
import { until } from '../standin/dist/demo/wait.js';
import {
  agentLog,
  agentLogs,
  connected,
  findingIs,
  findings,
  KEYS,
  query,
  setMode,
  startFleet,
  storeHealth,
  WAIT_MS,
} from './fleet.js';

const TEST_MS = 120_000;
const CHANGES = 16;
/** Of the longest test: of each eight changes one. */
const KILLS = CHANGES / 8;
const KEY_ACCESS = 'MOM-CRT-009';
const SEEN = `"verdict.changed","control":"${KEY_ACCESS}"`;

let fleet: Fleet | null = null;
afterEach(async () => {
  await fleet?.stop({ keep: false });
  fleet = null;
});

const pages = (of: Fleet, type: string) =>
  of.receiver.pages.filter((page) => page.type === type && page.data.alert.control === KEY_ACCESS);

test.each([
  ['SIGTERM', 0],
  ['SIGKILL', null],
] as const)(
  'what changes while the server is down (%s) is told exactly once when it is up again',
  { timeout: TEST_MS },
  async (signal, code) => {
    fleet = await startFleet([], { logLevel: 'debug' });
    const running = fleet;
    expect(await fleet.stopServer(signal)).toBe(code);
    setMode(fleet, KEYS.ecconfigd, 0o644);
    // The agent sees it, and keeps it: nobody is there to hear.
    await agentLogs(fleet, SEEN);
    await fleet.restartServer();
    await connected(fleet);
    const open = await findingIs(fleet, KEY_ACCESS, 'open');
    expect(open.history.map(({ to }) => to)).toEqual(['open']);

    await until('the page', WAIT_MS, () => pages(running, 'alert.firing')[0] ?? null);
    setMode(fleet, KEYS.ecconfigd, 0o600);
    const resolved = await findingIs(fleet, KEY_ACCESS, 'resolved');
    expect(resolved.history.map(({ to }) => to)).toEqual(['open', 'resolved']);
    await until('the page that it is over', WAIT_MS, () => pages(running, 'alert.resolved')[0] ?? null);
    expect(pages(fleet, 'alert.firing')).toHaveLength(1);
    expect(pages(fleet, 'alert.resolved')).toHaveLength(1);
    expect(fleet.receiver.rejected).toBe(0);
    await hasNoHole(fleet);
  },
);

test('a server killed again and again while a node reports loses nothing and takes nothing twice', {
  timeout: TEST_MS,
}, async () => {
  fleet = await startFleet([], { logLevel: 'debug' });
  for (let i = 0; i < CHANGES; i += 1) {
    setMode(fleet, KEYS.ecconfigd, i % 2 === 0 ? 0o644 : 0o600);
    // Each change is a transition of its own.
    await agentLogs(fleet, SEEN, i + 1);
    if (i % 8 === 3) await fleet.stopServer('SIGKILL');
    if (i % 8 === 5) await fleet.restartServer();
  }
  await connected(fleet);
  await hasNoHole(fleet);
  const all = (await findings(fleet)).filter(({ control }) => control === KEY_ACCESS);
  // Every break was a finding of its own, opened once and ended once. One that was lost or came twice would show. A node
  // that needs long to come back has its findings doubted meanwhile: that is in the history, and changes no state.
  expect(all.map(({ history }) => history.filter(({ from, to }) => from !== to).map(({ to }) => to))).toEqual(
    Array.from({ length: CHANGES / 2 }, () => ['open', 'resolved']),
  );
  await tellsEachAtMostOnce(fleet);
  expect(await storeHealth(fleet)).toMatchObject({ integrity: 'ok', audit: { code: 0 } });
});

/** What the agent has numbered is what the server has received, and never was a number missing. */
async function hasNoHole(of: Fleet): Promise<void> {
  const seen = agentLog(of).split('"verdict.changed"').length - 1;
  const received = await until('everything is received', WAIT_MS, async () => {
    const rows = await query<{ up_to: number }>(of, 'select up_to from received');
    return rows.some(({ up_to }) => up_to >= seen) ? rows : null;
  });
  expect(received).toEqual([{ up_to: seen }]);
  expect(agentLog(of)).not.toContain('numbers are missing');
}

interface Delivery {
  readonly id: string;
  readonly alertId: string;
  readonly type: string;
  readonly state: string;
}

/**
 * A page about what is over meanwhile is dropped; whatever was sent has one id, also when a server that was killed
 * between sending and noting sends it again.
 */
async function tellsEachAtMostOnce(of: Fleet): Promise<void> {
  const [target] = (await of.rest.get<Page<{ id: string }>>('/targets')).items;
  const deliveries = await until('no page is owed', WAIT_MS, async () => {
    const { items } = await of.rest.get<Page<Delivery>>(`/deliveries?target=${target?.id}&limit=200`);
    return items.every(({ state }) => state === 'delivered' || state === 'dropped') ? items : null;
  });
  const told = deliveries.filter(({ state }) => state === 'delivered').map(({ id }) => id);
  const arrived = new Set(of.receiver.pages.map(({ id }) => id));
  expect(told.filter((id) => !arrived.has(id))).toEqual([]);
  // One that arrived when its server was killed, and was about what was over when the next one looked, is dropped.
  const dropped = deliveries.filter(({ state, id }) => state === 'dropped' && arrived.has(id));
  expect(dropped.length).toBeLessThanOrEqual(KILLS);
  expect(arrived.size).toBe(told.length + dropped.length);
  // Of one alert no two messages in a row say the same.
  const types = deliveries
    .filter(({ id }) => arrived.has(id))
    .reverse()
    .map(({ alertId, type }) => [alertId, type] as const);
  for (const alertId of new Set(types.map(([id]) => id))) {
    const ofAlert = types.filter(([id]) => id === alertId).map(([, type]) => type);
    expect(ofAlert.some((type, n) => type === ofAlert[n - 1])).toBe(false);
  }
}
