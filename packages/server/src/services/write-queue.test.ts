import { expect, test } from 'vitest';
import { startTestServer } from '../../testing/server.js';
import { commit, type Unit } from './unit.js';
import { BATCH_COST_MAX, More, QUEUE_MAX, WriteQueue } from './write-queue.js';

const piece = (changes: Partial<Parameters<WriteQueue['add']>[0]> = {}) => ({
  lane: 'nod_a',
  source: null,
  cost: 1,
  bytes: 10,
  ...changes,
});

async function setUp() {
  const { ctx } = await startTestServer();
  const batches: number[] = [];
  const store = {
    ...ctx.store,
    transaction: <T>(work: Parameters<typeof ctx.store.transaction<T>>[0]) => {
      batches.push(0);
      return ctx.store.transaction(work);
    },
  };
  return { ctx, queue: new WriteQueue({ ...ctx, store }), batches };
}

test('what waits when the queue is closed is stored; what comes later is refused', async () => {
  const { queue } = await setUp();
  const stored: number[] = [];
  const store = (n: number) => queue.add(piece(), async () => stored.push(n));
  const first = [store(1), store(2)];
  const closed = queue.close();
  await expect(store(3)).rejects.toMatchObject({ code: 'CAS_UNAVAILABLE' });
  await closed;
  expect(stored).toEqual([1, 2]);
  await Promise.all(first);
  await queue.close();
});

test('what is not stored in the time that a close has is dropped', async () => {
  const { queue } = await setUp();
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let begin: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const begun = queue.add(piece({ cost: BATCH_COST_MAX }), () => {
    begin();
    return held;
  });
  const waiting = queue.add(piece(), async () => 2);
  const failed = expect(waiting).rejects.toMatchObject({ code: 'CAS_UNAVAILABLE' });
  await hasBegun;
  const closed = queue.close(1);
  await failed;
  letGo();
  await closed;
  await begun;
});

test('a piece that fails takes no other with it, and is found in few transactions', async () => {
  const { queue, batches } = await setUp();
  const order: number[] = [];
  const answers = await Promise.allSettled(
    Array.from({ length: 64 }, (_, n) =>
      queue.add(piece({ lane: `nod_${n % 3}` }), async (unit: Unit) => {
        await unit.tx.nodes.count();
        if (n === 17) throw new Error('bad');
        order.push(n);
        return n;
      }),
    ),
  );
  expect(answers.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([17]);
  expect(batches.length).toBeLessThanOrEqual(24);
  // The last time that each was done is the one that was committed: in order within a lane.
  for (const lane of [0, 1, 2]) {
    const last = [...new Set(order.toReversed())].toReversed().filter((n) => n % 3 === lane);
    expect(last).toEqual([...last].sort((a, b) => a - b));
  }
});

test('a store that is full fails the batch at once: nothing is tried piece by piece', async () => {
  const { queue, batches } = await setUp();
  const full = Object.assign(new Error('insert - SQLITE_FULL: database or disk is full'), {
    code: 'SQLITE_FULL',
  });
  const answers = await Promise.allSettled(
    Array.from({ length: 64 }, () => queue.add(piece(), () => Promise.reject(full))),
  );
  expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
  expect(batches.length).toBeLessThanOrEqual(64);
});

test('work in steps is done step by step, before what follows it in its lane; others come between', async () => {
  const { queue } = await setUp();
  const order: string[] = [];
  const step = (n: number) => async () => {
    order.push(`step ${n}`);
    return n === 3 ? 'whole' : new More(32, step(n + 1));
  };
  const answers = await Promise.all([
    queue.add(piece(), step(1)),
    queue.add(piece(), async () => order.push('next')),
    queue.add(piece({ lane: 'nod_b' }), async () => order.push('other')),
  ]);
  expect(answers[0]).toBe('whole');
  expect(order.filter((name) => name !== 'other')).toEqual(['step 1', 'step 2', 'step 3', 'next']);
  expect(order.indexOf('other')).toBeLessThan(order.indexOf('step 3'));
});

test('what a connection that ended has waiting is not stored', async () => {
  const { queue } = await setUp();
  const [gone, here] = [{}, {}];
  const stored: string[] = [];
  const all = [
    queue.add(piece({ source: gone }), async () => stored.push('gone')),
    queue.add(piece({ source: here }), async () => stored.push('here')),
  ];
  queue.drop(gone);
  const [first] = await Promise.allSettled(all);
  expect(first?.status).toBe('rejected');
  expect(stored).toEqual(['here']);
});

test("a person's write waits for one batch, however much nodes have waiting", async () => {
  const { ctx, queue } = await setUp();
  let done = 0;
  const flood = Array.from({ length: 50 }, () =>
    queue.add(piece({ cost: BATCH_COST_MAX }), async (unit: Unit) => {
      await unit.tx.nodes.count();
      done += 1;
    }),
  );
  await flood[0];
  const before = done;
  await commit(ctx, (unit) => unit.tx.nodes.count());
  expect(done - before).toBeLessThanOrEqual(2);
  await Promise.all(flood);
});

test(`beyond ${QUEUE_MAX} pieces who has many waiting is turned away, who has few is let in`, async () => {
  const { queue } = await setUp();
  const all = Array.from({ length: QUEUE_MAX }, () => queue.add(piece(), async () => 1));
  const settled = Promise.allSettled(all);
  await expect(queue.add(piece(), async () => 1)).rejects.toMatchObject({ code: 'CAS_TOO_MANY' });
  await expect(queue.add(piece({ lane: 'nod_b' }), async () => 2)).resolves.toBe(2);
  await queue.close(1);
  await settled;
});
