import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { Severity } from '@castellan/shared/model/severity';
import type { TestResult } from '../ports/alert-tester.js';
import type { DeliveryRecord } from '../store/delivery.repository.js';
import type { TargetRecord } from '../store/target.repository.js';
import type { ServerContext } from './context.js';
import { instant, instantOrNull } from './instant.js';
import { type Actor, audited, type Unit } from './unit.js';

export const TARGETS_MAX = 100;

export interface CreateTarget {
  readonly name: string;
  readonly url: string;
  readonly enabled: boolean;
  readonly severityMin: Severity;
  /** `whsec_` and base64 of 24 to 64 bytes. Left out: a new target gets one made, a known one keeps its own. */
  readonly secret?: string;
}

export interface TargetView {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly enabled: boolean;
  readonly secretSet: boolean;
  readonly severityMin: Severity;
  readonly health: TargetHealth;
}

export interface TargetHealth {
  readonly state: 'unknown' | 'healthy' | 'failing' | 'disabled';
  readonly lastSuccessAt: string | null;
  readonly failingSince: string | null;
  readonly lastProblem: string | null;
  readonly pending: number;
  readonly dead: number;
}

export async function listTargets(ctx: ServerContext): Promise<TargetView[]> {
  return Promise.all((await ctx.store.read.targets.all()).map((target) => viewOf(ctx, target)));
}

/** The secret is in the answer when it was made here: it is shown this once. */
export async function createTarget(
  ctx: ServerContext,
  actor: Actor,
  order: CreateTarget,
): Promise<Result<TargetView & { secret?: string }>> {
  const id = ctx.random.id('tgt');
  const made = order.secret === undefined ? newSecret(ctx) : null;
  const created = await audited(
    ctx,
    { actor, action: 'target.create', object: id, detail: shown(order) },
    async (unit) => {
      checkOrder(ctx, order);
      if (await unit.tx.targets.byName(order.name))
        throw casError('CAS_CONFLICT', `there is a target "${order.name}" already`);
      if ((await unit.tx.targets.all()).length >= TARGETS_MAX)
        throw casError('CAS_TOO_MANY', `there are ${TARGETS_MAX} targets already`);
      const target: TargetRecord = {
        id,
        ...shown(order),
        secretSealed: sealSecret(ctx, id, order.secret ?? made ?? ''),
        createdAt: unit.now,
        updatedAt: unit.now,
        lastSuccessAt: null,
        failingSince: null,
        lastProblem: null,
      };
      await unit.tx.targets.put(target);
      return target;
    },
  );
  if (!created.ok) return created;
  const view = await viewOf(ctx, created.value);
  return { ok: true, value: made === null ? view : { ...view, secret: made } };
}

export async function changeTarget(
  ctx: ServerContext,
  actor: Actor,
  id: string,
  order: CreateTarget,
): Promise<Result<TargetView>> {
  const changed = await audited(
    ctx,
    { actor, action: 'target.change', object: id, detail: shown(order) },
    async (unit) => {
      checkOrder(ctx, order);
      const known = await mustFind(unit, id);
      const namesake = await unit.tx.targets.byName(order.name);
      if (namesake && namesake.id !== id)
        throw casError('CAS_CONFLICT', `there is a target "${order.name}" already`);
      const target: TargetRecord = {
        ...known,
        ...shown(order),
        secretSealed: order.secret === undefined ? known.secretSealed : sealSecret(ctx, id, order.secret),
        updatedAt: unit.now,
      };
      await unit.tx.targets.put(target);
      unit.queued();
      return target;
    },
  );
  return changed.ok ? { ok: true, value: await viewOf(ctx, changed.value) } : changed;
}

export async function removeTarget(ctx: ServerContext, actor: Actor, id: string): Promise<Result<void>> {
  return audited(ctx, { actor, action: 'target.remove', object: id }, async (unit) => {
    await mustFind(unit, id);
    await unit.tx.deliveries.dropOfTarget(id, 'the target was removed');
    await unit.tx.targets.remove(id);
  });
}

export async function testTarget(ctx: ServerContext, actor: Actor, id: string): Promise<Result<TestResult>> {
  const found = await audited(ctx, { actor, action: 'target.test', object: id }, (unit) =>
    mustFind(unit, id),
  );
  return found.ok ? { ok: true, value: await ctx.alertTester.test(found.value) } : found;
}

export interface DeliveryView {
  readonly id: string;
  readonly findingId: string;
  readonly type: string;
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
  const { id, findingId, type, state, attempts, lastStatus, lastMs, lastProblem } = delivery;
  return {
    id,
    findingId,
    type,
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

async function mustFind(unit: Unit, id: string): Promise<TargetRecord> {
  const target = await unit.tx.targets.get(id);
  if (!target) throw casError('CAS_NOT_FOUND');
  return target;
}

/** What may be shown and kept in the audit: everything but the secret. */
function shown({ name, url, enabled, severityMin }: CreateTarget) {
  return { name, url, enabled, severityMin };
}

function checkOrder(ctx: ServerContext, order: CreateTarget): void {
  const problem = ctx.httpOut.problemOf(order.url);
  if (problem !== null) throw casError('CAS_INPUT_INVALID', `url: ${problem}`);
  if (order.secret === undefined) return;
  const bytes = /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(order.secret)
    ? Buffer.from(order.secret.slice(6), 'base64').length
    : 0;
  if (bytes < 24 || bytes > 64)
    throw casError('CAS_INPUT_INVALID', 'secret: it is "whsec_" and base64 of 24 to 64 bytes');
}

function newSecret(ctx: ServerContext): string {
  return `whsec_${Buffer.from(ctx.random.bytes(32)).toString('base64')}`;
}

function sealSecret(ctx: ServerContext, id: string, secret: string): string {
  return ctx.vault.seal(Buffer.from(secret), `target:${id}`);
}

async function viewOf(ctx: ServerContext, target: TargetRecord): Promise<TargetView> {
  const { id, name, url, enabled, severityMin } = target;
  const counts = await ctx.store.read.deliveries.counted(id);
  return {
    id,
    name,
    url,
    enabled,
    secretSet: true,
    severityMin,
    health: {
      state: healthOf(target),
      lastSuccessAt: instantOrNull(target.lastSuccessAt),
      failingSince: instantOrNull(target.failingSince),
      lastProblem: target.lastProblem,
      ...counts,
    },
  };
}

function healthOf(target: TargetRecord): TargetHealth['state'] {
  if (!target.enabled) return 'disabled';
  if (target.failingSince !== null) return 'failing';
  return target.lastSuccessAt === null ? 'unknown' : 'healthy';
}
