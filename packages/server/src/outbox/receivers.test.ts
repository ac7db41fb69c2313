import { describe, expect, test } from 'vitest';
import { deliveries, serverWithTarget, settled } from '../../testing/outbox.js';
import { startReceiver, webhookOf } from '../../testing/receiver.js';
import { eventually, signedIn } from '../../testing/server.js';
import type { RunningServer } from '../app/server.js';
import { RETRY_WINDOW_MS, SLOW_RETRY_MS } from '../domain/delivery/schedule.js';
import { createTarget } from '../services/targets.js';
import { IN_FLIGHT_MAX, IN_FLIGHT_OF_TARGET_MAX, LOOK_MAX } from './drain.js';

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
