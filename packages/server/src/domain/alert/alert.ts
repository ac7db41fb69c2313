import { isWorse, type Severity } from '@castellan/shared/model/severity';

/** Why something is said of an alert to a target. */
export const REASONS = [
  'opened',
  'returned',
  'unacknowledged',
  'worse',
  'grew',
  'better',
  'reminder',
  'acknowledged',
  'resolved',
] as const;
export type Reason = (typeof REASONS)[number];

export const ALERT_TYPES = ['alert.firing', 'alert.updated', 'alert.acknowledged', 'alert.resolved'] as const;
/** What a receiver reads first. `updated` is for the record: nobody need be called for it. */
export type AlertType = (typeof ALERT_TYPES)[number];

export function typeOf(reason: Reason): AlertType {
  switch (reason) {
    case 'acknowledged':
    case 'resolved':
      return `alert.${reason}`;
    case 'better':
      return 'alert.updated';
    default:
      return 'alert.firing';
  }
}

/**
 * `open`: something is wrong that nobody has. `held`: all of it is silenced, inhibited or waived. `ended`: nothing is
 * wrong any more.
 */
export type AlertState = 'open' | 'acknowledged' | 'held' | 'ended';

/** An alert as one target sees it: of its active findings those that are bad enough for it and not held back. */
export interface AlertView {
  readonly state: AlertState;
  /** Of the worst of those findings; of an alert that is held or has ended, the last known. */
  readonly severity: Severity;
  /** Findings, acknowledged ones included. */
  readonly findings: number;
  /** Instants in ms: the newest finding opened; the newest of any change; the end of an alert that has ended. */
  readonly lastOpenedAt: number;
  readonly changedAt: number;
  readonly endedAt: number | null;
  /** How often the alert began, within an hour of each other. */
  readonly openings: number;
}

/** What a target was last notified of. */
export interface Notified {
  readonly state: 'firing' | 'acknowledged' | 'resolved';
  /** Of a message that may not have arrived: its delivery. Null: it arrived. */
  readonly unsure: string | null;
  readonly severity: Severity;
  readonly findings: number;
  readonly at: number;
  /** When the first finding opened that it was not notified of; null: it was of all. */
  readonly growthSince: number | null;
}

/** What a target knows once it has a message of this type that said so much of the alert. */
export function notifiedBy(
  type: AlertType,
  said: Pick<AlertView, 'severity' | 'findings'>,
  at: number,
  unsure: string | null = null,
): Notified {
  const { severity, findings } = said;
  return { state: KNOWN_BY[type], unsure, severity, findings, at, growthSince: null };
}

const KNOWN_BY: Readonly<Record<AlertType, Notified['state']>> = {
  'alert.firing': 'firing',
  'alert.updated': 'firing',
  'alert.acknowledged': 'acknowledged',
  'alert.resolved': 'resolved',
};

/** Whether a message of this type says what is. */
export function isTrue(type: AlertType, state: AlertState): boolean {
  switch (type) {
    case 'alert.firing':
    case 'alert.updated':
      return state === 'open';
    case 'alert.acknowledged':
      return state === 'acknowledged';
    case 'alert.resolved':
      return state === 'ended';
  }
}

/** Whether how much is wrong is what a message of this type is sent for. */
export function saysHowBad(type: AlertType): boolean {
  return KNOWN_BY[type] === 'firing';
}

/** Whether a message of this type says no more than the one that may have arrived: then it is that one again. */
export function isRepeat(
  type: AlertType,
  view: Pick<AlertView, 'severity' | 'findings'>,
  notified: Notified,
): boolean {
  if (notified.unsure === null || type === 'alert.updated' || KNOWN_BY[type] !== notified.state) return false;
  return !saysHowBad(type) || saysSame(notified, view);
}

/** Whether a message that said this says what is now. */
export function saysSame(
  told: { readonly severity: string; readonly findings: number } | null,
  view: Pick<AlertView, 'severity' | 'findings'>,
): boolean {
  return told !== null && told.severity === view.severity && told.findings === view.findings;
}

/** Whether what a message is sent for is still more than the target knows: what grew may have shrunk before it arrived. */
export function isNews(
  reason: Reason,
  view: Pick<AlertView, 'severity' | 'findings'>,
  notified: Notified | null,
): boolean {
  if (notified?.state !== 'firing' || notified.unsure !== null) return true;
  const worsened = isWorse(view.severity, notified.severity);
  switch (reason) {
    case 'worse':
      return worsened;
    case 'grew':
      return worsened || view.findings > notified.findings;
    case 'better':
      return isWorse(notified.severity, view.severity) || view.findings < notified.findings;
    default:
      return true;
  }
}
