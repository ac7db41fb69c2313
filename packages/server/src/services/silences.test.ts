import { expect, test } from 'vitest';
import { pagedServer } from '../../testing/paged-server.js';
import { enrolNew, startTestServer, temporaryFolder } from '../../testing/server.js';
import type { Matchers } from '../domain/silence/silence.js';
import { HELD_AT_ONCE_MAX, SILENCE_SHOWN_MS, SILENCES_MAX } from '../domain/silence/silence.js';
import { acknowledgeFinding } from './acknowledge.js';
import { applySilences } from './holds/apply-silences.js';
import { moveNode } from './nodes.js';
import { purgeExpired } from './retention.js';
import {
  createSilence,
  endSilence,
  extendSilence,
  getSilence,
  listSilences,
  previewSilence,
} from './silences.js';

const BY = 'user:olga';
const HOUR_MS = 3_600_000;
const MARGIN_MS = 300_000;
type Server = Awaited<ReturnType<typeof pagedServer>>;
const ALL: Matchers = { control: 'MOM-TLS-001' };

async function silence(s: Pick<Server, 'ctx' | 'clock'>, hours = 1, matchers: Matchers = ALL) {
  const endsAt = s.clock.now() + hours * HOUR_MS;
  const made = await createSilence(s.ctx, BY, {
    matchers,
    reason: 'the firewall is replaced',
    schedule: { zone: 'UTC', startsAt: null, endsAt },
  });
  if (!made.ok) throw made.error;
  return made.value;
}

test('what opens under a silence is held before the first page, and pages when it ends', async () => {
  const s = await pagedServer();
  const { id } = await silence(s);
  await s.say('inbound');
  expect(await s.finding('inbound')).toMatchObject({ state: 'open', silenceId: id });
  expect(await s.heardInAll()).toEqual([]);
  expect(await getSilence(s.ctx, id)).toMatchObject({ state: 'active', holds: { findings: 1, open: 1 } });
  // The clock goes on by itself too: a busy machine takes seconds to get here.
  s.pass(HOUR_MS - MARGIN_MS);
  await applySilences(s.ctx);
  expect(await s.heardInAll()).toEqual([]);
  s.pass(MARGIN_MS);
  await applySilences(s.ctx);
  expect(await s.heard(1)).toEqual(['firing']);
  const { id: findingId, silenceId } = await s.finding('inbound');
  expect(silenceId).toBeNull();
  expect((await s.ctx.store.read.findings.history(findingId)).map(({ why }) => why)).toEqual([
    expect.any(String),
    expect.stringMatching(/^silenced by user:olga until 20.*Z: the firewall is replaced$/),
    'no longer silenced',
  ]);
});

test('what was paged, then silenced, then is over: the end is told', async () => {
  const s = await pagedServer();
  await s.say('inbound');
  await s.heard(1);
  await silence(s);
  expect((await s.finding('inbound')).silenceId).not.toBeNull();
  expect(await s.heardInAll()).toEqual(['firing']);
  await s.say('inbound', { status: 'pass' });
  expect(await s.heard(2)).toEqual(['firing', 'resolved']);
});

test('what was paged before it was silenced pages again when the silence ends, unless somebody has it', async () => {
  const s = await pagedServer();
  await s.say('inbound');
  await s.heard(1);
  await silence(s);
  s.pass(HOUR_MS);
  await applySilences(s.ctx);
  expect(await s.heard(2)).toEqual(['firing', 'firing']);
  await silence(s);
  await acknowledgeFinding(s.ctx, BY, (await s.finding('inbound')).id, { note: '', until: null });
  s.pass(HOUR_MS);
  await applySilences(s.ctx);
  expect(await s.heard(3)).toEqual(['firing', 'firing', 'acknowledged']);
  expect(await s.heardInAll()).toHaveLength(3);
});

test('an alert that grows under a silence is not told of; what is not matched pages as ever', async () => {
  const s = await pagedServer();
  await s.say('inbound');
  await s.heard(1);
  await silence(s);
  for (let n = 0; n < 5; n += 1) await s.say(`more ${n}`);
  s.pass(300_000);
  expect(await s.heardInAll()).toEqual(['firing']);
  await s.say('outbound', { control: 'MOM-TLS-002' });
  expect(await s.heard(2)).toEqual(['firing', 'firing']);
  expect(s.pages[1]?.body.data.alert.control).toBe('MOM-TLS-002');
  s.pass(HOUR_MS);
  await applySilences(s.ctx);
  await s.heard(3);
  expect(s.pages[2]?.body.data.counts.findings).toBe(6);
});

