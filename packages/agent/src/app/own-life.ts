import { ownCostReader } from '../health/counters.js';
import type { Notifier } from '../health/systemd.js';
import { type Clock, rest, steady } from '../ports/clock.js';
import type { Log } from '../ports/log.js';

const OWN_COST_EVERY_MS = 300_000;

interface OwnLifeDeps {
  readonly notifier: Notifier;
  readonly log: Log;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Feeds the watchdog and logs what this process costs, until the signal. */
export async function ownLife({ notifier, log, clock, signal }: OwnLifeDeps): Promise<void> {
  const every = async (ms: number, act: () => void) => {
    while (!signal.aborted) {
      act();
      await rest(clock, ms, signal);
    }
  };
  const cost = ownCostReader();
  await Promise.all([
    every(OWN_COST_EVERY_MS, () =>
      log.info({ event: 'agent.cost', ...cost(steady(clock)) }, 'what the agent costs'),
    ),
    ...(notifier.watchdogMs === null
      ? []
      : [every(notifier.watchdogMs, () => notifier.notify('WATCHDOG=1'))]),
  ]);
}
