import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { deliveries, SECRET, serverWithTarget, settled } from '../../testing/outbox.js';
import { type PageData, startReceiver } from '../../testing/receiver.js';
import { eventually, signedIn } from '../../testing/server.js';
import { acknowledgeFinding } from '../services/acknowledge.js';

describe('a finding', () => {
  test('pages once when it opens and once when it resolves, signed, and links to the console', async () => {
    const receiver = await startReceiver();
    const { server, targetId, say } = await serverWithTarget(receiver.url);
    await say();
    await settled(server, targetId, ['delivered']);
    await say({ summary: 'still' });
    await say({ status: 'pass', summary: 'fine' });
    await settled(server, targetId, ['delivered', 'delivered']);
    expect(receiver.pages.map((page) => page.body.type)).toEqual(['alert.firing', 'alert.resolved']);
    const [firing] = receiver.pages;
    expect(firing?.body.data).toMatchObject({
      reason: 'opened',
      alert: { control: 'MOM-TLS-001', severity: 'high', state: 'open', endedAt: null },
      counts: { findings: 1, nodes: 1 },
      findings: [{ node: { name: 'mta1.example.com' }, subject: 'inbound', resolvedAt: null }],
      more: 0,
    });
    expect(firing?.body.data.alert.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/alerts\/alr_/);
    for (const page of receiver.pages)
      expect(() =>
        new Webhook(SECRET).verify(page.text, page.headers as Record<string, string>),
      ).not.toThrow();
  });

  test('milder than the target wants pages nobody', async () => {
    const receiver = await startReceiver();
    const { server, targetId, say } = await serverWithTarget(receiver.url, { severityMin: 'critical' });
    await say();
    expect(await deliveries(server, targetId)).toEqual([]);
  });

  test('with a hundred long places still makes a small page', async () => {
    const receiver = await startReceiver();
    const { server, targetId, say } = await serverWithTarget(receiver.url);
    const place = { at: { file: `/${'x'.repeat(4000)}` }, found: 'y'.repeat(4000) };
    await say({ violations: Array.from({ length: 100 }, () => place) });
    await settled(server, targetId, ['delivered']);
    expect(receiver.pages[0]?.text.length).toBeLessThan(20_000);
  });
});

describe('a finding that becomes worse', () => {
  const pages = (receiver: {
    readonly pages: readonly { readonly body: { type: string; data: PageData } }[];
  }) => receiver.pages.map(({ body }) => [body.type.slice(6), body.data.alert.severity]);

  test('pages who asked for no less when it gets there, once, and takes it back once', async () => {
    const receiver = await startReceiver();
    const { server, targetId, say } = await serverWithTarget(receiver.url, { severityMin: 'high' });
    await say({ severity: 'medium' });
    await say({ severity: 'high' });
    await settled(server, targetId, ['delivered']);
    await say({ severity: 'high', summary: 'still' });
    await say({ severity: 'medium' });
    await say({ status: 'pass' });
    await settled(server, targetId, ['delivered', 'delivered']);
    expect(pages(receiver)).toEqual([
      ['firing', 'high'],
      ['resolved', 'high'],
    ]);
  });

  test('pages again who was paged of the lesser', async () => {
    const receiver = await startReceiver();
    const { server, targetId, say } = await serverWithTarget(receiver.url);
    for (const [n, severity] of (['medium', 'high', 'critical'] as const).entries()) {
      await say({ severity });
      await settled(server, targetId, Array(n + 1).fill('delivered'));
    }
    await say({ status: 'pass', severity: 'critical' });
    await settled(server, targetId, Array(4).fill('delivered'));
    expect(pages(receiver)).toEqual([
      ['firing', 'medium'],
      ['firing', 'high'],
      ['firing', 'critical'],
      ['resolved', 'critical'],
    ]);
  });

  test('is one page where the first has not left yet', async () => {
    let now = Date.now();
    const receiver = await startReceiver();
    receiver.answer(503, 204);
    const { server, targetId, say } = await serverWithTarget(receiver.url, { clock: { now: () => now } });
    await say({ severity: 'medium' });
    const [waiting] = await eventually(async () => {
      const list = await deliveries(server, targetId);
      return list[0]?.attempts === 1 ? list : null;
    }, 'the first attempt');
    await say({ severity: 'critical' });
    now = waiting?.nextAt ?? 0;
    server.ctx.wakeOutbox();
    await settled(server, targetId, ['delivered']);
    expect(pages(receiver).slice(1)).toEqual([['firing', 'critical']]);
  });

  test('is open again when it was acknowledged', async () => {
    const receiver = await startReceiver();
    const { server, nodeId, targetId, say } = await serverWithTarget(receiver.url, {
      severityMin: 'critical',
    });
    await say({ severity: 'high' });
    const active = async () => server.ctx.store.read.findings.active(nodeId, 'MOM-TLS-001', 'inbound');
    const id = (await active())?.id ?? '';
    expect((await acknowledgeFinding(server.ctx, 'user:test', id, { note: '', until: null })).ok).toBe(true);
    await say({ severity: 'high', summary: 'still' });
    expect((await active())?.state).toBe('acknowledged');
    await say({ severity: 'critical' });
    expect((await active())?.state).toBe('open');
    await settled(server, targetId, ['delivered']);
    expect((await server.ctx.store.read.findings.history(id)).at(-1)).toMatchObject({
      from: 'acknowledged',
      to: 'open',
      why: 'severity high -> critical',
    });
  });
});

