import { expect, test, vi } from 'vitest';
import type { VerdictChange } from '../engine/transition.js';
import type { Log } from '../ports/log.js';
import type { Batch } from '../watch/coalesce.js';
import type { Observer, Scan } from './observer.js';
import { FIRST_MS_MAX, HOLD_MS_MAX, ScanScheduler } from './scan-scheduler.js';

const log: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};
const CHANGE = { previous: 'fail', verdict: { control: 'MOM-TLS-001', status: 'pass' } } as VerdictChange;
const BATCH: Batch = { paths: new Set(['/opt/x']), overflow: false };

/** ScanScheduler over looks that the test answers, beside another process whose run begins and ends when the test says. */
function played() {
  let nowMs = 0;
  let isOther = false;
  const looks: ((look: Scan) => void)[] = [];
  const told: (readonly VerdictChange[])[] = [];
  const takenBack: Scan[] = [];
  let ended = 0;
  const look = () => new Promise<Scan>((resolve) => looks.push(resolve));
  const observer = {
    states: new Map(),
    verdicts: [],
    scanAll: look,
    scanChanged: look,
    takeBack: (one: Scan) => takenBack.push(one),
  } as unknown as Observer;
  const scheduler: ScanScheduler = new ScanScheduler({
    observer,
    watcher: { follow: () => Promise.resolve() } as never,
    log,
    clock: {
      now: () => nowMs,
      sleep: async (ms) => {
        nowMs += ms;
        await new Promise((resolve) => setImmediate(resolve));
      },
    },
    random: { unit: () => 0.5 } as never,
    rescanMs: 1e9,
    signal: new AbortController().signal,
    isOtherAtIt: () => isOther,
    otherEnded: async () => {
      ended += 1;
      scheduler.hold();
      await scheduler.release();
    },
    tell: (changes) => told.push(changes),
  });
  const answer = async (changes: readonly VerdictChange[] = [CHANGE]) => {
    await vi.waitFor(() => expect(looks.length).toBeGreaterThan(0));
    looks.shift()?.({ changes, before: [], tookMs: 1 });
    await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    scheduler,
    looks,
    told,
    takenBack,
    answer,
    ended: () => ended,
    nowMs: () => nowMs,
    setOther: (is: boolean) => {
      isOther = is;
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

test('while another process carries a run out nothing is judged; the node is inspected when it has ended', async () => {
  const node = played();
  void node.scheduler.first();
  await node.answer([]);
  node.setOther(true);
  node.scheduler.changed(BATCH);
  node.scheduler.changed(BATCH);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([node.looks.length, node.told.length, node.ended()]).toEqual([0, 0, 0]);
  node.setOther(false);
  await node.answer();
  expect([node.told, node.ended()]).toEqual([[[CHANGE]], 1]);
});

test('a scan that another process began its run during is taken back, and made again at its end', async () => {
  const node = played();
  void node.scheduler.first();
  await node.answer([]);
  node.scheduler.changed(BATCH);
  await vi.waitFor(() => expect(node.looks).toHaveLength(1));
  node.setOther(true);
  await node.answer();
  expect([node.told.length, node.takenBack.length]).toEqual([0, 1]);
  node.setOther(false);
  await node.answer();
  expect(node.told).toEqual([[CHANGE]]);
});

test('a scan that a whole run of this agent fell into is taken back too', async () => {
  const node = played();
  void node.scheduler.first();
  await node.answer([]);
  node.scheduler.changed(BATCH);
  await vi.waitFor(() => expect(node.looks).toHaveLength(1));
  node.scheduler.hold();
  const released = node.scheduler.release();
  await node.answer();
  expect([node.told.length, node.takenBack.length]).toEqual([0, 1]);
  await node.answer();
  await released;
  expect(node.told).toEqual([[CHANGE]]);
});

test('a run of another process that does not end is no reason to be blind, at the start or later', async () => {
  const node = played();
  node.setOther(true);
  const first = node.scheduler.first();
  await node.answer([]);
  await first;
  expect(node.nowMs()).toBeGreaterThanOrEqual(FIRST_MS_MAX);
  node.pass(HOLD_MS_MAX);
  node.scheduler.changed(BATCH);
  await node.answer();
  expect(node.told).toEqual([[CHANGE]]);
  node.setOther(false);
  await node.answer();
});
