import { useSyncExternalStore } from 'react';
import { distance, utc } from './time-words.js';

/** The relative words move on at this pace; the page does nothing else by itself. */
const TICK_MS = 10_000;

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** UTC in full, and how far it is from now beside it. */
export function Instant({
  at,
  none = 'never',
}: {
  readonly at: string | null | undefined;
  readonly none?: string;
}) {
  const current = useSyncExternalStore(subscribe, () => now);
  if (!at) return <span className="cas-quiet">{none}</span>;
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return <span>{at}</span>;
  const [day, ...time] = utc(ms).split(' ');
  return (
    <time dateTime={at} className="cas-instant">
      <span className="cas-nowrap">{day}</span> <span className="cas-nowrap">{time.join(' ')}</span>{' '}
      <span className="cas-quiet cas-nowrap">{distance(ms, Math.max(current, now))}</span>
    </time>
  );
}
