import { expect, test } from 'vitest';
import type { Difference, Differences } from '../ports/differences.js';
import type { Batch } from './coalesce.js';
import { Poller, TREES_EVERY_MS_MAX } from './poller.js';

const LOOKED = {
  paths: new Set(['/etc/a', '/etc/a~']),
  listed: new Set<string>(),
  walked: new Set(['/opt']),
};
const NOTHING: Difference = { changed: new Set(), watched: 3, isCut: false, treesCpuMs: 0 };

/** Asks as often as `asks` says, and is stopped then. */
async function polled(asks: number, answer: (index: number) => Difference, follow = NOTHING) {
  const stop = new AbortController();
  const batches: Batch[] = [];
  const withTrees: boolean[] = [];
  const errors: unknown[] = [];
  let now = 0;
  const differences: Differences = {
    follow: () => Promise.resolve(follow),
    ask: async (isWithTrees) => {
      withTrees.push(isWithTrees);
      if (withTrees.length >= asks) stop.abort();
      return answer(withTrees.length - 1);
    },
  };
  const quiet = () => undefined;
  const poller = new Poller({
    differences,
    clock: {
      now: () => now,
      sleep: (ms) => {
        now += ms;
        return Promise.resolve();
      },
    },
    log: { error: (fields) => void errors.push(fields), warn: quiet, info: quiet, debug: quiet },
    intervalMs: 10_000,
    signal: stop.signal,
    changed: (batch) => batches.push(batch),
  });
  await poller.follow(LOOKED);
  await poller.run();
  return { poller, batches, withTrees, errors };
}

test('tells what changed, but for what only editors leave', async () => {
  const changed = new Set(['/etc/a', '/etc/a~', '/opt/.x.swp', '/opt/b']);
  const { poller, batches } = await polled(1, () => ({ ...NOTHING, changed }));
  // What was looked at itself counts, whatever its name.
  expect(batches).toEqual([{ paths: new Set(['/etc/a', '/etc/a~', '/opt/b']), overflow: false }]);
  expect(poller.problem).toBeNull();
  expect(poller.proofs).toMatchObject([
    { name: 'files', everyS: 10, provenAt: expect.any(String) },
    { name: 'trees', everyS: 10 },
  ]);
});

test('trees that cost much are asked less often, in whole intervals, and it is said', async () => {
  const { poller, withTrees } = await polled(9, () => ({ ...NOTHING, treesCpuMs: 150 }));
  expect(withTrees).toEqual([true, false, false, false, true, false, false, false, true]);
  expect(poller.proofs[1]).toMatchObject({ name: 'trees', everyS: 40 });
  const { poller: dear } = await polled(1, () => ({ ...NOTHING, treesCpuMs: 1_000_000 }));
  expect(dear.proofs[1]?.everyS).toBe(TREES_EVERY_MS_MAX / 1000);
  const { withTrees: cheap } = await polled(3, () => ({ ...NOTHING, treesCpuMs: 40 }));
  expect(cheap).toEqual([true, true, true]);
});

test('that not everything is watched is said, and so is a node that does not answer', async () => {
  // Said until trees are asked again, and for as long as there is more than can be watched.
  const { poller } = await polled(2, (index) => ({ ...NOTHING, isCut: index === 0, treesCpuMs: 150 }));
  expect(poller.problem).toContain('not everything is watched');
  const { poller: full } = await polled(1, () => NOTHING, { ...NOTHING, isCut: true });
  expect(full.problem).toContain('not everything is watched');
  const { poller: failing, errors } = await polled(2, (index) => {
    if (index === 0) throw new Error('no answer');
    return NOTHING;
  });
  expect(errors).toMatchObject([{ event: 'watch.failed', problem: 'no answer' }]);
  expect(failing.problem).toBeNull();
});
