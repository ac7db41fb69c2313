import { type DestinationStream, pino } from 'pino';
import type { Log } from '../ports/log.js';
import { REDACTED_PATHS, REDACTION } from './redaction.js';

/** JSON lines, to stderr unless told otherwise: stdout is for data. */
export function agentLog(
  level: string,
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: [...REDACTED_PATHS], censor: REDACTION },
    },
    destination,
  );
}

/** The same log, with these fields in every line. */
export function logWith(log: Log, fields: Readonly<Record<string, unknown>>): Log {
  return {
    error: (more, message) => log.error({ ...fields, ...more }, message),
    warn: (more, message) => log.warn({ ...fields, ...more }, message),
    info: (more, message) => log.info({ ...fields, ...more }, message),
    debug: (more, message) => log.debug({ ...fields, ...more }, message),
  };
}
