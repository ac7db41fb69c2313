import { expect, test } from 'vitest';
import { FAILURES_MAX, keptUp } from './part.js';

const log = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
const clock = { now: () => 0, sleep: () => Promise.resolve() };

test('a part that fails is begun again, and its problem is told until it runs', async () => {
  const told: [string, string | null][] = [];
  let runs = 0;
  const run = () => (++runs < 3 ? Promise.reject(new Error(`no ${runs}`)) : Promise.resolve());
  const problem = (name: string, detail: string | null) => told.push([name, detail]);
  await keptUp('watch', run, { clock, log, signal: new AbortController().signal, problem });
  expect(told).toEqual([
    ['watch', 'no 1'],
    ['watch', null],
    ['watch', 'no 2'],
    ['watch', null],
  ]);
});

test('a part that will not stay up ends the whole', async () => {
  let runs = 0;
  const run = () => {
    runs += 1;
    return Promise.reject(new Error('never'));
  };
  const deps = { clock, log, signal: new AbortController().signal, problem: () => undefined };
  await expect(keptUp('watch', run, deps)).rejects.toThrow('never');
  expect(runs).toBe(FAILURES_MAX);
});