test('what was told is over while another, that nobody was told of, is silenced: the end is told', async () => {
  const s = await pagedServer();
  await s.say('inbound');
  await s.heard(1);
  await silence(s, 3, { subject: 'more' });
  await s.say('more');
  await s.say('inbound', { status: 'pass' });
  s.pass(s.ctx.facts.alerts.stayedAwayMs);
  expect(await s.heard(2)).toEqual(['firing', 'resolved']);
  s.pass(3 * HOUR_MS);
  await applySilences(s.ctx);
  expect(await s.heard(3)).toEqual(['firing', 'resolved', 'firing']);
});

test('of several that match the one that ends last holds; ended early, another takes over', async () => {
  const s = await pagedServer();
  const short = await silence(s, 1);
  await s.say('inbound');
  expect((await s.finding('inbound')).silenceId).toBe(short.id);
  const long = await silence(s, 3, { node: s.nodeId });
  expect((await s.finding('inbound')).silenceId).toBe(long.id);
  const middle = await silence(s, 2, { subject: 'inbound' });
  expect((await s.finding('inbound')).silenceId).toBe(long.id);
  expect((await endSilence(s.ctx, BY, long.id)).ok).toBe(true);
  expect((await s.finding('inbound')).silenceId).toBe(middle.id);
  await extendSilence(s.ctx, BY, short.id, s.clock.now() + 4 * HOUR_MS);
  expect((await s.finding('inbound')).silenceId).toBe(short.id);
  expect(await s.heardInAll()).toEqual([]);
  await endSilence(s.ctx, BY, short.id);
  await endSilence(s.ctx, BY, middle.id);
  expect(await s.heard(1)).toEqual(['firing']);
  expect((await endSilence(s.ctx, BY, middle.id)).ok).toBe(false);
});

test('extended, it releases nothing in between; an end that is earlier or too far is refused', async () => {
  const s = await pagedServer();
  const { id } = await silence(s);
  await s.say('inbound');
  const until = s.clock.now() + 5 * HOUR_MS;
  expect(await extendSilence(s.ctx, BY, id, until)).toMatchObject({ ok: true });
  s.pass(4 * HOUR_MS);
  await applySilences(s.ctx);
  expect(await s.heardInAll()).toEqual([]);
  for (const ends of [until - 1, s.clock.now() + 91 * 86_400_000])
    expect(await extendSilence(s.ctx, BY, id, ends)).toMatchObject({ error: { code: 'CAS_INPUT_INVALID' } });
  s.pass(HOUR_MS);
  await applySilences(s.ctx);
  expect(await s.heard(1)).toEqual(['firing']);
});

test.each<[string, (s: Server) => Matchers | Promise<Matchers>, boolean]>([
  ['control', () => ({ control: 'MOM-TLS-001' }), true],
  ['another control', () => ({ control: 'MOM-TLS-002' }), false],
  ['node', (s) => ({ node: s.nodeId }), true],
  ['another node', () => ({ node: 'nod_other' }), false],
  ['group', () => ({ group: 'mta' }), true],
  ['another group', () => ({ group: 'edge' }), false],
  ['severity', () => ({ severity: 'high' }), true],
  ['another severity', () => ({ severity: 'critical' }), false],
  ['subject', () => ({ subject: 'inbound' }), true],
  ['a part of the subject', () => ({ subject: 'in' }), false],
  ['alert', async (s) => ({ alert: (await s.finding('inbound')).alertId ?? '' }), true],
  ['all of several', (s) => ({ control: 'MOM-TLS-001', node: s.nodeId, severity: 'high' }), true],
  ['all but one of several', (s) => ({ control: 'MOM-TLS-001', node: s.nodeId, severity: 'low' }), false],
])('a finding is matched by %s, now and when it opens', async (_name, matchersOf, isMatched) => {
  const s = await pagedServer();
  await s.say('inbound', { severity: 'high' });
  const matchers = await matchersOf(s);
  const order = { zone: 'UTC', startsAt: null, endsAt: s.clock.now() + HOUR_MS };
  const count = isMatched ? 1 : 0;
  expect(await previewSilence(s.ctx, { matchers, schedule: order })).toMatchObject({
    findings: count,
    open: count,
  });
  const { id } = await silence(s, 1, matchers);
  expect((await s.finding('inbound')).silenceId).toBe(isMatched ? id : null);
  await s.say('inbound', { status: 'pass' });
  await s.say('inbound', { severity: 'high' });
  expect((await s.finding('inbound')).silenceId).toBe(isMatched ? id : null);
});

