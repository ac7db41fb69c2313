import { expect, test } from 'vitest';
import { pagedServer } from '../../testing/paged-server.js';
import { signedIn } from '../../testing/server.js';
import { WAIVED_MS_MAX } from '../domain/finding/waiver.js';
import { endWaivers, undoWaive, waiveFinding } from './waive.js';

const BY = 'user:olga';
const DAY_MS = 86_400_000;
type Server = Awaited<ReturnType<typeof pagedServer>>;

async function waive(s: Server, subject: string, days = 30) {
  const until = s.clock.now() + days * DAY_MS;
  const { id } = await s.finding(subject);
  const answer = await waiveFinding(s.ctx, BY, id, { reason: 'the vendor says so', until });
  if (!answer.ok) throw answer.error;
  return { id, until };
}

test('a waived finding says nothing more; its end is told', async () => {
  const s = await pagedServer();
  await s.say('inbound');
  await s.heard(1);
  const { id, until } = await waive(s, 'inbound');
  expect(await s.finding('inbound')).toMatchObject({
    state: 'waived',
    waiver: { by: BY, until, reason: 'the vendor says so', severity: 'high' },
  });
  s.pass(29 * DAY_MS);
  await endWaivers(s.ctx);
  await s.say('inbound');
  expect(await s.heardInAll()).toEqual(['firing']);
  await s.say('inbound', { status: 'pass' });
  expect(await s.heard(2)).toEqual(['firing', 'resolved']);
  expect(await s.ctx.store.read.findings.get(id)).toMatchObject({ state: 'resolved', waiver: null });
});

test('it ends at its end, not before: the finding is open and pages again', async () => {
  const s = await pagedServer();
  await s.say('inbound');
  await s.heard(1);
  const { id } = await waive(s, 'inbound', 1);
  s.pass(DAY_MS - 300_000);
  await endWaivers(s.ctx);
  expect((await s.finding('inbound')).state).toBe('waived');
  s.pass(300_001);
  await endWaivers(s.ctx);
  expect(await s.finding('inbound')).toMatchObject({ state: 'open', waiver: null });
  expect(await s.heard(2)).toEqual(['firing', 'firing']);
  expect((await s.ctx.store.read.findings.history(id)).at(-1)?.why).toBe('the waiver has ended');
});

test('worse than what was accepted is open again; milder, and as bad as it was, is not', async () => {
  const s = await pagedServer();
  await s.say('inbound', { severity: 'high' });
  await s.heard(1);
  await waive(s, 'inbound');
  for (const severity of ['medium', 'high'] as const) {
    await s.say('inbound', { severity });
    expect((await s.finding('inbound')).state).toBe('waived');
  }
  expect(await s.heardInAll()).toEqual(['firing']);
  await s.say('inbound', { severity: 'critical' });
  expect(await s.finding('inbound')).toMatchObject({ state: 'open', waiver: null });
  expect(await s.heard(2)).toEqual(['firing', 'firing']);
});

test('taken back, it is open and pages; what is not waived cannot be', async () => {
  const s = await pagedServer();
  await s.say('inbound');
  await s.heard(1);
  const { id } = await s.finding('inbound');
  expect(await undoWaive(s.ctx, BY, id, '')).toMatchObject({ error: { code: 'CAS_CONFLICT' } });
  await waive(s, 'inbound');
  await expect(waive(s, 'inbound')).rejects.toThrow('waived already');
  expect(await undoWaive(s.ctx, BY, id, 'too soon')).toMatchObject({
    value: { state: 'open', waiver: null },
  });
  expect(await s.heard(2)).toEqual(['firing', 'firing']);
});

test.each([
  ['an end that is over', { reason: 'x', until: -1 }],
  ['an end too far', { reason: 'x', until: WAIVED_MS_MAX + 60_000 }],
  ['no reason', { reason: ' ', until: DAY_MS }],
])('%s is refused, and nothing changes', async (_name, { reason, until }) => {
  const s = await pagedServer();
  await s.say('inbound');
  const { id } = await s.finding('inbound');
  const answer = await waiveFinding(s.ctx, BY, id, { reason, until: s.clock.now() + until });
  expect(answer).toMatchObject({ error: { code: 'CAS_INPUT_INVALID' } });
  expect((await s.finding('inbound')).state).toBe('open');
});

test('all under a filter; who may only look may do none of it', async () => {
  const s = await pagedServer();
  for (let n = 0; n < 3; n += 1) await s.say(`inbound ${n}`, { severity: 'low' });
  await s.say('other');
  const until = new Date(s.clock.now() + DAY_MS).toISOString();
  const body = { reason: 'a lab', until, filter: { severity: 'low' } };
  const call = await signedIn(s.server, 'operator');
  expect((await call('POST', '/findings/waive', body)).body).toEqual({ waived: 3, left: 0 });
  expect((await s.finding('other')).state).toBe('open');
  const { id } = await s.finding('inbound 1');
  expect((await call('GET', `/findings/${id}`)).body).toMatchObject({
    state: 'waived',
    waiver: { by: 'user:operator', reason: 'a lab', until, severity: 'low' },
  });
  expect((await call('POST', `/findings/${id}/unwaive`, {})).body).toMatchObject({ state: 'open' });
  expect((await call('POST', `/findings/${id}/waive`, { until })).status).toBe(400);
  const look = await signedIn(s.server, 'viewer');
  for (const path of [`/findings/${id}/waive`, `/findings/${id}/unwaive`, '/findings/waive'])
    expect((await look('POST', path, body)).status).toBe(403);
});
