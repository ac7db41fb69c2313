import type { RunEvent } from '@castellan/shared/model/run';
import { expect, test } from 'vitest';
import type { Executor } from './command-dispatcher.js';
import { heldExecutor, retryRuns } from './held-runs.js';

const event = (index: number, state: RunEvent['state']): RunEvent => ({
  runId: 'r1',
  index,
  at: '2026-01-01T00:00:00.000Z',
  state,
  line: '',
});
const REQUEST = { runId: 'r1', slug: 'sample', params: {}, planDigest: '' };

test.each(['done', 'rollbackFailed'] as const)(
  'a run that ends as %s is inspected before its end is said, and not while it runs',
  async (state) => {
    const order: string[] = [];
    const executor: Executor = {
      recover: () => Promise.resolve(),
      hasBegun: () => false,
      plan: () => Promise.reject(new Error('not asked')),
      apply: async (_request, progress) => {
        progress(event(1, 'applying'));
        progress(event(2, state));
        order.push('closed');
      },
    };
    const scheduler = {
      hold: () => order.push('hold'),
      release: async () => {
        order.push('look');
      },
    };
    await heldExecutor(executor, scheduler).apply(REQUEST, ({ state: told }) => order.push(told));
    expect(order).toEqual(['hold', 'applying', 'closed', 'look', state]);
  },
);

test('what could not be put back is tried again, with longer and longer waits', async () => {
  const waits: number[] = [];
  const stop = new AbortController();
  let tries = 0;
  await retryRuns({
    clock: {
      now: () => 0,
      sleep: async (ms) => {
        waits.push(ms);
        if (waits.length === 9) stop.abort();
      },
    },
    log: { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined },
    signal: stop.signal,
    unfinished: () => 1,
    recover: async () => {
      tries += 1;
    },
  });
  expect(tries).toBe(8);
  expect(waits.slice(0, 4)).toEqual([60_000, 120_000, 240_000, 480_000]);
  expect(Math.max(...waits)).toBe(3_600_000);
});
