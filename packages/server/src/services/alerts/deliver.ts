import { isNews, isTrue, notifiedBy, saysHowBad, saysSame } from '../../domain/alert/alert.js';
import type { AlertMessage } from '../../domain/alert/message.js';
import {
  type FailedOutcome,
  failure,
  type Outcome,
  RETRY_WINDOW_MS,
  retryDelayMs,
} from '../../domain/delivery/schedule.js';
import type { DeliveryRecord } from '../../store/delivery.repository.js';
import type { NotificationRecord } from '../../store/notification.repository.js';
import type { TargetRecord } from '../../store/target.repository.js';
import type { ServerContext } from '../context.js';
import { openSecrets } from '../target-secrets.js';
import { commit, type Unit } from '../unit.js';
import { unknownTo } from './alert-changed.js';
import { AS_KNOWN } from './decide-due.js';
import { messageOf } from './message.js';
import { situationOf } from './situation.js';

/** What is critical and failed so often goes to the target's fallback as well. */
const FALLBACK_ATTEMPTS = 3;

export interface Prepared {
  readonly target: TargetRecord;
  readonly message: AlertMessage;
}

/**
 * What an attempt is to say: the alert as it is now. Null: it says nothing that is true any more, and was dropped. It is
 * written before the attempt is made, so that one whose end nobody sees counts as one that may have arrived.
 */
export async function prepareDelivery(
  ctx: ServerContext,
  delivery: DeliveryRecord,
): Promise<Prepared | null> {
  return commit(ctx, async (unit) => {
    const { tx } = unit;
    const target = await tx.targets.get(delivery.targetId);
    const alert = delivery.alertId === null ? null : await tx.alerts.get(delivery.alertId);
    const notification = alert && (await tx.notifications.get(alert.id, delivery.targetId));
    const drop = async (why: string) => {
      await tx.deliveries.settle(delivery.id, { state: 'dropped', lastProblem: why });
      return null;
    };
    if (!target) return drop('the target was removed');
    if (!target.enabled) return drop('the target is switched off');
    if (!alert || !notification) return drop('the alert is gone');
    const { view, notified } = await situationOf(unit, { alert, target, notification, pending: delivery });
    if (!isTrue(delivery.type, view.state)) {
      await decideAgain(unit, { ...notification, notified });
      return drop(`the alert is ${view.state} by now`);
    }
    if (!isNews(delivery.reason ?? 'opened', view, notified)) {
      await decideAgain(unit, { ...notification, notified });
      return drop(AS_KNOWN);
    }
    // A receiver that has it takes the same id for a repeat and does not read on: what is new needs another.
    // That somebody has it, or that it ended, is the same message whatever it counts.
    if (delivery.ambiguous && saysHowBad(delivery.type) && !saysSame(delivery.told, view)) {
      await decideAgain(unit, { ...notification, notified });
      return drop('it may have arrived, and there is more to say since');
    }
    const message = await messageOf(unit, alert, view, delivery.reason ?? 'opened');
    await tx.deliveries.begin(delivery.id, { severity: view.severity, findings: view.findings });
    return { target, message };
  });
}

/** One attempt, by the target's channel. */
export async function sendDelivery(
  ctx: ServerContext,
  { id }: DeliveryRecord,
  { target, message }: Prepared,
  signal: AbortSignal,
): Promise<Outcome> {
  const channel = ctx.channels.get(target.kind);
  if (!channel) return failure(`this version has no channel "${target.kind}"`, 0, false);
  const { clock, httpOut, mailOut } = ctx;
  const secrets = openSecrets(ctx, target);
  return channel.send(
    { clock, httpOut, mailOut, signal },
    { id, settings: target.settings, secrets, message },
  );
}

/** Writes how an attempt ended, and has decided what is to be said next. */
export async function settleDelivery(
  ctx: ServerContext,
  delivery: DeliveryRecord,
  { message }: Prepared,
  outcome: Outcome,
): Promise<void> {
  await commit(ctx, async (unit) => {
    const { tx, now } = unit;
    const { type, alert, counts } = message;
    const notification = await tx.notifications.get(alert.id, delivery.targetId);
    if (outcome.kind === 'delivered') {
      await tx.deliveries.settle(delivery.id, {
        state: 'delivered',
        attempts: delivery.attempts + 1,
        ambiguous: delivery.ambiguous,
        deliveredAt: now,
        lastStatus: outcome.status,
        lastMs: outcome.ms,
        lastProblem: null,
      });
      await tx.targets.succeeded(delivery.targetId, now);
      const said = { severity: alert.severity, findings: counts.findings };
      if (notification) await decideAgain(unit, { ...notification, notified: notifiedBy(type, said, now) });
      return;
    }
    const after = afterFailure(unit, delivery, outcome);
    await tx.deliveries.settle(delivery.id, after);
    await tx.targets.failed(delivery.targetId, now, outcome.detail);
    if (alert.severity === 'critical' && after.attempts === FALLBACK_ATTEMPTS)
      await notifyFallback(unit, delivery);
    // A receiver that is gone is not asked again until there is something else to say.
    if (notification && after.state === 'pending') await decideAgain(unit, notification);
  });
}

async function notifyFallback({ tx, now }: Unit, { targetId, alertId, type }: DeliveryRecord): Promise<void> {
  const fallbackId = (await tx.targets.get(targetId))?.fallbackId ?? null;
  if (fallbackId === null || alertId === null || type !== 'alert.firing') return;
  const known = await tx.notifications.get(alertId, fallbackId);
  await tx.notifications.put({ ...(known ?? unknownTo(alertId, fallbackId)), decideAt: now });
}

async function decideAgain(unit: Unit, notification: NotificationRecord): Promise<void> {
  await unit.tx.notifications.put({ ...notification, decideAt: unit.now });
  unit.queued();
}

/** What says that something is wrong is never given up, but to a receiver that says that it is gone. */
function afterFailure({ ctx, now }: Unit, delivery: DeliveryRecord, outcome: FailedOutcome) {
  const attempts = delivery.attempts + 1;
  const isOwed = delivery.type === 'alert.firing';
  const triedForMs = now - delivery.retrySince;
  const nextAt = now + retryDelayMs(attempts, ctx.random.share(), outcome.retryAfterMs, triedForMs);
  const isOver = outcome.isFinal || (!isOwed && nextAt - delivery.retrySince > RETRY_WINDOW_MS);
  return {
    state: isOver ? 'dead' : 'pending',
    attempts,
    ambiguous: delivery.ambiguous || outcome.isAmbiguous,
    nextAt,
    lastStatus: outcome.status,
    lastMs: outcome.ms,
    lastProblem: outcome.detail,
  } as const;
}
