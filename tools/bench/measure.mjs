// What every measurement shares: one JSON line each, medians of paired runs, percentiles.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

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

/** CPU time in ms of a process and of its ended children, in steps of a clock tick; proc(5), fields 14 to 17. */
export function cpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return (ticks / ticksPerS()) * 1000;
}

let knownTicksPerS;
function ticksPerS() {
  knownTicksPerS ??= Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout);
  return knownTicksPerS;
}

/** Resident memory of a process in MB. */
export function rssMb(pid) {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1024;
}
