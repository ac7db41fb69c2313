import { err, ok } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { RunEvent } from '@castellan/shared/model/run';
import { expect, test } from 'vitest';
import type { Order } from '../app/beside-order.js';
import type { Executor } from '../app/command-dispatcher.js';
import { StateProblem } from '../ports/state-store.js';
import { doJob, NOT_FROM_BESIDE } from './beside-job.js';
import type { Carrier } from './carrier.js';

const APPLY = { kind: 'apply', runId: 'run1', slug: 'key-permissions', params: {}, planDigest: 'd' } as const;
const RECOVER: Order['job'] = { kind: 'recover', runIds: ['run1'], tries: 1 };
const DONE: RunEvent = {
  runId: 'run1',
  index: 2,
  at: '2026-11-28T00:00:00.000Z',
  state: 'done',
  line: 'done',
};

/** A node that is reached every time, and how it is reached. */
function played(executor: Partial<Executor>, more: Partial<Carrier> = {}) {
  const modes: string[] = [];
  const told: unknown[] = [];
  let closed = 0;
  const carrier: Carrier = {
    executor: {
      recover: () => Promise.resolve(),
      hasBegun: () => true,
      plan: () => Promise.resolve(err(casError('CAS_PLAN_EMPTY'))),
      apply: () => Promise.resolve(),
      ...executor,
    },
    limits: [],
    refusalOf: () => null,
    isLost: () => false,
    close: async () => {
      closed += 1;
    },
    ...more,
  };
  const open = (mode: 'look' | 'change') => {
    modes.push(mode);
    return Promise.resolve(carrier);
  };
  const deps = { open, say: (word: unknown) => void told.push(word) };
  return { deps, modes, told, closed: () => closed };
}

test('a plan needs a session to look, and is told that the server is not asked for certificates', async () => {
  const asked: unknown[] = [];
  const { deps, modes, closed } = played({
    plan: (...all) => {
      asked.push(all);
      return Promise.resolve(err(casError('CAS_PLAN_EMPTY', 'nothing')));
    },
  });
  expect(await doJob({ kind: 'plan', slug: 'certificate-renew', params: {} }, deps)).toEqual({
    kind: 'failed',
    error: { code: 'CAS_PLAN_EMPTY', detail: 'nothing' },
  });
  expect([asked, modes, closed()]).toEqual([
    [['certificate-renew', {}, { why: NOT_FROM_BESIDE }]],
    ['look'],
    1,
  ]);
});

test('a run is told as it goes on, and its last line is its end', async () => {
  const { deps, modes, told } = played({
    apply: async (request, tell) => {
      expect(request.services).toEqual({ why: NOT_FROM_BESIDE });
      tell(DONE);
    },
  });
  expect(await doJob(APPLY, deps)).toMatchObject({
    runs: [{ runId: 'run1', state: 'ended', last: DONE }],
    error: null,
  });
  expect([modes, told]).toEqual([['change'], [{ kind: 'event', event: DONE }]]);
});

test.each([
  [
    'the node cannot be reached',
    () => {
      const { deps } = played({});
      return { ...deps, open: () => Promise.reject(casError('CAS_BESIDE_DENIED', 'no key')) };
    },
    'none',
    'CAS_BESIDE_DENIED',
  ],
  [
    'an issuer is set up there',
    () => played({}, { refusalOf: () => 'an issuer' }).deps,
    'none',
    'CAS_PLAN_REFUSED',
  ],
  [
    'an earlier run cannot be taken up',
    () => played({ recover: () => Promise.reject(new StateProblem('read', 'journal', 'EIO')) }).deps,
    'none',
    'CAS_STATE_UNUSABLE',
  ],
  [
    'something fails in the middle',
    () => played({ apply: () => Promise.reject(new Error('of hunter2')) }).deps,
    'open',
    'CAS_INTERNAL',
  ],
] as const)('where %s the run is told as it is', async (_, depsOf, state, code) => {
  const last = await doJob(APPLY, depsOf());
  expect(last).toMatchObject({ runs: [{ runId: 'run1', state, last: null }], error: { code } });
  expect(JSON.stringify(last)).not.toContain('hunter2');
});

test('what is told over a link that is lost does not count', async () => {
  let isLost = false;
  const { deps, told } = played(
    {
      apply: async (_, tell) => {
        isLost = true;
        tell(DONE);
      },
      hasBegun: () => false,
    },
    { isLost: () => isLost },
  );
  expect(await doJob(APPLY, deps)).toMatchObject({
    runs: [{ state: 'none' }],
    error: { code: 'CAS_BESIDE_LOST' },
  });
  expect(told).toEqual([]);
});

test.each([
  ['ended before', { lastWords: () => [DONE] }, { state: 'ended', last: DONE }],
  ['was never begun', { hasBegun: () => false }, { state: 'none', last: null }],
  ['ended too long ago to be told', {}, { state: 'ended', last: null }],
  ['is worth another try', { unfinished: () => 1 }, { state: 'open', last: null }],
  ['is in the hands of somebody else', { isOtherAtIt: () => true }, { state: 'open', last: null }],
])('asked for a run that %s, the node decides', async (_, executor, word) => {
  const last = await doJob(RECOVER, played(executor).deps);
  expect(last).toMatchObject({ kind: 'end', runs: [word] });
});

test('a plan that was made is passed on', async () => {
  const plan = { remediation: 'key-permissions' } as never;
  const { deps } = played({ plan: () => Promise.resolve(ok(plan)) });
  expect(await doJob({ kind: 'plan', slug: 'key-permissions', params: {} }, deps)).toEqual({
    kind: 'plan',
    plan,
  });
});
