import { expect, test } from 'vitest';
import { verdict } from '../../testing/agent.js';
import { startReceiver, webhookOf } from '../../testing/receiver.js';
import { enrolNew, eventually, startTestServer } from '../../testing/server.js';
import { beat, STUCK_MS } from './heartbeat.js';
import { moveFinding } from './move-finding.js';
import { createTarget } from './targets.js';
import { commit } from './unit.js';

test('the heartbeat says that the server lives, and where it is not taken nobody is told that it was', async () => {
  const receiver = await startReceiver();
  receiver.answer(204, 503);
  const { ctx } = await startTestServer();
  expect(await beat(ctx, receiver.url)).toBe(true);
  expect(await beat(ctx, receiver.url)).toBe(false);
  expect(receiver.pages[0]?.body).toMatchObject({
    type: 'castellan.heartbeat',
    data: { serverId: ctx.facts.serverId },
  });
});

test('it is withheld while a message that is due is not sent; one that waits for its next try is no matter', async () => {
  let ahead = 0;
  const receiver = await startReceiver();
  const server = await startTestServer({ adapters: { clock: { now: () => Date.now() + ahead } } });
  const { ctx } = server;
  const { nodeId } = await enrolNew(server);
  const failing = await startReceiver();
  failing.answer(503);
  await createTarget(ctx, 'cli:test', webhookOf(failing.url));
  await commit(ctx, (unit) => moveFinding(unit, nodeId, verdict()));
  await eventually(() => failing.pages.length === 1, 'the attempt');
  expect(await beat(ctx, receiver.url)).toBe(true);
  // An outbox that does nothing: nobody wakes it, and the message has long been due.
  ahead = STUCK_MS + 60_000;
  expect(await beat(ctx, receiver.url)).toBe(false);
  expect(receiver.pages).toHaveLength(1);
});
