#!/usr/bin/env node
// Alerts on a seeded clock with other seeds than the suite's, until one fails.
//   npm run test:simulation                            500 seeds, from 1 on
//   npm run test:simulation -- --seeds 50 --first 9001
//   npm run test:simulation -- --steps 30              longer lives: more happens in each
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

const TEST = 'packages/server/src/outbox/simulation.test.ts';
/** Seeds of one process. */
const CHUNK = 10;
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '500' },
    first: { type: 'string', default: '1' },
    steps: { type: 'string', default: '12' },
  },
});
const [seeds, first, steps] = [Number(values.seeds), Number(values.first), Number(values.steps)];
const isFrom = (least, value) => Number.isInteger(value) && value >= least;
if (!isFrom(1, seeds) || !isFrom(0, first) || !isFrom(1, steps)) {
  process.stderr.write('--seeds and --steps take whole numbers from 1 on, --first one from 0 on.\n');
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
    if (await holds(from, count)) {
      held += count;
      process.stderr.write(`== seeds ${from} to ${from + count - 1} held\n`);
    } else {
      hasFailed = true;
      process.stderr.write(
        `== failed: npm run test:simulation -- --first ${from} --seeds ${count} --steps ${steps}\n`,
      );
    }
  }
}

function holds(from, count) {
  const child = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', TEST, '-t', 'the world of seed'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        SIMULATION_SEEDS: String(count),
        SIMULATION_FIRST_SEED: String(from),
        SIMULATION_STEPS: String(steps),
      },
    },
  );
  return new Promise((resolve) => child.once('close', (code) => resolve(code === 0)));
}
