import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { Severity } from '@castellan/shared/model/severity';
import { Value } from 'typebox/value';
import { DECIDE_AHEAD_MS_MAX } from '../domain/alert/decide.js';
import { exampleMessage } from '../domain/alert/example.js';
import type { Channel, TestMessage } from '../outbox/channel.js';
import type { TargetRecord } from '../store/target.repository.js';
import type { ServerContext } from './context.js';
import { instantOrNull } from './instant.js';
import { openSecrets, sealSecrets, type TargetValues } from './target-secrets.js';
import { type Actor, audited, type Unit } from './unit.js';

export { DECIDE_AHEAD_MS_MAX };
export const TARGETS_MAX = 100;
/** Reminders come no more often than this, ms. */
export const REMIND_AFTER_MS_MIN = 600_000;

export interface CreateTarget {
  readonly name: string;
  /** Of a channel. */
  readonly kind: string;
  readonly enabled: boolean;
  readonly severityMin: Severity;
  readonly settings: TargetValues;
  /** Left out: a new target gets them made where its channel can; a known one keeps its own. */
  readonly secrets?: TargetValues;
  /** What is still open and nobody has is said again after this, ms; null: never. */
  readonly remindAfterMs?: number | null;
  /** The id of the target that is told of what is critical and cannot be delivered here. */
  readonly fallbackId?: string | null;
  /** It is told of nothing but what others could not deliver. */
  readonly isFallback?: boolean;
}

