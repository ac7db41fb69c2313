import { agentLog, logWith } from '../health/log.js';
import { type Notifier, systemdNotifier } from '../health/systemd.js';
import type { Log } from '../ports/log.js';

export function logOf(level: string): Log {
  return agentLog(level);
}

/** Of one node of several that this process looks after. */
export function nodeLog(log: Log, node: string): Log {
  return logWith(log, { node });
}

/** systemd is told, or the log says once why it is not. */
export function agentNotifier(environment: Readonly<Record<string, string | undefined>>, log: Log): Notifier {
  const notifier = systemdNotifier(environment, (detail) =>
    log.warn({ event: 'systemd.failed', detail }, 'systemd could not be told'),
  );
  if (notifier.silentBecause !== null)
    log.debug({ event: 'systemd.silent', why: notifier.silentBecause }, 'systemd is not told');
  return notifier;
}
