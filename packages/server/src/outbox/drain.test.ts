import type { Verdict } from '@castellan/shared/model/verdict';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { verdict } from '../../testing/agent.js';
import { type PageData, startReceiver, webhookOf } from '../../testing/receiver.js';
import { enrolNew, eventually, signedIn, startTestServer } from '../../testing/server.js';
import { httpOut } from '../adapters/http-out.js';
import { systemRandom } from '../adapters/system.js';
import type { RunningServer } from '../app/server.js';
import { RETRY_WINDOW_MS, SLOW_RETRY_MS } from '../domain/delivery/schedule.js';
import { acknowledgeFinding } from '../services/acknowledge.js';
import { applyVerdict } from '../services/apply-verdict.js';
import { moveFinding } from '../services/move-finding.js';
import { createTarget } from '../services/targets.js';
import { commit } from '../services/unit.js';
import { IN_FLIGHT_MAX, IN_FLIGHT_OF_TARGET_MAX, LOOK_MAX } from './drain.js';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

async function serverWithTarget(
  url: string,
  changes: { severityMin?: 'critical' | 'high' | 'low'; clock?: { now(): number } } = {},
) {
  const { clock = { now: () => Date.now() }, severityMin = 'low' } = changes;
  const server = await startTestServer({
    adapters: {
      clock,
      random: { ...systemRandom, share: () => 0.5 },
      httpOut: httpOut({ allowPrivate: true, clock }),
    },
  });
  const made = await createTarget(server.ctx, 'cli:test', webhookOf(url, { severityMin, secret: SECRET }));
  if (!made.ok) throw made.error;
  const { nodeId } = await enrolNew(server);
  const say = (verdictChanges: Partial<Verdict> = {}) =>
    commit(server.ctx, (unit) =>
      applyVerdict(unit, { nodeId, verdict: verdict(verdictChanges), observedAt: clock.now() }),
    );
  /** Many messages at once, more than storms let through. */
  const queueMany = (count: number) =>
    commit(server.ctx, async (unit) => {
      const targets = await unit.tx.targets.all();
      for (let n = 0; n < count; n += 1) {
        const control = `MOM-MANY-${n}`;
        await moveFinding(unit, nodeId, verdict({ control }));
        const finding = await unit.tx.findings.active(nodeId, control, 'inbound');
        for (const { id } of targets)
          await unit.tx.deliveries.queue({
            id: unit.ctx.random.id('msg'),
            targetId: id,
            alertId: finding?.alertId ?? '',
            findingId: finding?.id ?? '',
            nodeId: null,
            type: 'alert.firing',
            reason: 'worse',
            isCritical: false,
            at: unit.now,
          });
      }
    });
  return { server, nodeId, targetId: made.value.id, say, queueMany };
}

const deliveries = (server: RunningServer, targetId: string) =>
  server.ctx.store.read.deliveries.ofTarget(targetId, 50);
const settled = (server: RunningServer, targetId: string, states: string[]) =>
  eventually(async () => {
    const list = (await deliveries(server, targetId)).reverse();
    return list.map((d) => d.state).join() === states.join() ? list : null;
  }, `deliveries to be ${states.join()}`);

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

