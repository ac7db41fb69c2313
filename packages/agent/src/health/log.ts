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