export interface TargetView {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly settings: TargetValues;
  readonly enabled: boolean;
  readonly secretSet: boolean;
  readonly severityMin: Severity;
  readonly remindAfterMs: number | null;
  readonly fallbackId: string | null;
  readonly isFallback: boolean;
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

/** How one test of a target went. `detail` says what to look at when it failed. */
export interface TestResult {
  readonly ok: boolean;
  readonly status: number | null;
  readonly ms: number;
  readonly detail: string;
}

export function listChannels(ctx: ServerContext) {
  return [...ctx.channels.values()].map(({ kind, title, settings, secrets, newSecrets }) => ({
    kind,
    title,
    settings,
    secrets,
    makesSecrets: newSecrets !== undefined,
  }));
}

/** The text that a target of a kind would be sent for an example. Secrets are no part of it. */
export function previewTarget(
  ctx: ServerContext,
  { kind, settings }: Pick<CreateTarget, 'kind' | 'settings'>,
): string {
  return channelOf(ctx, kind).preview(exampleMessage(ctx.facts.consoleUrl(), ctx.clock.now()), settings);
}

export async function listTargets(ctx: ServerContext): Promise<TargetView[]> {
  return Promise.all((await ctx.store.read.targets.all()).map((target) => viewOf(ctx, target)));
}

/** The secrets are in the answer when they were made here: they are shown this once. */
export async function createTarget(
  ctx: ServerContext,
  actor: Actor,
  order: CreateTarget,
): Promise<Result<TargetView & { secrets?: TargetValues }>> {
  const id = ctx.random.id('tgt');
  const made =
    order.secrets === undefined ? (ctx.channels.get(order.kind)?.newSecrets?.(ctx.random) ?? null) : null;
  const secrets = order.secrets ?? made ?? {};
  const created = await audited(
    ctx,
    { actor, action: 'target.create', object: id, detail: shown(order) },
    async (unit) => {
      checkValues(ctx, order, secrets);
      await checkOrder(unit, order, id);
      if ((await unit.tx.targets.all()).length >= TARGETS_MAX)
        throw casError('CAS_TOO_MANY', `there are ${TARGETS_MAX} targets already`);
      const target: TargetRecord = {
        id,
        ...columns(order),
        secretSealed: sealSecrets(ctx, id, secrets),
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
  return { ok: true, value: made === null ? view : { ...view, secrets: made } };
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
      const known = await mustFind(unit, id);
      if (known.kind !== order.kind)
        throw casError('CAS_CONFLICT', 'kind: a target keeps its kind; make another and remove this one');
      const secrets = order.secrets ?? openSecrets(ctx, known);
      checkValues(ctx, order, secrets);
      await checkOrder(unit, order, id);
      const target: TargetRecord = {
        ...known,
        ...columns(order),
        secretSealed: sealSecrets(ctx, id, secrets),
        updatedAt: unit.now,
      };
      await unit.tx.targets.put(target);
      await unit.tx.notifications.decideOfTarget(id, unit.now);
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
    await unit.tx.notifications.removeOfTarget(id);
    await unit.tx.targets.remove(id);
  });
}

/** One test message to a target that is set up, by the way that alerts take. */
export async function testTarget(ctx: ServerContext, actor: Actor, id: string): Promise<Result<TestResult>> {
  const found = await audited(ctx, { actor, action: 'target.test', object: id }, (unit) =>
    mustFind(unit, id),
  );
  if (!found.ok) return found;
  const { kind, settings } = found.value;
  return {
    ok: true,
    value: await sendTest(ctx, id, { kind, settings, secrets: openSecrets(ctx, found.value) }),
  };
}

/** The same before anything is saved. A known target lends the secrets that are not given. */
export async function tryTarget(
  ctx: ServerContext,
  actor: Actor,
  order: Pick<CreateTarget, 'kind' | 'settings' | 'secrets'> & { readonly id?: string },
): Promise<Result<TestResult>> {
  const id = order.id ?? 'new';
  const act = {
    actor,
    action: 'target.test',
    object: id,
    detail: { kind: order.kind, settings: text(order.settings) },
  };
  const found = await audited(ctx, act, async (unit) => {
    const known = order.id === undefined ? null : await mustFind(unit, order.id);
    const secrets =
      order.secrets ??
      (known ? openSecrets(ctx, known) : channelOf(ctx, order.kind).newSecrets?.(ctx.random)) ??
      {};
    checkValues(ctx, order, secrets);
    return secrets;
  });
  if (!found.ok) return found;
  return { ok: true, value: await sendTest(ctx, id, { ...order, secrets: found.value }) };
}

async function sendTest(
  ctx: ServerContext,
  targetId: string,
  { kind, settings, secrets }: { kind: string; settings: TargetValues; secrets: TargetValues },
): Promise<TestResult> {
  const outcome = await channelOf(ctx, kind).send(ctx, {
    id: ctx.random.id('msg'),
    settings,
    secrets,
    message: testMessage(targetId, ctx.clock.now()),
  });
  const { status, ms } = outcome;
  if (outcome.kind === 'delivered')
    return { ok: true, status, ms, detail: status === null ? 'accepted' : `HTTP ${status}` };
  return { ok: false, status, ms, detail: outcome.detail };
}

export function testMessage(targetId: string, at: number): TestMessage {
  return { type: 'target.test', at, targetId, text: 'This is a test of Castellan. Nothing is wrong.' };
}

async function mustFind(unit: Unit, id: string): Promise<TargetRecord> {
  const target = await unit.tx.targets.get(id);
  if (!target) throw casError('CAS_NOT_FOUND');
  return target;
}

/** What may be shown and kept in the audit: everything but the secrets. */
function shown({ name, kind, settings, enabled, severityMin }: CreateTarget) {
  return { name, kind, settings: text(settings), enabled, severityMin };
}

const text = (settings: TargetValues): string => JSON.stringify(settings);

function columns(order: CreateTarget) {
  const { name, kind, settings, enabled, severityMin } = order;
  const { remindAfterMs = null, fallbackId = null, isFallback = false } = order;
  return { name, kind, settings, enabled, severityMin, remindAfterMs, fallbackId, isFallback };
}

function channelOf(ctx: ServerContext, kind: string): Channel {
  const channel = ctx.channels.get(kind);
  if (channel) return channel;
  throw casError(
    'CAS_INPUT_INVALID',
    `kind: there is no channel "${kind}"; there are ${[...ctx.channels.keys()].join(', ')}`,
  );
}

/** Throws CAS_INPUT_INVALID where the channel cannot be set up so. */
function checkValues(
  ctx: ServerContext,
  { kind, settings }: Pick<CreateTarget, 'kind' | 'settings'>,
  secrets: TargetValues,
): void {
  const channel = channelOf(ctx, kind);
  for (const [schema, values] of [
    [channel.settings, settings],
    [channel.secrets, secrets],
  ] as const) {
    const [first] = Value.Errors(schema, values);
    if (first) throw casError('CAS_INPUT_INVALID', `${nameOf(first)}: ${first.message}`);
  }
  const problem = channel.problemOf({ settings, secrets }, ctx);
  if (problem !== null) throw casError('CAS_INPUT_INVALID', problem);
}

/** The member that is wrong, missing or too much, as people named it. Never its value. */
function nameOf(error: { instancePath: string; params?: unknown }): string {
  const params = (error.params ?? {}) as { requiredProperties?: string[]; additionalProperties?: string[] };
  const member = params.requiredProperties?.[0] ?? params.additionalProperties?.[0];
  return [...error.instancePath.split('/').filter(Boolean), ...(member === undefined ? [] : [member])].join(
    '.',
  );
}

async function checkOrder(unit: Unit, order: CreateTarget, id: string): Promise<void> {
  const namesake = await unit.tx.targets.byName(order.name);
  if (namesake && namesake.id !== id)
    throw casError('CAS_CONFLICT', `there is a target "${order.name}" already`);
  const { remindAfterMs = null, fallbackId = null } = order;
  if (remindAfterMs !== null && (remindAfterMs < REMIND_AFTER_MS_MIN || remindAfterMs > DECIDE_AHEAD_MS_MAX))
    throw casError('CAS_INPUT_INVALID', 'remindAfterMs: from ten minutes to eight days');
  if (fallbackId === id) throw casError('CAS_INPUT_INVALID', 'fallbackId: a target is not its own fallback');
  if (fallbackId !== null && !(await unit.tx.targets.get(fallbackId)))
    throw casError('CAS_INPUT_INVALID', 'fallbackId: there is no such target');
}

async function viewOf(ctx: ServerContext, target: TargetRecord): Promise<TargetView> {
  const { id, name, kind, settings, enabled, severityMin, remindAfterMs, fallbackId, isFallback } = target;
  const counts = await ctx.store.read.deliveries.counted(id);
  return {
    id,
    name,
    kind,
    settings,
    enabled,
    secretSet: true,
    severityMin,
    remindAfterMs,
    fallbackId,
    isFallback,
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
