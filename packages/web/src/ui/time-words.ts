/** `2026-11-24 00:40:12 UTC`: to the second, because two lines of a run are often within one minute. */
export function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** By the clock of a zone: `Sun 2026-03-29 03:30`. Throws RangeError for what is no zone. */
export function zoned(ms: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(ms);
  const part = (name: string) => parts.find(({ type }) => type === name)?.value ?? '';
  return `${part('weekday')} ${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
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
