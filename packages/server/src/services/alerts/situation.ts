import { type AlertView, type Notified, notifiedBy } from '../../domain/alert/alert.js';
import { viewFor } from '../../domain/alert/view.js';
import type { AlertRecord } from '../../store/alert.repository.js';
import type { DeliveryRecord } from '../../store/delivery.repository.js';
import type { NotificationRecord } from '../../store/notification.repository.js';
import type { TargetRecord } from '../../store/target.repository.js';
import type { Unit } from '../unit.js';

export interface Situation {
  readonly view: AlertView;
  readonly notified: Notified | null;
}

export interface Parties {
  readonly alert: AlertRecord;
  readonly target: TargetRecord;
  readonly notification: NotificationRecord;
  /** Of this alert to this target, on its way. */
  readonly pending: DeliveryRecord | null;
}

/** An alert as a target sees it now, and what that target knows of it, as far as we can tell. */
export async function situationOf(
  { tx }: Pick<Unit, 'tx'>,
  { alert, target, notification, pending }: Parties,
): Promise<Situation> {
  const view = viewFor(alert, await tx.alerts.members(alert), target.severityMin);
  const notified = knownTo(notification.notified, pending);
  // Who is told of an end knows the alert by what was said of it last.
  const severity = view.state === 'ended' ? notified?.severity : undefined;
  return { view: severity === undefined ? view : { ...view, severity }, notified };
}

/** An attempt that may have arrived counts as what it said, unsurely. */
function knownTo(notified: Notified | null, pending: DeliveryRecord | null): Notified | null {
  if (!pending?.ambiguous) return notified;
  // One for the record changes nothing for whoever has it or not.
  return pending.type !== 'alert.updated' && pending.told
    ? notifiedBy(pending.type, pending.told, pending.createdAt, pending.id)
    : notified;
}
