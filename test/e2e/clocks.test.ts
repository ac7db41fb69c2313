import { afterEach, describe, expect, test } from 'vitest';
import type { Fleet } from '../standin/dist/demo/fleet.js';
import type { Page, PlanRow } from '../standin/dist/demo/rest.js';
import { until } from '../standin/dist/demo/wait.js';
import { connected, findingIs, findings, NODE, operatorOf, startFleet, WAIT_MS } from './fleet.js';
import { ShiftedClock } from './shifted-clock.js';

const TEST_MS = 300_000;
/** A node that misses three is silent: long enough for a busy machine, short beside ten hours. */
const HEARTBEAT_MS = 3_000;
const CLOCK = 'CAS-NODE-010';
const SILENT = 'CAS-NODE-001';

let fleet: Fleet | null = null;
afterEach(async () => {
  await fleet?.stop({ keep: false });
  fleet = null;
});

async function statesOf(of: Fleet, control: string): Promise<readonly string[]> {
  return (await findings(of)).filter((finding) => finding.control === control).map(({ state }) => state);
}

/** The server judges silence every second: after two heartbeats it would have found whom it takes for silent. */
async function beats(of: Fleet): Promise<void> {
  const seen = new Set<string>();
  await until('two heartbeats', WAIT_MS, async () => {
    const { items } = await of.rest.get<Page<{ lastSeenAt: string | null }>>('/nodes');
    for (const { lastSeenAt } of items) if (lastSeenAt !== null) seen.add(lastSeenAt);
    return seen.size > 2 || null;
  });
}

async function answerOf(of: Fleet, remediation: string, params: Record<string, string>): Promise<PlanRow> {
  const { id: nodeId } = await operatorOf(of).nodeRow(NODE);
  const { id } = await of.rest.post<{ id: string }>('/plans', { nodeId, remediation, params });
  return until('the answer', WAIT_MS, async () => {
    const row = await of.rest.get<PlanRow>(`/plans/${id}`);
    return row.state === 'waiting' ? null : row;
  });
}

// By a start in one direction and a step in the other: both ends see both.
describe.each([10])('an agent whose clock is %d hours off', (hours) => {
  test('from its start on or by a step is a finding, obeys, and makes no certificate', {
    timeout: TEST_MS,
  }, async () => {
    const clock = new ShiftedClock(hours);
    fleet = await startFleet(['ecconfigd-certificate-expired', 'webui-key-open'], {
      heartbeatMs: HEARTBEAT_MS,
      environment: { agent: clock.environment },
    });
    await findingIs(fleet, CLOCK, 'open');
    const renewal = await answerOf(fleet, 'certificate-renew', { service: 'ecconfigd' });
    expect(renewal.error?.code).toBe('CAS_CLOCK_SKEW');
    // What has no date in it is not kept from being mended: a command ends by the clock that issued it.
    expect((await answerOf(fleet, 'permissions-repair', {})).error?.code).not.toBe('CAS_COMMAND_EXPIRED');

    clock.set(0);
    await findingIs(fleet, CLOCK, 'resolved');
    clock.set(-hours);
    await until('the finding again', WAIT_MS, async () =>
      fleet && (await statesOf(fleet, CLOCK)).includes('open') ? true : null,
    );
    expect(await statesOf(fleet, SILENT)).toEqual([]);
  });
});

describe.each([-10])('a server whose clock is %d hours off', (hours) => {
  test('has its nodes, also when it is put right or steps; who is silent then is noticed', {
    timeout: TEST_MS,
  }, async () => {
    const clock = new ShiftedClock(0);
    fleet = await startFleet([], { heartbeatMs: HEARTBEAT_MS, environment: { server: clock.environment } });
    expect(await fleet.stopServer('SIGTERM')).toBe(0);
    clock.set(hours);
    await fleet.restartServer();
    await connected(fleet);
    await findingIs(fleet, CLOCK, 'open');

    // While the server was down the node may have been silent for long: that counts, and is over now.
    const silences = (await statesOf(fleet, SILENT)).length;
    for (const step of [0, -hours, 0]) {
      clock.set(step);
      // A step of hours ends sign-ins as hours do.
      await fleet.rest.signIn(fleet.adminName, fleet.adminPassword);
      await beats(fleet);
    }
    await findingIs(fleet, CLOCK, 'resolved');
    expect(await statesOf(fleet, SILENT)).toHaveLength(silences);

    expect(await fleet.stopServer('SIGKILL')).toBe(null);
    await fleet.restartServer();
    await connected(fleet);
    await fleet.stopAgent(NODE, 'SIGKILL');
    await until('the silence is found', WAIT_MS, async () =>
      fleet && (await statesOf(fleet, SILENT)).includes('open') ? true : null,
    );
  });
});