test('a node that is moved, or a finding that becomes worse, is held by what matches it now', async () => {
  const s = await pagedServer();
  await silence(s, 1, { group: 'edge' });
  const mild = await silence(s, 1, { severity: 'low' });
  await s.say('inbound', { severity: 'low' });
  expect((await s.finding('inbound')).silenceId).toBe(mild.id);
  await s.say('inbound', { severity: 'critical' });
  expect((await s.finding('inbound')).silenceId).toBeNull();
  expect(await s.heard(1)).toEqual(['firing']);
  await moveNode(s.ctx, BY, s.nodeId, 'edge');
  expect((await s.finding('inbound')).silenceId).not.toBeNull();
});

test('a maintenance window holds while it occurs, releases, and holds again a week later', async () => {
  const s = await pagedServer();
  const start = new Date(s.clock.now() + HOUR_MS).toISOString().slice(0, 16);
  const made = await createSilence(s.ctx, BY, {
    matchers: ALL,
    reason: 'patches',
    schedule: {
      zone: 'UTC',
      start,
      minutes: 120,
      repeats: 'weekly',
      endsAt: s.clock.now() + 10 * 86_400_000,
    },
  });
  if (!made.ok) throw made.error;
  expect(made.value).toMatchObject({ state: 'pending', next: [{}, {}] });
  const { id } = made.value;
  await s.say('inbound');
  expect(await s.heard(1)).toEqual(['firing']);
  s.pass(2 * HOUR_MS);
  await applySilences(s.ctx);
  expect((await s.finding('inbound')).silenceId).toBe(id);
  await s.say('more');
  s.pass(2 * HOUR_MS);
  await applySilences(s.ctx);
  expect(await s.heard(2)).toEqual(['firing', 'firing']);
  expect(await getSilence(s.ctx, id)).toMatchObject({ state: 'pending', holds: { findings: 0 } });
  s.pass(7 * 86_400_000 - 2 * HOUR_MS);
  await applySilences(s.ctx);
  expect(await getSilence(s.ctx, id)).toMatchObject({ state: 'active', holds: { findings: 2, open: 2 } });
  s.pass(3 * 86_400_000);
  await applySilences(s.ctx);
  await s.heard(3);
  expect(await getSilence(s.ctx, id)).toMatchObject({ state: 'over', holds: { findings: 0 }, next: [] });
});

test('more than one transaction takes are held and released, and a killed server goes on', async () => {
  const folder = temporaryFolder();
  const s = await pagedServer(folder);
  const count = HELD_AT_ONCE_MAX + 1;
  const { id } = await silence(s);
  for (let n = 0; n < count; n += 1) await s.say(`inbound ${n}`);
  await endSilence(s.ctx, BY, id);
  expect((await s.ctx.store.read.held.bySilence(id, 1)).length).toBe(0);
  const again = await silence(s);
  expect((await getSilence(s.ctx, again.id))?.holds).toEqual({ findings: count, open: count });
  // As a server leaves it that dies between the two steps of a release.
  await s.ctx.store.transaction(async (tx) => {
    const kept = await tx.silences.get(again.id);
    if (kept) await tx.silences.put({ ...kept, endsAt: s.clock.now(), activeUntil: s.clock.now() });
    for (const { id: findingId } of await tx.held.bySilence(again.id, HELD_AT_ONCE_MAX))
      await tx.held.hold(findingId, { silenceId: null, inhibitedBy: null });
  });
  await s.server.stop();
  const next = await startTestServer({ adapters: s.adapters, folder });
  await applySilences(next.ctx);
  expect(await next.ctx.store.read.held.bySilence(again.id, 1)).toEqual([]);
});

test('there are only so many; those that are over stay listed for a while', async () => {
  const s = await pagedServer();
  const { id } = await silence(s);
  for (let n = 1; n < SILENCES_MAX; n += 1) await silence(s, 2, { subject: `s${n}` });
  await expect(silence(s)).rejects.toThrow('200 silences already');
  s.pass(HOUR_MS);
  await applySilences(s.ctx);
  expect((await listSilences(s.ctx)).at(-1)).toMatchObject({ id, state: 'over', author: BY });
  await purgeExpired(s.ctx);
  expect(await getSilence(s.ctx, id)).not.toBeNull();
  s.pass(SILENCE_SHOWN_MS + 1);
  await purgeExpired(s.ctx);
  expect(await getSilence(s.ctx, id)).toBeNull();
});

test('a silence of one node holds no other', async () => {
  const s = await pagedServer();
  await enrolNew(s.server, 'mta2.example.com');
  await silence(s, 1, { node: 'nod_other' });
  await s.say('inbound');
  expect(await s.heard(1)).toEqual(['firing']);
});
