import { expect, test } from 'vitest';
import { type Batch, BURST_MS_MAX, Coalescer, PATHS_MAX } from './coalesce.js';

/** Time that moves only when it is told to. */
function ownClock() {
  let now = 0;
  let sleeping: { until: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms: number) => new Promise<void>((wake) => sleeping.push({ until: now + ms, wake })),
    async pass(ms: number): Promise<void> {
      for (const end = now + ms; now < end; ) {
        now += 1;
        const due = sleeping.filter((one) => one.until <= now);
        sleeping = sleeping.filter((one) => one.until > now);
        for (const one of due) one.wake();
        await Promise.resolve();
        await Promise.resolve();
      }
    },
  };
}

function coalescer(quietMs = 150) {
  const clock = ownClock();
  const batches: Batch[] = [];
  return {
    clock,
    batches,
    all: new Coalescer(clock, quietMs, new AbortController().signal, (batch) => batches.push(batch)),
  };
}

test('waits until it has been quiet', async () => {
  const { clock, batches, all } = coalescer();
  all.add('/a');
  await clock.pass(100);
  all.add('/b');
  await clock.pass(149);
  expect(batches).toEqual([]);
  await clock.pass(2);
  expect(batches).toEqual([{ paths: new Set(['/a', '/b']), overflow: false }]);
});

test('does not wait for ever', async () => {
  const { clock, batches, all } = coalescer();
  for (let at = 0; at < BURST_MS_MAX + 100; at += 50) {
    all.add(`/${at}`);
    await clock.pass(50);
  }
  expect(batches).toHaveLength(1);
});

test('beyond its bound asks for a full scan instead of growing', async () => {
  const { clock, batches, all } = coalescer();
  for (let i = 0; i <= PATHS_MAX; i++) all.add(`/${i}`);
  await clock.pass(200);
  expect(batches[0]?.overflow).toBe(true);
  expect(batches[0]?.paths.size).toBe(PATHS_MAX);
});
