import { casError } from '@castellan/shared/errors/cas-error';
import type { RunEvent, RunState } from '@castellan/shared/model/run';
import { expect, test } from 'vitest';
import { memoryStore } from '../../testing/memory-store.js';
import { besideExecutor, type Lost, OTHER_BELIEVED_MS } from './beside-executor.js';
import { type Job, type LastWord, OPEN_MAX, type RunWord } from './beside-order.js';
import { BesideRuns, RUNS_MAX } from './beside-runs.js';

const REQUEST = { runId: 'run1', slug: 'key-permissions', params: {}, planDigest: 'a'.repeat(64) };
const event = (index: number, state: RunState, runId = 'run1'): RunEvent => ({
  runId,
  index,
  at: '2026-11-28T00:00:00.000Z',
  state,
  line: state,
});
const end = (runs: readonly RunWord[], more: Partial<Extract<LastWord, { kind: 'end' }>> = {}): LastWord => ({
  kind: 'end',
  runs: [...runs],
  unfinished: 0,
  isOtherAtIt: false,
  error: null,
  ...more,
});
type Worker = (job: Job, hear: (event: RunEvent) => void) => LastWord | Lost;

/** Each worker in turn; one more than there are is a mistake. */
function played(workers: readonly Worker[], { mayChange = true, store = memoryStore() } = {}) {
  const left = [...workers];
  const jobs: Job[] = [];
  const told: RunEvent[] = [];
  let nowMs = 1000;
  const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
  const none = () => undefined;
  const runs = new BesideRuns(store, clock);
  const executor = besideExecutor({
    runs,
    clock,
    log: { error: none, warn: none, info: none, debug: none },
    mayChange,
    carry: async (job, hear) => {
      jobs.push(job);
      const worker = left.shift();
      if (!worker) throw new Error('a worker that nobody expected');
      return worker(job, hear);
    },
  });
  const progress = (one: RunEvent) => void told.push(one);
  return {
    executor,
    runs,
    jobs,
    told,
    store,
    apply: (runId = 'run1') => executor.apply({ ...REQUEST, runId }, progress),
    recover: () => executor.recover(progress),
    later: (ms: number) => {
      nowMs += ms;
    },
  };
}
const LOST: Lost = { kind: 'lost', why: 'SIGKILL ended it' };
const done: Worker = (_, hear) => {
  for (const one of [event(1, 'applying'), event(2, 'verifying'), event(3, 'done')]) hear(one);
  return end([{ runId: 'run1', state: 'ended', last: event(3, 'done') }]);
};

test('a run is told line by line, once, and how it ended is known without a session', async () => {
  const { executor, apply, told, jobs, recover } = played([done]);
  await apply();
  expect(told.map(({ index, state }) => [index, state])).toEqual([
    [1, 'applying'],
    [2, 'verifying'],
    [3, 'done'],
  ]);
  expect([executor.hasBegun('run1'), executor.unfinished?.(), executor.lastWords?.()]).toEqual([
    true,
    0,
    [event(3, 'done')],
  ]);
  // A node that is reached again costs no second session.
  await recover();
  expect(jobs).toHaveLength(1);
});

test('of a worker that was lost nothing is believed: the next one says what the node says', async () => {
  const { executor, apply, told, jobs } = played([
    (_, hear) => {
      hear(event(1, 'applying'));
      return LOST;
    },
    (_, hear) => {
      hear(event(2, 'rollingBack'));
      hear(event(3, 'rolledBack'));
      return end([{ runId: 'run1', state: 'ended', last: event(3, 'rolledBack') }]);
    },
  ]);
  await apply();
  expect(jobs[1]).toMatchObject({ kind: 'recover', runIds: ['run1'] });
  expect(told.at(-1)).toMatchObject({ index: 3, state: 'rolledBack' });
  expect(executor.unfinished?.()).toBe(0);
});

test('where nobody can tell the run stays open, over a start of this agent too', async () => {
  const open = end([{ runId: 'run1', state: 'open', last: null }], {
    unfinished: 1,
    error: { code: 'CAS_BESIDE_UNREACHABLE', detail: 'mta1: no route to host' },
  });
  const first = played([() => LOST, () => open]);
  await first.apply();
  expect(first.told).toEqual([]);
  const next = played([() => open, (_job, hear) => done(_job, hear)], { store: first.store });
  expect([next.executor.hasBegun('run1'), next.executor.unfinished?.(), next.executor.lastWords?.()]).toEqual(
    [true, 1, []],
  );
  await expect(next.recover()).rejects.toThrow('no route to host');
  await next.recover();
  expect(next.told.at(-1)).toMatchObject({ state: 'done' });
  expect(next.executor.unfinished?.()).toBe(0);
});

