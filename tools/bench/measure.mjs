// What every measurement shares: one JSON line each, medians of paired runs, percentiles.
import { spawnSync } from 'node:child_process';

/** Prints one measurement. `ratio` compares with the floor that was measured in the same run. */
export function report(measurement) {
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
}

/** Nearest-rank percentile of numbers; p in (0, 100]. */
export function percentile(values, p) {
  if (values.length === 0) throw new Error('percentile of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)];
}

export const median = (values) => percentile(values, 50);
export const round = (value, digits = 1) => Number(value.toFixed(digits));

/** Wall time of a whole process in ms; it must end well and say something. */
export function wallMs(program, argv, options = {}) {
  const startedAt = process.hrtime.bigint();
  const result = spawnSync(program, argv, { encoding: 'utf8', maxBuffer: 1 << 30, ...options });
  const ms = Number(process.hrtime.bigint() - startedAt) / 1e6;
  if (result.status !== 0)
    throw new Error(`${program} ended with ${result.status ?? result.signal}: ${result.stderr}`);
  return { ms, stdout: result.stdout };
}

export function say(line) {
  process.stderr.write(`${line}\n`);
}
