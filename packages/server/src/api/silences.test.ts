import { expect, test } from 'vitest';
import { pagedServer } from '../../testing/paged-server.js';
import { signedIn } from '../../testing/server.js';

const HOUR_MS = 3_600_000;

test('previewed, made, listed, extended and ended; the audit names each', async () => {
  const s = await pagedServer();
  const call = await signedIn(s.server, 'operator');
  await s.say('inbound');
  const matchers = { node: s.nodeId, control: 'MOM-TLS-001' };
  const inHours = (hours: number) => new Date(s.clock.now() + hours * HOUR_MS).toISOString();
  const ends = inHours(2);
  const preview = await call('POST', '/silences/preview', { matchers, ends });
  expect(preview.body).toMatchObject({ findings: 1, open: 1, next: [{ until: ends }] });
  const order = { matchers, ends, zone: 'Europe/Vienna', reason: 'the firewall is replaced' };
  const made = await call('POST', '/silences', order);
  expect([made.status, made.body]).toMatchObject([
    201,
    {
      matchers,
      nodeName: 'mta1.example.com',
      author: 'user:operator',
      reason: order.reason,
      zone: 'Europe/Vienna',
      endsAt: ends,
      state: 'active',
      holds: { findings: 1, open: 1 },
    },
  ]);
  const { id } = made.body as { id: string };
  expect((await call('GET', '/silences')).body).toMatchObject({ items: [{ id }] });
  const { id: findingId } = await s.finding('inbound');
  expect((await call('GET', `/findings/${findingId}`)).body).toMatchObject({
    silenceId: id,
    silence: { id, author: 'user:operator', reason: order.reason, until: ends },
  });
  const later = inHours(4);
  expect((await call('POST', `/silences/${id}/extend`, { ends: later })).body).toMatchObject({
    endsAt: later,
  });
  expect((await call('POST', `/silences/${id}/end`)).body).toMatchObject({
    state: 'over',
    endedBy: 'user:operator',
    holds: { findings: 0 },
  });
  expect((await call('POST', `/silences/${id}/end`)).status).toBe(409);
  const admin = await signedIn(s.server, 'admin');
  const audit = (await admin('GET', '/audit?q=silence')).body as {
    items: { action: string; outcome: string }[];
  };
  expect(audit.items.map(({ action, outcome }) => `${action} ${outcome}`).reverse()).toEqual([
    'silence.create ok',
    'silence.extend ok',
    'silence.end ok',
    'silence.end refused',
  ]);
});

test('a maintenance window says when it occurs, five times ahead', async () => {
  const s = await pagedServer();
  const call = await signedIn(s.server, 'operator');
  const window = { start: '2020-01-05T02:00', minutes: 90, repeats: 'weekly' };
  const body = {
    matchers: { group: 'mta' },
    zone: 'America/New_York',
    ends: new Date(s.clock.now() + 100 * 24 * HOUR_MS).toISOString(),
    window,
  };
  const answer = (await call('POST', '/silences/preview', body)).body as {
    next: { from: string; until: string }[];
  };
  expect(answer.next).toHaveLength(5);
  for (const { from, until } of answer.next) expect(Date.parse(until) - Date.parse(from)).toBe(90 * 60_000);
});

test.each([
  ['nothing to match', { matchers: {} }],
  ['no end', { ends: undefined }],
  ['no reason', { reason: '' }],
  ['a zone that there is not', { zone: 'Mars/Olympus' }],
  ['a severity that there is not', { matchers: { severity: 'awful' } }],
  ['a day that there is not', { window: { start: '2026-02-30T02:00', minutes: 60, repeats: 'never' } }],
  ['a window too long', { window: { start: '2026-02-03T02:00', minutes: 10_000, repeats: 'weekly' } }],
])('%s is refused', async (_name, changes) => {
  const s = await pagedServer();
  const call = await signedIn(s.server, 'operator');
  const ends = new Date(s.clock.now() + HOUR_MS).toISOString();
  const body = { matchers: { group: 'mta' }, ends, reason: 'x', ...changes };
  expect(await call('POST', '/silences', body)).toMatchObject({
    status: 400,
    body: { code: 'CAS_INPUT_INVALID' },
  });
});

test('who may only look sees them and may make, extend and end none', async () => {
  const s = await pagedServer();
  const call = await signedIn(s.server, 'viewer');
  expect((await call('GET', '/silences')).status).toBe(200);
  for (const path of ['/silences', '/silences/preview', '/silences/x/extend', '/silences/x/end'])
    expect((await call('POST', path, {})).status).toBe(403);
});
