import { expect, test } from 'vitest';
import { startTestServer } from '../../testing/server.js';
import { QUEUE_MAX, WriteQueue } from './write-queue.js';

test('what waits when the queue is closed is stored; what comes later is refused', async () => {
  const { ctx } = await startTestServer();
  const queue = new WriteQueue(ctx);
  const stored: number[] = [];
  const store = (n: number) => queue.add(async () => stored.push(n));
  const first = [store(1), store(2)];
  const closed = queue.close();
  await expect(store(3)).rejects.toMatchObject({ code: 'CAS_UNAVAILABLE' });
  await closed;
  expect(stored).toEqual([1, 2]);
  await Promise.all(first);
  await queue.close();
});

test('a piece that fails takes no other with it', async () => {
  const { ctx } = await startTestServer();
  const queue = new WriteQueue(ctx);
  const answers = await Promise.allSettled([
    queue.add(async () => 1),
    queue.add(() => Promise.reject(new Error('bad'))),
    queue.add(async () => 3),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test(`no more than ${QUEUE_MAX} pieces wait`, async () => {
  const { ctx } = await startTestServer();
  const queue = new WriteQueue(ctx);
  const all = Array.from({ length: QUEUE_MAX }, () => queue.add(async () => 1));
  await expect(queue.add(async () => 1)).rejects.toMatchObject({ code: 'CAS_TOO_MANY' });
  await Promise.all(all);
  await expect(queue.add(async () => 2)).resolves.toBe(2);
});
