import { SKEW_MS_MAX } from '@castellan/shared/model/clock-skew';
import type { AgentMessage } from '@castellan/shared/protocol/messages';
import { describe, expect, test } from 'vitest';
import { connectedAgent, enrol } from '../../testing/agent.js';
import { enrolNew, eventually, newToken, startTestServer } from '../../testing/server.js';
import type { RunningServer } from '../app/server.js';
import { FIRST_CONNECTION_MS } from '../domain/node-silence.js';
import { PROOF_MS_MAX, unprovenWatchers, WATCH_GRACE_MS } from '../domain/watchers.js';
import { findSilentNodes } from './find-silent-nodes.js';

const HOURS_10 = 10 * 3_600_000;
const heartbeat = (at: number, provenAt: number | null): AgentMessage => ({
  type: 'heartbeat',
  at: new Date(at).toISOString(),
  stateDigest: null,
  watchers: [{ name: 'events', provenAt: provenAt === null ? null : new Date(provenAt).toISOString() }],
  spool: { records: 0, bytes: 0, droppedTotal: 0 },
});

const found = (server: RunningServer, nodeId: string, control: string, count: number) =>
  eventually(async () => {
    const active = await server.ctx.store.read.findings.activeOfNode(nodeId);
    const own = active.filter((finding) => finding.control === control);
    return own.length === count ? own : null;
  }, `${count} findings of ${control}`);

/** A server whose two clocks the test holds. */
async function clockedServer(aheadMs = 0) {
  const times = { ahead: aheadMs, steady: 0 };
  const clock = { now: () => Date.now() + times.ahead, steady: () => times.steady };
  return { times, server: await startTestServer({ adapters: { clock } }) };
}

describe("a node's clock", () => {
  test.each([
    ['ahead of', HOURS_10],
    ['behind', -HOURS_10],
    ['ahead of', SKEW_MS_MAX + 60_000],
  ])(
    '%s ours by %d ms is a finding until it is right, at a hello or while it is connected',
    async (words, skew) => {
      const { server } = await clockedServer();
      const enrolled = await enrolNew(server);
      const agent = await connectedAgent(enrolled, { clock: new Date(Date.now() + skew).toISOString() });
      const [finding] = await found(server, enrolled.nodeId, 'CAS-NODE-010', 1);
      expect(finding).toMatchObject({ severity: 'medium', summary: expect.stringContaining(words) });
      agent.send(heartbeat(Date.now(), Date.now()));
      await found(server, enrolled.nodeId, 'CAS-NODE-010', 0);
      agent.send(heartbeat(Date.now() + skew, Date.now() + skew));
      await found(server, enrolled.nodeId, 'CAS-NODE-010', 1);
    },
  );

  test('that is wrong joins with no certificate, and its token stays good', async () => {
    const { server } = await clockedServer();
    const token = await newToken(server);
    const wrong = await enrol(server, token, { clock: new Date(Date.now() + HOURS_10).toISOString() });
    expect([wrong.status, wrong.body.code]).toEqual([409, 'CAS_CLOCK_SKEW']);
    expect((await enrol(server, token, { clock: new Date().toISOString() })).status).toBe(200);
  });
});

describe('an agent', () => {
  test('that names a problem of its own is one finding, until it names none', async () => {
    const { server } = await clockedServer();
    const enrolled = await enrolNew(server);
    const agent = await connectedAgent(enrolled);
    const ill = { ...heartbeat(Date.now(), Date.now()), problems: ['state: no room on the disk'] };
    agent.send(ill as AgentMessage);
    agent.send(ill as AgentMessage);
    const [finding] = await found(server, enrolled.nodeId, 'CAS-NODE-013', 1);
    expect(finding?.summary).toContain('no room on the disk');
    agent.send(heartbeat(Date.now(), Date.now()));
    await found(server, enrolled.nodeId, 'CAS-NODE-013', 0);
  });
});

describe("the server's clock", () => {
  test('that was ten hours ahead and is put right has its nodes back, and notices who is silent', async () => {
    const { server, times } = await clockedServer(HOURS_10);
    const [enrolled, gone] = [await enrolNew(server), await enrolNew(server, 'mta2.example.com')];
    times.ahead = 0;
    await connectedAgent(enrolled);
    times.steady = FIRST_CONNECTION_MS + 60_000;
    // Nobody has said anything for longer than anybody may take: both, also the one whose enrolment is still to come by this clock.
    expect((await findSilentNodes(server.ctx)).sort()).toEqual([enrolled.nodeId, gone.nodeId].sort());
  });

  test('that is put ten hours forward while it runs finds nobody silent', async () => {
    const { server, times } = await clockedServer();
    const enrolled = await enrolNew(server);
    const agent = await connectedAgent(enrolled);
    times.steady = 30_000;
    times.ahead = HOURS_10;
    expect(await findSilentNodes(server.ctx)).toEqual([]);
    times.steady = 240_000;
    expect(await findSilentNodes(server.ctx)).toEqual([enrolled.nodeId]);
    await agent.closed;
  });
});

describe('a watcher', () => {
  test.each([
    ['never proved itself', null],
    ['proved itself long ago', PROOF_MS_MAX + 1_000],
  ])('that %s is a finding after a while, and ends when it does', async (_name, ageMs) => {
    const { server, times } = await clockedServer();
    const enrolled = await enrolNew(server);
    const agent = await connectedAgent(enrolled);
    const beat = async (provenAt: number | null) => {
      const acks = agent.inbox.filter(({ type }) => type === 'heartbeatAck').length;
      agent.send(heartbeat(Date.now(), provenAt));
      await eventually(
        () => agent.inbox.filter(({ type }) => type === 'heartbeatAck').length > acks,
        'the ack',
      );
    };
    await beat(ageMs === null ? null : Date.now() - ageMs);
    await found(server, enrolled.nodeId, 'CAS-NODE-011', 0);
    await eventually(
      () => server.ctx.presence.quietMs(`unproven:${enrolled.nodeId}`) !== null,
      'it is noted',
    );
    times.steady = WATCH_GRACE_MS;
    await beat(ageMs === null ? null : Date.now() - ageMs);
    expect(await found(server, enrolled.nodeId, 'CAS-NODE-011', 1)).toMatchObject([{ severity: 'medium' }]);
    await beat(Date.now());
    await found(server, enrolled.nodeId, 'CAS-NODE-011', 0);
  });

  test('that says what it cannot watch is heard', () => {
    const at = new Date().toISOString();
    const watchers = [{ name: 'events', provenAt: at, problem: 'no more watches (ENOSPC)' }];
    expect(unprovenWatchers({ at, watchers })).toEqual([expect.stringContaining('ENOSPC')]);
    expect(unprovenWatchers({ at, watchers: [{ name: 'events', provenAt: at }] })).toEqual([]);
  });
});
