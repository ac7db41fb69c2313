#!/usr/bin/env node
// Alerts on a seeded clock with other seeds than the suite's, until one fails.
//   npm run test:simulation                            500 seeds, from 1 on
//   npm run test:simulation -- --seeds 50 --first 9001
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

const TEST = 'packages/server/src/outbox/simulation.test.ts';
/** Seeds of one process. */
const CHUNK = 10;
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '500' }, first: { type: 'string', default: '1' } },
});
const [seeds, first] = [Number(values.seeds), Number(values.first)];
if (!Number.isInteger(seeds) || seeds < 1 || !Number.isInteger(first) || first < 0) {
  process.stderr.write('--seeds takes a whole number from 1 on, --first one from 0 on.\n');
  process.exit(2);
}

const chunks = [];
for (let from = first; from < first + seeds; from += CHUNK)
  chunks.push({ from, count: Math.min(CHUNK, first + seeds - from) });
let held = 0;
let hasFailed = false;
await Promise.all(Array.from({ length: availableParallelism() }, work));
process.stderr.write(`== ${held} seeds of ${seeds} held\n`);
process.exitCode = hasFailed ? 1 : 0;

async function work() {
  for (let chunk = chunks.shift(); chunk !== undefined && !hasFailed; chunk = chunks.shift()) {
    const { from, count } = chunk;
    if (await holds(from, count)) held += count;
    else {
      hasFailed = true;
      process.stderr.write(`== failed: npm run test:simulation -- --first ${from} --seeds ${count}\n`);
    }
  }
}

function holds(from, count) {
  const child = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', TEST, '-t', 'the world of seed'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, SIMULATION_SEEDS: String(count), SIMULATION_FIRST_SEED: String(from) },
    },
  );
  return new Promise((resolve) => child.once('close', (code) => resolve(code === 0)));
}
