import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { DeliveryRecord } from '../store/delivery.repository.js';
import type { DeliveryFilter, DeliveryLine } from '../store/delivery-list.js';
import type { ListPage, ListRequest } from '../store/list.js';
import type { ServerContext } from './context.js';
import { shownAs } from './findings.js';
import { instant, instantOrNull } from './instant.js';
import { type Actor, audited, type Unit } from './unit.js';

/** Dead letters that one request sends again. */
export const REPLAYED_AT_ONCE_MAX = 500;

export interface DeliveryView {
  readonly id: string;
  readonly target: { readonly id: string; readonly name: string | null };
  readonly alert: { readonly id: string; readonly title: string } | null;
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

export async function listDeliveries(
  ctx: ServerContext,
  filter: DeliveryFilter,
  request: ListRequest,
): Promise<ListPage<DeliveryView>> {
  return shownAs(await ctx.store.read.deliveries.list(filter, request), deliveryView);
}

export async function getDelivery(ctx: ServerContext, id: string): Promise<DeliveryView | null> {
  const line = await ctx.store.read.deliveries.line(id);
  return line && deliveryView(line);
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
    if (await hasNewer(unit, delivery))
      throw casError('CAS_CONFLICT', 'a newer message of its alert is on its way to the target');
    await sendAgain(unit, id);
    const line = await unit.tx.deliveries.line(id);
    if (!line) throw casError('CAS_NOT_FOUND');
    return deliveryView(line);
  });
}

/**
 * Dead letters of a target (null: of all) since an instant in ms, the newest first, at most REPLAYED_AT_ONCE_MAX. Of an
 * alert the newest is sent; the older ones said what is told with it, and are dropped. `left`: how many are dead still.
 */
export async function replayDead(
  ctx: ServerContext,
  actor: Actor,
  { targetId, since }: { readonly targetId: string | null; readonly since: number },
): Promise<Result<{ readonly replayed: number; readonly dropped: number; readonly left: number }>> {
  const detail = { target: targetId, since: instant(since) };
  return audited(
    ctx,
    { actor, action: 'delivery.replay-many', object: 'deliveries', detail },
    async (unit) => {
      if (targetId !== null && !(await unit.tx.targets.get(targetId))) throw casError('CAS_NOT_FOUND');
      const dead = await unit.tx.deliveries.dead({ targetId, since }, REPLAYED_AT_ONCE_MAX);
      let dropped = 0;
      for (const delivery of dead.some)
        if (await hasNewer(unit, delivery)) {
          const lastProblem = 'a newer message of its alert is sent instead';
          await unit.tx.deliveries.settle(delivery.id, { state: 'dropped', lastProblem });
          dropped += 1;
        } else await sendAgain(unit, delivery.id);
      const { length } = dead.some;
      return { replayed: length - dropped, dropped, left: dead.count - length };
    },
  );
}

/** Of one alert to one target there is never more than one on its way. */
async function hasNewer(unit: Unit, { targetId, alertId }: DeliveryRecord): Promise<boolean> {
  return alertId !== null && (await unit.tx.deliveries.pending(targetId, alertId, unit.now)) !== null;
}

async function sendAgain(unit: Unit, id: string): Promise<void> {
  const { now } = unit;
  await unit.tx.deliveries.settle(id, { state: 'pending', attempts: 0, retrySince: now, nextAt: now });
  unit.queued();
}

function deliveryView(delivery: DeliveryLine): DeliveryView {
  const { id, findingId, type, reason, state, attempts, lastStatus, lastMs, lastProblem } = delivery;
  const { alertId, alertTitle } = delivery;
  return {
    id,
    target: { id: delivery.targetId, name: delivery.targetName },
    alert: alertId === null || alertTitle === null ? null : { id: alertId, title: alertTitle },
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
