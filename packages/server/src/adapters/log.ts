import { type DestinationStream, destination, pino } from 'pino';
import type { Log } from '../ports/log.js';
import { REDACTED_PATHS, REDACTION } from './redaction.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** One JSON object a line on stderr: stdout is for data. */
export function openLog(
  level: LogLevel,
  stream: DestinationStream = destination({ fd: 2, sync: true }),
): Log {
  const logger = pino(
    { level, base: { name: 'castellan-server' }, redact: { paths: [...REDACTED_PATHS], censor: REDACTION } },
    stream,
  );
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
