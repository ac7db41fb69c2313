// Checks texts by number and tells, before each block, where it stands: whoever waits sees where it hangs.
import { parentPort, workerData } from 'node:worker_threads';
import { check } from './checks.mjs';
import { damaged, generated } from './inputs.mjs';

const { seed, texts, from, step, until, endsAtMs } = workerData;
const BLOCK = 64;
let n = from;
for (; n < until && Date.now() < endsAtMs; n += step) {
  if ((n - from) % (BLOCK * step) === 0) parentPort.postMessage({ at: n });
  const text = texts === null ? generated(seed, n) : damaged(seed, n, texts);
  const startedAtMs = performance.now();
  try {
    check(text);
  } catch (error) {
    parentPort.postMessage({
      fault: { n, text, why: error instanceof Error ? (error.stack ?? '') : String(error) },
    });
  }
  const ms = performance.now() - startedAtMs;
  if (ms > 250) parentPort.postMessage({ slow: { n, ms, units: text.length } });
}
parentPort.postMessage({ at: n, isDone: true });