describe('a receiver that answers', () => {
  test('500 is tried again with the same id and a fresh timestamp, until it takes the page', async () => {
    let now = Date.now();
    const receiver = await startReceiver();
    receiver.answer(500, 500, 204);
    const { server, targetId, say } = await serverWithTarget(receiver.url, { clock: { now: () => now } });
    await say();
    for (const attempts of [1, 2]) {
      const [waiting] = await eventually(async () => {
        const list = await deliveries(server, targetId);
        return list[0]?.attempts === attempts ? list : null;
      }, `attempt ${attempts}`);
      now = waiting?.nextAt ?? 0;
      server.ctx.wakeOutbox();
    }
    await settled(server, targetId, ['delivered']);
    expect(new Set(receiver.pages.map((page) => page.headers['webhook-id'])).size).toBe(1);
    const times = receiver.pages.map((page) => Number(page.headers['webhook-timestamp']));
    expect([times.length, (times[1] ?? 0) - (times[0] ?? 0), (times[2] ?? 0) - (times[1] ?? 0)]).toEqual([
      3, 5, 15,
    ]);
  });

  test.each([400, 401, 403, 404, 413])(
    '%i is about that attempt: the page is tried again',
    async (status) => {
      let now = Date.now();
      const receiver = await startReceiver();
      receiver.answer(status, 204);
      const { server, targetId, say } = await serverWithTarget(receiver.url, { clock: { now: () => now } });
      await say();
      const [waiting] = await eventually(async () => {
        const list = await deliveries(server, targetId);
        return list[0]?.attempts === 1 ? list : null;
      }, 'the first attempt');
      expect(waiting).toMatchObject({ state: 'pending', lastStatus: status });
      expect(await server.ctx.store.read.targets.get(targetId)).toMatchObject({ failingSince: now });
      now = waiting?.nextAt ?? 0;
      server.ctx.wakeOutbox();
      await settled(server, targetId, ['delivered']);
    },
  );

  test('410 ends in a dead letter at once, which can be replayed', async () => {
    const receiver = await startReceiver();
    receiver.answer(410, 204);
    const { server, targetId, say } = await serverWithTarget(receiver.url);
    await say();
    const [dead] = await settled(server, targetId, ['dead']);
    const admin = await signedIn(server);
    expect((await admin('POST', `/deliveries/${dead?.id}/replay`)).status).toBe(200);
    await settled(server, targetId, ['delivered']);
  });

  test('a redirect is not followed', async () => {
    const elsewhere = await startReceiver();
    const receiver = await startReceiver();
    receiver.answer((response) => response.writeHead(307, { location: elsewhere.url }).end());
    const { server, targetId, say } = await serverWithTarget(receiver.url);
    await say();
    const [delivery] = await eventually(async () => {
      const list = await deliveries(server, targetId);
      return list[0]?.attempts === 1 ? list : null;
    }, 'the attempt');
    expect(delivery).toMatchObject({ state: 'pending', lastStatus: 307 });
    expect(elsewhere.pages).toEqual([]);
  });

  test('Retry-After is waited for', async () => {
    const now = Date.now();
    const receiver = await startReceiver();
    receiver.answer((response) => response.writeHead(429, { 'retry-after': '120' }).end());
    const { server, targetId, say } = await serverWithTarget(receiver.url, { clock: { now: () => now } });
    await say();
    const [delivery] = await eventually(async () => {
      const list = await deliveries(server, targetId);
      return list[0]?.attempts === 1 ? list : null;
    }, 'the attempt');
    expect((delivery?.nextAt ?? 0) - now).toBeGreaterThanOrEqual(120_000);
  });

  test('nothing for a day: a page about what is still wrong goes on, slowly', async () => {
    let now = Date.now();
    const receiver = await startReceiver();
    receiver.answer(503);
    const { server, targetId, say } = await serverWithTarget(receiver.url, { clock: { now: () => now } });
    await say();
    const attempted = (attempts: number) =>
      eventually(async () => {
        const [one] = await deliveries(server, targetId);
        return one?.attempts === attempts ? one : null;
      }, `attempt ${attempts}`);
    await attempted(1);
    now += RETRY_WINDOW_MS + 1;
    server.ctx.wakeOutbox();
    const waiting = await attempted(2);
    expect([waiting.state, waiting.nextAt - now]).toEqual(['pending', SLOW_RETRY_MS]);
    receiver.answer(204);
    now = waiting.nextAt;
    server.ctx.wakeOutbox();
    await settled(server, targetId, ['delivered']);
  });

  test('nothing for a day: a resolve that nobody takes ends in a dead letter', async () => {
    let now = Date.now();
    const receiver = await startReceiver();
    receiver.answer(204, 503);
    const { server, targetId, say } = await serverWithTarget(receiver.url, { clock: { now: () => now } });
    await say();
    await settled(server, targetId, ['delivered']);
    await say({ status: 'pass' });
    await eventually(async () => {
      const [newest] = await deliveries(server, targetId);
      return newest?.type === 'alert.resolved' && newest.attempts === 1;
    }, 'the first attempt of the resolve');
    now += RETRY_WINDOW_MS;
    server.ctx.wakeOutbox();
    await settled(server, targetId, ['delivered', 'dead']);
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

test('a receiver that says Retry-After: 0 is not asked again at once', async () => {
  const now = Date.now();
  const receiver = await startReceiver();
  receiver.answer((response) => response.writeHead(503, { 'retry-after': '0' }).end());
  const { server, targetId, say } = await serverWithTarget(receiver.url, { clock: { now: () => now } });
  await say();
  const [delivery] = await eventually(async () => {
    const list = await deliveries(server, targetId);
    return list[0]?.attempts === 1 ? list : null;
  }, 'the attempt');
  expect((delivery?.nextAt ?? 0) - now).toBe(5_000);
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

describe('a receiver that hangs', () => {
  test('holds up no page to another', async () => {
    const hanging = await startReceiver();
    hanging.answer(() => undefined);
    const receiver = await startReceiver();
    const { server, queueMany } = await serverWithTarget(hanging.url);
    await addTarget(server, 'second', receiver.url);
    await queueMany(20);
    await eventually(() => receiver.pages.length >= 20, 'every page to the second');
    expect(hanging.pages.length).toBeLessThanOrEqual(8);
    hanging.answer(204);
  }, 60_000);

  test('holds up no page to another, however many wait for it', async () => {
    const hanging = await startReceiver();
    hanging.answer(() => undefined);
    const receiver = await startReceiver();
    const { server, say, queueMany } = await serverWithTarget(hanging.url);
    await queueMany(LOOK_MAX + 100);
    await eventually(() => hanging.pages.length === IN_FLIGHT_OF_TARGET_MAX, 'its places are taken');
    await addTarget(server, 'second', receiver.url);
    await say();
    await eventually(() => receiver.pages.length === 1, 'the page to the second');
  }, 60_000);

  test('holds up no page to another, however many hang', async () => {
    const hanging = await startReceiver();
    hanging.answer(() => undefined);
    const receiver = await startReceiver();
    const { server, say, queueMany } = await serverWithTarget(hanging.url);
    const many = IN_FLIGHT_MAX / IN_FLIGHT_OF_TARGET_MAX;
    for (let n = 1; n < many; n += 1) await addTarget(server, `hangs too ${n}`, hanging.url);
    await queueMany(IN_FLIGHT_OF_TARGET_MAX);
    await eventually(() => hanging.pages.length === IN_FLIGHT_MAX, 'every place is taken');
    await addTarget(server, 'last', receiver.url);
    await say();
    await eventually(() => receiver.pages.length === 1, 'the page to the last');
    expect(hanging.pages.length).toBe(IN_FLIGHT_MAX);
  }, 60_000);
});

const addTarget = (server: RunningServer, name: string, url: string) =>
  createTarget(server.ctx, 'cli:test', webhookOf(url, { name }));

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