test('a run that was never begun on the node ends refused, after what was heard of it', async () => {
  const { apply, told } = played([() => LOST, () => end([{ runId: 'run1', state: 'none', last: null }])]);
  await apply();
  expect(told).toMatchObject([
    { index: 1, state: 'refused', line: expect.stringContaining('nothing was touched') },
  ]);
});

test.each([
  [
    'the node refuses',
    () =>
      end([{ runId: 'run1', state: 'none', last: null }], {
        error: { code: 'CAS_AUDIT_ONLY', detail: 'no' },
      }),
    'CAS_AUDIT_ONLY',
  ],
  [
    'no worker is to be had',
    () => {
      throw casError('CAS_RUN_BUSY', 'too many');
    },
    'CAS_RUN_BUSY',
  ],
] as const)('where %s the run is refused with that word', async (_, worker, code) => {
  const { executor, apply, told } = played([worker]);
  await apply();
  expect(told).toMatchObject([{ index: 1, state: 'refused', error: code }]);
  expect(executor.unfinished?.()).toBe(0);
});

test('one run at a time, and each once', async () => {
  const second: RunEvent[] = [];
  const { executor, apply, told } = played([
    (job, hear) => {
      void executor.apply({ ...REQUEST, runId: 'run2' }, (one) => void second.push(one));
      return done(job, hear);
    },
  ]);
  await apply();
  expect(second).toMatchObject([{ runId: 'run2', state: 'refused', error: 'CAS_RUN_BUSY' }]);
  await apply();
  expect(told.at(-1)).toMatchObject({ index: 1, state: 'refused', error: 'CAS_COMMAND_REPLAYED' });
});

test('where nothing may be changed no session to change is begun, and what is open is a problem', async () => {
  const first = played([() => LOST, () => LOST]);
  await first.apply();
  const { executor, recover, jobs } = played([], { mayChange: false, store: first.store });
  await expect(recover()).rejects.toThrow('setting "allow"');
  expect([jobs, executor.unfinished?.()]).toEqual([[], 0]);
});

test('who had the lock is believed to have it for a minute', async () => {
  const { executor, apply, later } = played([
    () => LOST,
    () => end([{ runId: 'run1', state: 'open', last: null }], { isOtherAtIt: true, unfinished: 1 }),
  ]);
  await apply();
  expect(executor.isOtherAtIt?.()).toBe(true);
  later(OTHER_BELIEVED_MS);
  expect(executor.isOtherAtIt?.()).toBe(false);
});

test.each([
  [
    'a plan',
    () => ({ kind: 'failed', error: { code: 'CAS_BESIDE_DENIED', detail: 'no key' } }) as const,
    'CAS_BESIDE_DENIED',
  ],
  ['a worker that was lost', () => LOST, 'CAS_BESIDE_LOST'],
] as const)('%s that comes to nothing is told', async (_, worker, code) => {
  expect(await played([worker]).executor.plan('key-permissions', {})).toMatchObject({
    ok: false,
    error: { code },
  });
});

test(`${OPEN_MAX} runs may be open, and one more is refused; ${RUNS_MAX} are kept`, async () => {
  const { apply, runs, told } = played([]);
  for (let number = 0; number < RUNS_MAX + 5; number += 1) {
    runs.begin(`old${number}`);
    runs.close(`old${number}`);
  }
  for (let number = 0; number < OPEN_MAX; number += 1) expect(runs.begin(`open${number}`)).toBe(true);
  expect([runs.find('old0'), runs.find('open0') !== null, runs.open().length]).toEqual([
    null,
    true,
    OPEN_MAX,
  ]);
  await apply();
  expect(told).toMatchObject([{ state: 'refused', error: 'CAS_TOO_MANY' }]);
});

test('a record that is damaged is told, and nothing is begun', async () => {
  const { apply, told, store } = played([]);
  store.replace('beside-runs.json', '{"runs": [');
  await apply();
  expect(told).toMatchObject([{ state: 'refused', error: 'CAS_STATE_UNUSABLE' }]);
});
