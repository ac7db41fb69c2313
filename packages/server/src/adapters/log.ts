import { WindowCount } from '@castellan/shared/base/window-count';
import { type DestinationStream, destination, pino } from 'pino';
import type { Log } from '../ports/log.js';
import { describeError, storeCodeOf } from './log-error.js';
import { REDACTED_PATHS, REDACTION } from './redaction.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A store that fails makes everything fail: it is said once in this time, with how often it was left out. */
export const STORE_LINE_MS = 10_000;

/** One JSON object a line on stderr: stdout is for data. */
export function openLog(
  level: LogLevel,
  stream: DestinationStream = destination({ fd: 2, sync: true }),
  nowMs: () => number = () => performance.now(),
): Log {
  const logger = pino(
    {
      level,
      base: { name: 'castellan-server' },
      redact: { paths: [...REDACTED_PATHS], censor: REDACTION },
      serializers: { err: describeError },
    },
    stream,
  );
  const window = storeWindow(nowMs);
  const limited =
    (write: Log['error']): Log['error'] =>
    (fields, message) => {
      const more = window(fields.err);
      if (more !== null) write({ ...fields, ...more }, message);
    };
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: limited((fields, message) => logger.warn(fields, message)),
    error: limited((fields, message) => logger.error(fields, message)),
  };
}

/** What to add to a line; null when the line is left out. */
function storeWindow(nowMs: () => number): (cause: unknown) => { readonly linesLeftOut?: number } | null {
  const lines = new WindowCount(STORE_LINE_MS);
  return (cause) => {
    const code = storeCodeOf(cause);
    const leftOut = code === null ? 0 : lines.pass(code, nowMs());
    if (leftOut === null) return null;
    return leftOut > 0 ? { linesLeftOut: leftOut } : {};
  };
}
