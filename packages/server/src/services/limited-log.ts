import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';

/** One line of a kind in this time; the next one says how many were left out. */
export const LINE_WINDOW_MS = 10_000;
/** Kinds that are told apart at once; further ones share one place. */
export const LINE_KINDS_MAX = 256;

interface Kept {
  since: number;
  leftOut: number;
}

/**
 * A log for what strangers provoke: of each kind (event and code) one line in a window, the next with `leftOut`. What
 * floods it costs neither disk nor the sight of what else happens.
 */
export function limitedLog(log: Log, clock: Clock): Log {
  const kinds = new Map<string, Kept>();
  const limited =
    (level: keyof Log): Log['warn'] =>
    (fields, message) => {
      const leftOut = passes(kinds, `${level} ${fields.event} ${textOf(fields['code'])}`, clock.now());
      if (leftOut === null) return;
      log[level](leftOut === 0 ? fields : { ...fields, leftOut }, message);
    };
  return { debug: limited('debug'), info: limited('info'), warn: limited('warn'), error: limited('error') };
}

function textOf(code: unknown): string {
  return typeof code === 'string' ? code.slice(0, 64) : '';
}

/** How many were left out before this one; null: it is left out too. */
function passes(kinds: Map<string, Kept>, wanted: string, now: number): number | null {
  const kind = kinds.has(wanted) || kinds.size < LINE_KINDS_MAX ? wanted : 'other';
  const known = kinds.get(kind);
  // A clock that was put back must not keep a kind silent.
  if (known && now - known.since < LINE_WINDOW_MS && now >= known.since) {
    known.leftOut += 1;
    return null;
  }
  kinds.set(kind, { since: now, leftOut: 0 });
  return known?.leftOut ?? 0;
}
