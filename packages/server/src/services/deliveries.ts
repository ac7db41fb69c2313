import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { DeliveryRecord } from '../store/delivery.repository.js';
import type { ServerContext } from './context.js';
import { instant, instantOrNull } from './instant.js';
import { type Actor, audited } from './unit.js';

export interface DeliveryView {
  readonly id: string;
  readonly alertId: string | null;
  /** The finding that spoke for the alert when the message was queued. */
  readonly findingId: string;
  readonly type: string;
  readonly reason: string | null;
  readonly state: string;
  readonly attempts: number;
  readonly createdAt: string;
  readonly nextAt: string | null;
  readonly deliveredAt: string | null;
  readonly lastStatus: number | null;
  readonly lastMs: number | null;
  readonly lastProblem: string | null;
}

export async function listDeliveries(ctx: ServerContext, targetId: string): Promise<DeliveryView[] | null> {
  const { targets, deliveries } = ctx.store.read;
  if (!(await targets.get(targetId))) return null;
  return (await deliveries.ofTarget(targetId, 200)).map(deliveryView);
}

/** A dead letter is tried again, from the first delay on. What is sent is the state at that moment. */
export async function replayDelivery(
  ctx: ServerContext,
  actor: Actor,
  id: string,
): Promise<Result<DeliveryView>> {
  return audited(ctx, { actor, action: 'delivery.replay', object: id }, async (unit) => {
    const delivery = await unit.tx.deliveries.get(id);
    if (!delivery) throw casError('CAS_NOT_FOUND');
    if (delivery.state !== 'dead')
      throw casError('CAS_CONFLICT', `only a dead letter can be replayed; this one is ${delivery.state}`);
    if (!(await unit.tx.targets.get(delivery.targetId)))
      throw casError('CAS_CONFLICT', 'its target was removed');
    const { targetId, alertId } = delivery;
    if (alertId !== null && (await unit.tx.deliveries.pending(targetId, alertId, unit.now)))
      throw casError('CAS_CONFLICT', 'a newer message of its alert is on its way to the target');
    await unit.tx.deliveries.settle(id, {
      state: 'pending',
      attempts: 0,
      retrySince: unit.now,
      nextAt: unit.now,
    });
    unit.queued();
    return deliveryView((await unit.tx.deliveries.get(id)) ?? delivery);
  });
}

function deliveryView(delivery: DeliveryRecord): DeliveryView {
  const { id, alertId, findingId, type, reason, state, attempts, lastStatus, lastMs, lastProblem } = delivery;
  return {
    id,
    alertId,
    findingId,
    type,
    reason,
    state,
    attempts,
    createdAt: instant(delivery.createdAt),
    nextAt: state === 'pending' ? instant(delivery.nextAt) : null,
    deliveredAt: instantOrNull(delivery.deliveredAt),
    lastStatus,
    lastMs,
    lastProblem,
  };
}
