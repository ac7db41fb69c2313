import { expect, test, vi } from 'vitest';
import type { VerdictChange } from '../engine/transition.js';
import type { Log } from '../ports/log.js';
import type { Batch } from '../watch/coalesce.js';
import type { Look, Observer } from './observer.js';
import { FIRST_MS_MAX, HOLD_MS_MAX, Rounds } from './rounds.js';

const log: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};
const CHANGE = { previous: 'fail', verdict: { control: 'MOM-TLS-001', status: 'pass' } } as VerdictChange;
const BATCH: Batch = { paths: new Set(['/opt/x']), overflow: false };

/** Rounds over looks that the test answers, beside another process whose run begins and ends when the test says. */
function played() {
  let nowMs = 0;
  let isOther = false;
  const looks: ((look: Look) => void)[] = [];
  const told: (readonly VerdictChange[])[] = [];
  const takenBack: Look[] = [];
  let ended = 0;
  const look = () => new Promise<Look>((resolve) => looks.push(resolve));
  const observer = {
    states: new Map(),
    verdicts: [],
    lookAtAll: look,
    lookAt: look,
    takeBack: (one: Look) => takenBack.push(one),
  } as unknown as Observer;
  const rounds: Rounds = new Rounds({
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
      rounds.hold();
      await rounds.release();
    },
    tell: (changes) => told.push(changes),
  });
  const answer = async (changes: readonly VerdictChange[] = [CHANGE]) => {
    await vi.waitFor(() => expect(looks.length).toBeGreaterThan(0));
    looks.shift()?.({ changes, before: [], tookMs: 1 });
    await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    rounds,
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

test('while another process carries a run out nothing is judged; the node is looked at when it has ended', async () => {
  const node = played();
  void node.rounds.first();
  await node.answer([]);
  node.setOther(true);
  node.rounds.changed(BATCH);
  node.rounds.changed(BATCH);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([node.looks.length, node.told.length, node.ended()]).toEqual([0, 0, 0]);
  node.setOther(false);
  await node.answer();
  expect([node.told, node.ended()]).toEqual([[[CHANGE]], 1]);
});

test('a look that another process began its run during is taken back, and made again at its end', async () => {
  const node = played();
  void node.rounds.first();
  await node.answer([]);
  node.rounds.changed(BATCH);
  await vi.waitFor(() => expect(node.looks).toHaveLength(1));
  node.setOther(true);
  await node.answer();
  expect([node.told.length, node.takenBack.length]).toEqual([0, 1]);
  node.setOther(false);
  await node.answer();
  expect(node.told).toEqual([[CHANGE]]);
});

test('a look that a whole run of this agent fell into is taken back too', async () => {
  const node = played();
  void node.rounds.first();
  await node.answer([]);
  node.rounds.changed(BATCH);
  await vi.waitFor(() => expect(node.looks).toHaveLength(1));
  node.rounds.hold();
  const released = node.rounds.release();
  await node.answer();
  expect([node.told.length, node.takenBack.length]).toEqual([0, 1]);
  await node.answer();
  await released;
  expect(node.told).toEqual([[CHANGE]]);
});

test('a run of another process that does not end is no reason to be blind, at the start or later', async () => {
  const node = played();
  node.setOther(true);
  const first = node.rounds.first();
  await node.answer([]);
  await first;
  expect(node.nowMs()).toBeGreaterThanOrEqual(FIRST_MS_MAX);
  node.pass(HOLD_MS_MAX);
  node.rounds.changed(BATCH);
  await node.answer();
  expect(node.told).toEqual([[CHANGE]]);
  node.setOther(false);
  await node.answer();
});
