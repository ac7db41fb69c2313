import {
  type AlertState,
  isNews,
  isRepeat,
  isTrue,
  notifiedBy,
  type Reason,
  typeOf,
} from '../../domain/alert/alert.js';
import { DECIDE_AHEAD_MS_MAX, decide } from '../../domain/alert/decide.js';
import { TARGET_CONTROL } from '../../domain/target-health.js';
import type { AlertRecord } from '../../store/alert.repository.js';
import type { DeliveryRecord } from '../../store/delivery.repository.js';
import type { NotificationRecord } from '../../store/notification.repository.js';
import type { TargetRecord } from '../../store/target.repository.js';
import type { ServerContext } from '../context.js';
import { commit, type Unit } from '../unit.js';
import { alertChanged } from './alert-changed.js';
import { type Situation, situationOf } from './situation.js';
import { joinStorm, stormOf } from './storms.js';

/** Decisions that are read at once. */
export const DECIDE_MAX = 256;
/** A decision that failed is tried again after this. */
const FAILED_MS = 60_000;

/** What is said of what storms tell together: only that it is worse, or is there again. */
const ALONE: ReadonlySet<Reason> = new Set(['opened', 'returned', 'unacknowledged', 'worse']);

/** Decides what each target is to be told of the alerts that changed, and queues it. Returns how many it decided. */
export async function decideDue(ctx: ServerContext): Promise<number> {
  const due = await ctx.store.read.notifications.due(ctx.clock.now(), DECIDE_AHEAD_MS_MAX, DECIDE_MAX);
  for (const { alertId, targetId } of due)
    try {
      await commit(ctx, (unit) => decideOne(unit, alertId, targetId));
    } catch (cause) {
      ctx.log.error({ event: 'alert.notDecided', alertId, targetId, err: cause }, 'an alert was not decided');
      await commit(ctx, async ({ tx, now }) => {
        const notification = await tx.notifications.get(alertId, targetId);
        if (notification) await tx.notifications.put({ ...notification, decideAt: now + FAILED_MS });
      });
    }
  return due.length;
}

async function decideOne(unit: Unit, alertId: string, targetId: string): Promise<void> {
  const { tx, now } = unit;
  const notification = await tx.notifications.get(alertId, targetId);
  const alert = await tx.alerts.get(alertId);
  const target = await tx.targets.get(targetId);
  if (!notification || !alert) return;
  const put = (change: Partial<NotificationRecord>) =>
    tx.notifications.put({ ...notification, decideAt: null, ...change });
  if (!target?.enabled) return put({});
  // Who takes nothing need not be told so: once it takes something again, it is told of the others.
  if (alert.control === TARGET_CONTROL && target.failingSince !== null)
    return put({ decideAt: now + FAILED_MS });
  const pending = await tx.deliveries.pending(targetId, alertId, now);
  // Whoever ends the attempt has it decided again.
  if (pending?.isLeased) return put({});
  const situation = await situationOf(unit, {
    alert,
    target,
    notification,
    pending: pending?.delivery ?? null,
  });
  const { view, notified } = situation;
  const isTold = pending && isTrue(pending.delivery.type, view.state);
  const isStill = isTold && isNews(pending.delivery.reason ?? 'opened', view, notified);
  if (pending && !isTold) await drop(unit, pending.delivery, `the alert has ${SINCE[view.state]} since`);
  else if (pending && !isStill) await drop(unit, pending.delivery, AS_KNOWN);
  // A storm is reminded of as a whole.
  const remindAfterMs = notification.stormId === null ? target.remindAfterMs : null;
  const wishes = { remindAfterMs, stayedAwayMs: unit.ctx.facts.alerts.stayedAwayMs };
  const decision = decide(view, notified, wishes, now);
  switch (decision.kind) {
    case 'wait':
      return put({ notified, decideAt: decision.at });
    case 'nothing':
      return put({ notified });
    case 'notify':
      if (isStill && pending.delivery.type === typeOf(decision.reason)) return put({});
      if (isStill) await drop(unit, pending.delivery, 'there is worse to say since');
      return notify(unit, { alert, target, notification, situation, reason: decision.reason });
  }
}

export const AS_KNOWN = 'the alert is again as the target knows it';
const SINCE: Readonly<Record<AlertState, string>> = {
  open: 'begun again',
  acknowledged: 'been acknowledged',
  held: 'been held back',
  ended: 'ended',
};

async function drop(unit: Unit, delivery: DeliveryRecord, why: string): Promise<void> {
  await unit.tx.deliveries.settle(delivery.id, { state: 'dropped', lastProblem: why });
}

interface Notice {
  readonly alert: AlertRecord;
  readonly target: TargetRecord;
  readonly notification: NotificationRecord;
  readonly situation: Situation;
  readonly reason: Reason;
}

async function notify(unit: Unit, notice: Notice): Promise<void> {
  const { alert, target, notification, situation, reason } = notice;
  const { notified, view } = situation;
  if (notification.stormId !== null && !ALONE.has(reason)) return updateStorm(unit, notice);
  if (notified !== null && notified.unsure !== null && isRepeat(typeOf(reason), view, notified)) {
    await unit.tx.notifications.put({ ...notification, notified, decideAt: null });
    return resend(unit, notified.unsure);
  }
  const isNew = reason === 'opened' || reason === 'returned' || notification.stormId !== null;
  const nodeId = await unit.tx.alerts.soleNode(alert.id);
  const seen = { ...alert, severity: view.severity };
  const storm = isNew ? await stormOf(unit, seen, target.id, nodeId) : null;
  const next = { ...notification, notified, decideAt: null, stormId: null };
  if (storm)
    await joinStorm(unit, storm, seen, { ...next, notified: notifiedBy(typeOf(reason), view, unit.now) });
  else await unit.tx.notifications.put(next);
  // It is not, or no longer, of the storm that told it before.
  if (notification.stormId !== null) await alertChanged(unit, notification.stormId);
  const findingId = storm ? null : await unit.tx.alerts.worstFinding(alert);
  if (findingId === null) return;
  await unit.tx.deliveries.queue({
    id: unit.ctx.random.id('msg'),
    targetId: target.id,
    alertId: alert.id,
    findingId,
    nodeId,
    type: typeOf(reason),
    reason,
    isCritical: view.severity === 'critical',
    at: unit.now,
  });
  unit.queued();
}

/** Under the id that it had: whoever got it then knows it for a repeat. */
async function resend(unit: Unit, deliveryId: string): Promise<void> {
  await unit.tx.deliveries.settle(deliveryId, {
    state: 'pending',
    attempts: 0,
    retrySince: unit.now,
    nextAt: unit.now,
    lastProblem: null,
  });
  unit.queued();
}

/** No message: the storm is another by it, and says so. */
async function updateStorm(unit: Unit, notice: Notice): Promise<void> {
  const { notification, situation, reason } = notice;
  await unit.tx.notifications.put({
    ...notification,
    notified: notifiedBy(typeOf(reason), situation.view, unit.now),
    decideAt: null,
  });
  if (notification.stormId !== null) await alertChanged(unit, notification.stormId);
}
