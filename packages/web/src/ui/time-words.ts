/** `2026-11-24 00:40:12 UTC`: to the second, because two lines of a run are often within one minute. */
export function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

const STEPS: readonly (readonly [ms: number, unit: string])[] = [
  [365 * 86_400_000, 'y'],
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
];

/** `3 min ago`, `in 12 d`, `just now` within a minute. */
export function distance(ms: number, nowMs: number): string {
  const span = Math.abs(nowMs - ms);
  const step = STEPS.find(([size]) => span >= size);
  if (!step) return 'just now';
  const [size, unit] = step;
  const words = `${Math.floor(span / size)} ${unit}`;
  return ms <= nowMs ? `${words} ago` : `in ${words}`;
}

/** `1.4 s`, `32 s`, `3 min 5 s`: how long a run took. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
