import { isAtLeast, isWorse, type Severity, worst } from '@castellan/shared/model/severity';
import { BETTER_MS, SAME_ALERT_MS, SETTLED_MS } from '../../domain/alert/decide.js';
import type { AlertKey, AlertRecord } from '../../store/alert.repository.js';
import type { NotificationRecord } from '../../store/notification.repository.js';
import type { TargetRecord } from '../../store/target.repository.js';
import type { Unit } from '../unit.js';

export interface Opening {
  readonly title: string;
  readonly severity: Severity;
}

/**
 * The alert of a key has one more finding (or, a storm, one more alert): it begins, begins again, or grows. Its targets
 * are notified once this is committed.
 */
export async function openInAlert(unit: Unit, key: AlertKey, opening: Opening): Promise<AlertRecord> {
  const known = await unit.tx.alerts.latest(key, unit.now - SAME_ALERT_MS);
  const alert: AlertRecord = known
    ? {
        ...known,
        severity: known.endedAt === null ? worseOf(known.severity, opening.severity) : opening.severity,
        lastOpenedAt: unit.now,
        changedAt: unit.now,
        endedAt: null,
        openings: known.openings + (known.endedAt === null ? 0 : 1),
      }
    : {
        id: unit.ctx.random.id('alr'),
        ...key,
        title: opening.title,
        severity: opening.severity,
        openedAt: unit.now,
        lastOpenedAt: unit.now,
        changedAt: unit.now,
        endedAt: null,
        openings: 1,
      };
  await unit.tx.alerts.put(alert);
  return alert;
}

export function keyOf(control: string, groupName: string): AlertKey {
  return { control, groupName, stormTarget: null, stormClass: null };
}

/** What is to be decided of an alert after one of its findings opened, or is open again, with this severity. */
export async function decideOpened(unit: Unit, alert: AlertRecord, severity: Severity): Promise<void> {
  for (const target of await targetsOf(unit, alert)) {
    const known = await unit.tx.notifications.get(alert.id, target.id);
    if (known === null && !isAtLeast(severity, target.severityMin)) continue;
    await decideAt(unit, known ?? unknownTo(alert.id, target.id), openedAt(known, severity, unit.now), {
      isGrowth: true,
    });
  }
}

/** Somebody has a finding of the alert, it is held back or no longer is, it is milder, or is over. */
export async function alertChanged(unit: Unit, alertId: string): Promise<void> {
  const alert = await unit.tx.alerts.get(alertId);
  if (!alert) return;
  const members = await unit.tx.alerts.members(alert);
  await unit.tx.alerts.put({
    ...alert,
    severity: worst(members.map(({ severity }) => severity)) ?? alert.severity,
    changedAt: unit.now,
    endedAt: members.length > 0 ? null : (alert.endedAt ?? unit.now),
  });
  // While something is open that nobody has, the rest can only be better news.
  const isOpen = members.some(({ state, isHeld }) => state === 'open' && !isHeld);
  const at = isOpen ? unit.now + BETTER_MS : unit.now;
  for (const known of await unit.tx.notifications.ofAlert(alertId)) await decideAt(unit, known, at);
}

/**
 * What is held back or how bad it is has changed: whoever was never notified may have to be now. `severity` is the
 * finding's that changed; left out, the alert's.
 */
export async function alertReleased(unit: Unit, alertId: string | null, severity?: Severity): Promise<void> {
  const alert = alertId === null ? null : await unit.tx.alerts.get(alertId);
  if (!alert) return;
  await alertChanged(unit, alert.id);
  await decideOpened(unit, alert, severity ?? alert.severity);
}

/** Growth is looked at once it has settled; anything else at once. */
function openedAt(known: NotificationRecord | null, severity: Severity, now: number): number {
  const notified = known?.notified;
  const isGrowth =
    notified?.state === 'firing' && notified.unsure === null && !isWorse(severity, notified.severity);
  return isGrowth ? now + SETTLED_MS : now;
}

export async function decideAt(
  unit: Unit,
  known: NotificationRecord,
  at: number,
  { isGrowth = false } = {},
): Promise<void> {
  const { notified } = known;
  const begins = isGrowth && notified !== null && notified.growthSince === null;
  const soonest = known.decideAt === null ? at : Math.min(known.decideAt, at);
  if (begins || soonest !== known.decideAt)
    await unit.tx.notifications.put({
      ...known,
      notified: begins ? { ...notified, growthSince: unit.now } : notified,
      decideAt: soonest,
    });
  unit.queued();
}

async function targetsOf(unit: Unit, alert: AlertRecord): Promise<TargetRecord[]> {
  const enabled = (await unit.tx.targets.all()).filter((target) => target.enabled && !target.isFallback);
  return alert.stormTarget === null ? enabled : enabled.filter(({ id }) => id === alert.stormTarget);
}

/** Of an alert that the target was not notified of. */
export function unknownTo(alertId: string, targetId: string): NotificationRecord {
  return { alertId, targetId, notified: null, decideAt: null, stormId: null };
}

function worseOf(a: Severity, b: Severity): Severity {
  return worst([a, b]) ?? a;
}
