#!/usr/bin/env node
// Every property with other values than the suite's, round after round, until one fails.
//   npm run test:properties                    20 rounds, from a seed of the clock
//   npm run test:properties -- --rounds 5 --seed 7 packages/momentum
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, seed: { type: 'string' } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
const first = Number(values.seed ?? Date.now() % 2 ** 31);
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(first)) {
  process.stderr.write('--rounds takes a whole number from 1 on, --seed a whole number.\n');
  process.exit(2);
}

const within = positionals.length > 0 ? positionals : ['packages', 'test'];
const files = within.flatMap(propertyTests);
if (files.length === 0) {
  process.stderr.write(`No test with a property in ${within.join(', ')}.\n`);
  process.exit(2);
}
for (let round = 0; round < rounds; round += 1) {
  const seed = first + round;
  process.stderr.write(`== round ${round + 1} of ${rounds}, seed ${seed}, ${files.length} files\n`);
  const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...files], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PROPERTY_SEED: String(seed) },
  });
  if (status === 0) continue;
  process.stderr.write(`== failed: PROPERTY_SEED=${seed} npx vitest run shows it again\n`);
  process.exit(1);
}
process.stderr.write(`== ${rounds} rounds, every property held\n`);

function propertyTests(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(node_modules|dist)$/.test(entry.name) ? [] : propertyTests(path);
    return entry.name.endsWith('.test.ts') && readFileSync(path, 'utf8').includes("'fast-check'")
      ? [path]
      : [];
  });
}
