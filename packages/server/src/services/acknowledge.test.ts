import { expect, test } from 'vitest';
import { verdict } from '../../testing/agent.js';
import { startReceiver, webhookOf } from '../../testing/receiver.js';
import { enrolNew, eventually, signedIn, startTestServer } from '../../testing/server.js';
import { authorityMaker } from '../adapters/authority.js';
import { ACKNOWLEDGED_AT_ONCE_MAX, ACKNOWLEDGED_MS_MAX } from '../domain/finding/acknowledgement.js';
import { acknowledgeFinding, acknowledgeMany, endAcknowledgements, undoAcknowledge } from './acknowledge.js';
import { moveFinding } from './move-finding.js';
import { createTarget } from './targets.js';
import { commit } from './unit.js';

const BY = 'user:olga';

async function setUp() {
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead };
  const server = await startTestServer({ adapters: { clock, maker: authorityMaker(clock) } });
  const { ctx } = server;
  const receiver = await startReceiver();
  const order = webhookOf(receiver.url, { severityMin: 'medium' });
  const target = await createTarget(ctx, 'cli:test', order);
  if (!target.ok) throw target.error;
  const { nodeId } = await enrolNew(server);
  return {
    server,
    ctx,
    clock,
    pass: (ms: number) => (ahead += ms),
    say: (subject: string, changes: Parameters<typeof verdict>[0] = {}) =>
      commit(ctx, (unit) => moveFinding(unit, nodeId, verdict({ subject, ...changes }))),
    finding: async (subject: string) => {
      const active = await ctx.store.read.findings.active(nodeId, 'MOM-TLS-001', subject);
      if (!active) throw new Error(`no finding of ${subject}`);
      return active;
    },
    /** What the receiver heard, once it heard so much. */
    heard: (count: number) =>
      eventually(async () => {
        const types = receiver.pages.map(({ body }) => body.type.slice(6));
        return types.length === count ? types : null;
      }, `${count} pages`),
    pages: receiver.pages,
  };
}

test('who was paged hears who has it, until when and why; the resolve follows', async () => {
  const s = await setUp();
  await s.say('inbound');
  await s.heard(1);
  const until = s.clock.now() + 3_600_000;
  const { id } = await s.finding('inbound');
  const answer = await acknowledgeFinding(s.ctx, BY, id, { note: 'on it', until });
  if (!answer.ok) throw answer.error;
  expect(answer.value).toMatchObject({
    state: 'acknowledged',
    acknowledgement: { by: BY, until: new Date(until).toISOString(), note: 'on it' },
  });
  await s.heard(2);
  expect(s.pages[1]?.body).toMatchObject({
    type: 'alert.acknowledged',
    data: {
      findings: [{ id, acknowledgement: { by: BY, note: 'on it', until: new Date(until).toISOString() } }],
    },
  });
  await s.say('inbound', { status: 'pass' });
  expect(await s.heard(3)).toEqual(['firing', 'acknowledged', 'resolved']);
  expect(await s.ctx.store.read.findings.get(id)).toMatchObject({ state: 'resolved', acknowledgement: null });
});

test('nobody hears that somebody has what nobody was paged for', async () => {
  const s = await setUp();
  await s.say('inbound', { severity: 'low' });
  const { id } = await s.finding('inbound');
  expect((await acknowledgeFinding(s.ctx, BY, id, { note: '', until: null })).ok).toBe(true);
  expect(await s.ctx.store.read.deliveries.ofFinding(id)).toEqual([]);
});

test('taken back, it is open and pages again', async () => {
  const s = await setUp();
  await s.say('inbound');
  await s.heard(1);
  const { id } = await s.finding('inbound');
  expect((await undoAcknowledge(s.ctx, BY, id, '')).ok).toBe(false);
  await acknowledgeFinding(s.ctx, BY, id, { note: '', until: null });
  await s.heard(2);
  expect((await undoAcknowledge(s.ctx, BY, id, 'not mine')).ok).toBe(true);
  expect(await s.heard(3)).toEqual(['firing', 'acknowledged', 'firing']);
  expect(await s.finding('inbound')).toMatchObject({ state: 'open', acknowledgement: null });
  expect((await s.ctx.store.read.findings.history(id)).at(-1)?.why).toBe(`taken back by ${BY}: not mine`);
});

test('it ends at its end, not before, and pages again; one without an end stays', async () => {
  const s = await setUp();
  await s.say('short');
  await s.heard(1);
  await s.say('long');
  const until = s.clock.now() + 60_000;
  await acknowledgeFinding(s.ctx, BY, (await s.finding('short')).id, { note: '', until });
  await acknowledgeFinding(s.ctx, BY, (await s.finding('long')).id, { note: '', until: null });
  await s.heard(2);
  await endAcknowledgements(s.ctx);
  expect((await s.finding('short')).state).toBe('acknowledged');
  s.pass(60_001);
  await endAcknowledgements(s.ctx);
  expect([(await s.finding('short')).state, (await s.finding('long')).state]).toEqual([
    'open',
    'acknowledged',
  ]);
  expect(await s.heard(3)).toEqual(['firing', 'acknowledged', 'firing']);
});

test('an end that is over, or too far, is refused, and nothing changes', async () => {
  const s = await setUp();
  await s.say('inbound');
  const { id } = await s.finding('inbound');
  for (const until of [s.clock.now() - 1, s.clock.now() + ACKNOWLEDGED_MS_MAX + 60_000]) {
    const answer = await acknowledgeFinding(s.ctx, BY, id, { note: '', until });
    expect(answer.ok ? null : answer.error.code).toBe('CAS_INPUT_INVALID');
  }
  expect((await s.finding('inbound')).state).toBe('open');
});

test('all under a filter, the worst first, up to a bound that is told', async () => {
  const s = await setUp();
  for (let n = 0; n < 3; n += 1) await s.say(`inbound ${n}`, { severity: 'low' });
  await s.say('other', { severity: 'high' });
  const call = await signedIn(s.server, 'operator');
  const { body } = await call('POST', '/findings/acknowledge', {
    comment: 'maintenance',
    filter: { severity: 'low', q: 'inbound' },
  });
  expect(body).toEqual({ acknowledged: 3, left: 0 });
  expect((await s.finding('other')).state).toBe('open');
  expect((await s.finding('inbound 2')).acknowledgement).toMatchObject({ note: 'maintenance', until: null });

  for (let n = 0; n < ACKNOWLEDGED_AT_ONCE_MAX; n += 1) await s.say(`many ${n}`, { severity: 'low' });
  const answer = await acknowledgeMany(s.ctx, BY, {}, { note: '', until: null });
  expect(answer.ok && answer.value).toEqual({ acknowledged: ACKNOWLEDGED_AT_ONCE_MAX, left: 1 });
  expect((await s.finding('other')).state).toBe('acknowledged');
});

test('who may only look may do none of it', async () => {
  const s = await setUp();
  const call = await signedIn(s.server, 'viewer');
  for (const [path, body] of [
    ['/findings/x/acknowledge', {}],
    ['/findings/x/unacknowledge', {}],
    ['/findings/acknowledge', { filter: {} }],
  ] as const)
    expect((await call('POST', path, body)).status).toBe(403);
});
