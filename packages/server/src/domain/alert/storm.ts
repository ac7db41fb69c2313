/** New alerts are counted over this time: those from all nodes together, and those about one node alone. */
export const OF_ALL_MS = 60_000;
export const OF_ONE_NODE_MS = 600_000;
/** A storm that took in nothing for this long takes in nothing more. */
export const STORM_QUIET_MS = 300_000;

export const STORM_CONTROL = 'CAS-ALERT-001';

/** Critical alerts have a storm of their own: no flood of lesser ones hides them. */
export type StormClass = 'critical' | 'other';
export const classOf = (severity: string): StormClass => (severity === 'critical' ? 'critical' : 'other');

/** New alerts of one class that a target was notified of, and the storms of that class that it has. */
export interface Recent {
  readonly alerts: number;
  /** When the storm took in its newest alert; null: there is none, or it is over. */
  readonly stormedAt: number | null;
}

/** Whether one more is told with others, as one alert, in place of a message of its own. */
export function isStorm({ alerts, stormedAt }: Recent, alertsMax: number, now: number): boolean {
  return alerts >= alertsMax || (stormedAt !== null && now - stormedAt < STORM_QUIET_MS);
}
