import { ok } from '@castellan/shared/base/result';
import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import { expect, test } from 'vitest';
import { BACKOFF_CAP_MS } from '../link/backoff.js';
import { lookAfter, type OpenWay } from './look-after.js';

interface Played {
  readonly open?: (attempt: number) => void;
  readonly live?: (attempt: number, end: (error: CasError) => void, signal: AbortSignal) => Promise<void>;
}

/** Goes on until `attempts` ways were asked for. */
async function played(attempts: number, { open = () => undefined, live }: Played) {
  const stop = new AbortController();
  const waits: number[] = [];
  const lines: Readonly<Record<string, unknown>>[] = [];
  let [attempt, closed] = [0, 0];
  const line = (fields: Readonly<Record<string, unknown>>) => void lines.push(fields);
  await lookAfter<OpenWay & { readonly end: (error: CasError) => void }>({
    clock: {
      now: () => 0,
      sleep: (ms) => {
        waits.push(ms);
        if (attempt >= attempts) stop.abort(new Error('the test ends'));
        return Promise.resolve();
      },
    },
    random: { id: () => '', unit: () => 0.5, bytes: () => Buffer.alloc(0) } as never,
    log: { error: line, warn: line, info: line, debug: () => undefined },
    signal: stop.signal,
    prepare: () => Promise.resolve(),
    open: async () => {
      attempt += 1;
      open(attempt);
      let ended: (error: CasError) => void = () => undefined;
      return {
        onEnd: (given) => {
          ended = given;
        },
        end: (error) => ended(error),
        close: async () => {
          closed += 1;
        },
      };
    },
    live: async (way, signal) => {
      await live?.(attempt, way.end, signal);
      return ok(undefined);
    },
  });
  return { waits, lines, closed: () => closed, attempt };
}

test('a node that is away is tried again for ever, less and less often, and the log is not filled', async () => {
  const { waits, lines, closed } = await played(12, {
    open: () => {
      throw casError('CAS_BESIDE_UNREACHABLE', 'mta1: no route to host');
    },
  });
  expect(waits).toHaveLength(12);
  expect(waits.slice(0, 3)).toEqual([500, 1000, 2000]);
  expect(Math.max(...waits)).toBe(BACKOFF_CAP_MS / 2);
  expect(lines).toMatchObject([{ event: 'node.away', code: 'CAS_BESIDE_UNREACHABLE' }]);
  expect(closed()).toBe(0);
});

test('when the way ends, so does the agent, and every way is closed', async () => {
  const reasons: unknown[] = [];
  const { lines, closed } = await played(2, {
    live: (_, end, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason);
          resolve();
        });
        end(casError('CAS_BESIDE_LOST', 'the session ended in the middle'));
      }),
  });
  expect(reasons).toMatchObject([{ code: 'CAS_BESIDE_LOST' }, { code: 'CAS_BESIDE_LOST' }]);
  expect(lines.map(({ event }) => event)).toEqual(['node.reached', 'node.away', 'node.reached', 'node.away']);
  expect(closed()).toBe(2);
});

test('an agent that fails on one node is begun again there', async () => {
  const { lines, closed } = await played(2, {
    live: () => Promise.reject(new Error('a part will not stay up')),
  });
  expect(lines.filter(({ event }) => event === 'node.away')).toMatchObject([
    { why: 'a part will not stay up', code: 'CAS_INTERNAL' },
    { why: 'a part will not stay up' },
  ]);
  expect(closed()).toBe(2);
});
