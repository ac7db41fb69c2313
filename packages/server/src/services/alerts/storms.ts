import { classOf, isStorm, OF_ALL_MS, OF_ONE_NODE_MS, STORM_CONTROL } from '../../domain/alert/storm.js';
import type { AlertKey, AlertRecord } from '../../store/alert.repository.js';
import type { NotificationRecord } from '../../store/notification.repository.js';
import type { Unit } from '../unit.js';
import { decideOpened, openInAlert } from './alert-changed.js';

interface Storm {
  readonly key: AlertKey;
  readonly title: string;
}

/** The storm that a new alert belongs to; null: it has a message of its own. */
export async function stormOf(
  unit: Unit,
  alert: AlertRecord,
  targetId: string,
  nodeId: string | null,
): Promise<Storm | null> {
  if (alert.stormTarget !== null) return null;
  const stormClass = classOf(alert.severity);
  const { newPerMinuteMax, newOfNodeMax } = unit.ctx.facts.alerts;
  const inStorm = async (
    windowMs: number,
    alertsMax: number,
    about: string | null,
  ): Promise<AlertKey | null> => {
    const key = {
      control: STORM_CONTROL,
      groupName: '',
      stormTarget: targetId,
      stormClass: about === null ? stormClass : `${stormClass} ${about}`,
    };
    const alerts = await unit.tx.deliveries.countNew({
      targetId,
      isCritical: stormClass === 'critical',
      nodeId: about,
      since: unit.now - windowMs,
    });
    const stormedAt = (await unit.tx.alerts.latest(key, unit.now))?.lastOpenedAt ?? null;
    return isStorm({ alerts, stormedAt }, alertsMax, unit.now) ? key : null;
  };
  const ofNode = nodeId === null ? null : await inStorm(OF_ONE_NODE_MS, newOfNodeMax, nodeId);
  if (ofNode) {
    const node = await unit.tx.nodes.get(nodeId ?? '');
    return { key: ofNode, title: `Many alerts about ${node?.name ?? nodeId}` };
  }
  const ofAll = await inStorm(OF_ALL_MS, newPerMinuteMax, null);
  return ofAll && { key: ofAll, title: 'Many alerts at once' };
}

/** The storm tells of the alert. What is given is the notification as it is from now on. */
export async function joinStorm(
  unit: Unit,
  storm: Storm,
  alert: AlertRecord,
  notification: NotificationRecord,
): Promise<void> {
  const { key, title } = storm;
  const told = await openInAlert(unit, key, { title, severity: alert.severity });
  await unit.tx.notifications.put({ ...notification, stormId: told.id });
  await decideOpened(unit, told, alert.severity);
}
