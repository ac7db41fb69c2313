import { afterEach, expect, test } from 'vitest';
import {
  connectedAgent,
  type Enrolled,
  enrol,
  type TestAgent,
  transition,
} from '../../packages/server/testing/agent.js';
import type { Fleet } from '../standin/dist/demo/fleet.js';
import { until } from '../standin/dist/demo/wait.js';
import { newToken, query, startServerOnly, storeHealth, WAIT_MS } from './fleet.js';

const TEST_MS = 180_000;
const NODES = 4;
const RECORDS = 150;
const KILLS = 2;

let fleet: Fleet | null = null;
afterEach(async () => {
  await fleet?.stop({ keep: false });
  fleet = null;
});

interface PlayedNode {
  readonly name: string;
  readonly enrolled: Enrolled;
  agent: TestAgent;
  acked: number;
}

function acknowledged({ inbox }: TestAgent): number {
  return Math.max(0, ...inbox.map((message) => (message.type === 'ack' ? message.upTo : 0)));
}

/** Everything that was not acknowledged is sent again, as the spool does. */
function sendRest(node: PlayedNode): void {
  for (let seq = node.acked + 1; seq <= RECORDS; seq += 1)
    node.agent.send(transition(seq, { subject: `listener ${seq}` }));
}

test('a server killed again and again while four nodes report has every record once, and one alert names every finding', {
  timeout: TEST_MS,
}, async () => {
  fleet = await startServerOnly();
  await fleet.startReceiver();
  const server = fleet;
  const nodes: PlayedNode[] = [];
  for (let i = 1; i <= NODES; i += 1) {
    const name = `mta${i}.example.com`;
    const { enrolled } = await enrol(fleet, await newToken(fleet), { name });
    nodes.push({ name, enrolled, agent: await connectedAgent(enrolled), acked: 0 });
  }
  for (let kill = 1; kill <= KILLS; kill += 1) {
    for (const node of nodes) sendRest(node);
    const enough = (kill * RECORDS) / (KILLS + 1);
    await until('some are acknowledged, not all', WAIT_MS, () =>
      nodes.some(({ agent }) => acknowledged(agent) >= enough) ? true : null,
    );
    await fleet.stopServer('SIGKILL');
    for (const node of nodes) {
      await node.agent.closed;
      node.acked = Math.max(node.acked, acknowledged(node.agent));
    }
    await keptWhatWasAcknowledged(fleet, nodes);
    await fleet.restartServer();
    for (const node of nodes) node.agent = await connectedAgent(node.enrolled);
  }
  for (const node of nodes) sendRest(node);
  await until('all is acknowledged', WAIT_MS, () =>
    nodes.every(({ agent }) => acknowledged(agent) === RECORDS) ? true : null,
  );

  const total = NODES * RECORDS;
  const lives = await query<{ lives: number; openings: number }>(
    fleet,
    `select count(distinct f.id) as lives, count(*) as openings
         from findings f join finding_history h on h.finding_id = f.id and h.from_state is null and h.to_state = 'open'
        where f.control = 'MOM-TLS-001' group by f.node_id, f.subject`,
  );
  expect(lives).toEqual(Array.from({ length: total }, () => ({ lives: 1, openings: 1 })));
  expect(await query(fleet, 'select distinct up_to from received')).toEqual([{ up_to: RECORDS }]);

  await until('every page has arrived', WAIT_MS, async () => {
    const owed = await query(server, "select id from deliveries where state = 'pending'");
    return owed.length === 0 ? true : null;
  });
  // One cause is one alert with every finding in it. It began once; what else was said of it is that it grew.
  const alerts =
    "select a.id, count(f.id) as n from alerts a join findings f on f.alert_id = a.id where a.control = 'MOM-TLS-001' group by a.id";
  expect(await query(fleet, alerts)).toMatchObject([{ n: total }]);
  const pages = server.receiver.pages.filter(({ data }) => data.alert.control === 'MOM-TLS-001');
  const reasons = [...new Map(pages.map(({ id, data }) => [id, data.reason])).values()];
  expect(reasons.filter((reason) => reason === 'opened')).toHaveLength(1);
  expect(reasons.filter((reason) => reason !== 'opened' && reason !== 'grew')).toEqual([]);
  expect(await storeHealth(fleet)).toMatchObject({ integrity: 'ok', audit: { code: 0 } });
});

/** What was acknowledged is in the file that the kill left behind. */
async function keptWhatWasAcknowledged(of: Fleet, nodes: readonly PlayedNode[]): Promise<void> {
  const rows = await query<{ node_id: string; up_to: number }>(of, 'select node_id, up_to from received');
  const kept = new Map(rows.map(({ node_id, up_to }) => [node_id, up_to]));
  for (const { enrolled, acked } of nodes)
    expect(kept.get(enrolled.nodeId) ?? 0).toBeGreaterThanOrEqual(acked);
}
