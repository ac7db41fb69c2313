import { WindowCount } from '@castellan/shared/base/window-count';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';

/** One line of a kind in this time; the next one says how many were left out. */
export const LINE_WINDOW_MS = 10_000;

/**
 * A log for what strangers provoke: of each kind (event and code) one line in a window, the next with `leftOut`. What
 * floods it costs neither disk nor the sight of what else happens.
 */
export function limitedLog(log: Log, clock: Clock): Log {
  const window = new WindowCount(LINE_WINDOW_MS);
  const limited =
    (level: keyof Log): Log['warn'] =>
    (fields, message) => {
      const leftOut = window.pass(`${level} ${fields.event} ${textOf(fields['code'])}`, clock.now());
      if (leftOut !== null) log[level](leftOut === 0 ? fields : { ...fields, leftOut }, message);
    };
  return { debug: limited('debug'), info: limited('info'), warn: limited('warn'), error: limited('error') };
}

function textOf(code: unknown): string {
  return typeof code === 'string' ? code.slice(0, 64) : '';
}