describe('an attempt', () => {
  test('is written down before it is made, as one that may arrive', async () => {
    const receiver = await startReceiver();
    let release = (): void => undefined;
    receiver.answer((response) => {
      release = () => response.writeHead(204).end();
    });
    const { server, targetId, say } = await serverWithTarget(receiver.url);
    await say();
    await eventually(() => receiver.pages.length === 1, 'the page');
    expect((await deliveries(server, targetId))[0]).toMatchObject({ state: 'pending', ambiguous: true });
    release();
    const [delivery] = await settled(server, targetId, ['delivered']);
    expect(delivery).toMatchObject({ attempts: 1, ambiguous: false });
  });

  test('put off by a clock that was hours ahead is made once the clock is right', async () => {
    let now = Date.now() + 10 * 3_600_000;
    const receiver = await startReceiver();
    receiver.answer(503, 204);
    const { server, targetId, say } = await serverWithTarget(receiver.url, { clock: { now: () => now } });
    await say();
    await eventually(async () => (await deliveries(server, targetId))[0]?.attempts === 1, 'the attempt');
    now -= 10 * 3_600_000;
    server.ctx.wakeOutbox();
    await settled(server, targetId, ['delivered']);
  });
});

test('a page that falls due while the outbox works out how long to sleep is sent at once', async () => {
  const receiver = await startReceiver();
  const { server, say } = await serverWithTarget(receiver.url);
  const { deliveries: repository } = server.ctx.store.read;
  const nextDueAt = repository.nextDueAt.bind(repository);
  let isFirst = true;
  repository.nextDueAt = async (notTo) => {
    const at = await nextDueAt(notTo);
    if (isFirst) {
      isFirst = false;
      await say();
    }
    return at;
  };
  server.ctx.wakeOutbox();
  await eventually(() => receiver.pages.length === 1, 'the page');
});

describe('a finding that resolves while its page is on its way', () => {
  test('drops a page that nobody got, and its resolve', async () => {
    const receiver = await startReceiver();
    receiver.answer(500);
    const { server, targetId, say } = await serverWithTarget(receiver.url);
    await say();
    await eventually(async () => (await deliveries(server, targetId))[0]?.attempts === 1, 'the attempt');
    await say({ status: 'pass' });
    await settled(server, targetId, ['dropped']);
    expect(receiver.pages).toHaveLength(1);
  });

  test('still sends the resolve when the page may have arrived', async () => {
    const receiver = await startReceiver();
    receiver.answer((response) => response.destroy(), 204);
    const { server, targetId, say } = await serverWithTarget(receiver.url);
    await say();
    await eventually(async () => (await deliveries(server, targetId))[0]?.ambiguous, 'the broken attempt');
    await say({ status: 'pass' });
    await settled(server, targetId, ['dropped', 'delivered']);
    expect(receiver.pages.map((page) => page.body.type)).toEqual(['alert.firing', 'alert.resolved']);
  });
});

test('the test button sends a signed test and says how it went', async () => {
  const receiver = await startReceiver();
  receiver.answer(204, 500);
  const { server, targetId } = await serverWithTarget(receiver.url);
  const admin = await signedIn(server);
  expect((await admin('POST', `/targets/${targetId}/test`)).body).toMatchObject({ ok: true, status: 204 });
  expect((await admin('POST', `/targets/${targetId}/test`)).body).toMatchObject({
    ok: false,
    status: 500,
    detail: 'HTTP 500',
  });
  expect(receiver.pages[0]?.body.type).toBe('target.test');
});
