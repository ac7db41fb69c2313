import { spawn } from 'node:child_process';

export interface Notifier {
  /** `READY=1`, `STOPPING=1`, `WATCHDOG=1`, `STATUS=...`. Nothing waits for it. */
  notify(...states: readonly string[]): void;
  /** How often WATCHDOG=1 is wanted (half of what systemd allows), or null. */
  readonly watchdogMs: number | null;
  /** Why systemd is told nothing, or null. */
  readonly silentBecause: string | null;
}

const PROGRAM = 'systemd-notify';

/** `environment` is the process's: systemd sets NOTIFY_SOCKET and WATCHDOG_USEC. */
export function systemdNotifier(
  environment: Readonly<Record<string, string | undefined>>,
  failed: (detail: string) => void,
): Notifier {
  const socket = environment['NOTIFY_SOCKET'];
  const watchdogUs = Number(environment['WATCHDOG_USEC'] ?? '');
  if (!socket)
    return {
      notify: () => undefined,
      watchdogMs: null,
      silentBecause: 'NOTIFY_SOCKET is not set: not started by systemd with Type=notify',
    };
  let isTold = false;
  const tell = (detail: string) => {
    if (!isTold) failed(detail);
    isTold = true;
  };
  return {
    watchdogMs: watchdogUs > 0 ? Math.floor(watchdogUs / 2000) : null,
    silentBecause: null,
    // The messages come from a child: the unit needs NotifyAccess=all.
    notify: (...states) => {
      const child = spawn(PROGRAM, [`--pid=${process.pid}`, ...states], {
        stdio: 'ignore',
        env: { ...environment },
      });
      child.on('error', (error) => tell(`${PROGRAM} could not be started: ${error.message}`));
      child.on('exit', (code) => {
        if (code !== 0) tell(`${PROGRAM} ended with ${code ?? 'a signal'}`);
      });
    },
  };
}
