import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { checkWaiver, sayWaived, WAIVED_AT_ONCE_MAX } from '../domain/finding/waiver.js';
import type { FindingFilter, FindingRecord } from '../store/finding.repository.js';
import { alertChanged } from './alerts/alert-changed.js';
import type { ServerContext } from './context.js';
import { type FindingView, findingView } from './findings.js';
import { membersOf, releaseAlert } from './holds/change-holds.js';
import { saveFinding } from './move-finding.js';
import { type Actor, audited, commit, type Unit } from './unit.js';

export { WAIVED_AT_ONCE_MAX };

export interface WaiveOrder {
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** The finding is accepted until an instant: no page is sent for it. It stays until a fresh verdict passes. */
export async function waiveFinding(
  ctx: ServerContext,
  actor: Actor,
  id: string,
  order: WaiveOrder,
): Promise<Result<FindingView>> {
  const detail = detailOf(order);
  return audited(ctx, { actor, action: 'finding.waive', object: id, detail }, async (unit) => {
    const finding = await unit.tx.findings.get(id);
    if (!finding) throw casError('CAS_NOT_FOUND');
    if (finding.state === 'resolved' || finding.state === 'waived')
      throw casError('CAS_CONFLICT', `the finding is ${finding.state} already`);
    return findingView(await waive(unit, finding, actor, order));
  });
}

/** All open findings under a filter, the worst first, at most so many; `left` says how many are open still. */
export async function waiveMany(
  ctx: ServerContext,
  actor: Actor,
  filter: FindingFilter,
  order: WaiveOrder,
): Promise<Result<{ readonly waived: number; readonly left: number }>> {
  const detail = { ...detailOf(order), filter: JSON.stringify(filter) };
  return audited(ctx, { actor, action: 'finding.waive-many', object: 'findings', detail }, async (unit) => {
    checkWaiver({ at: unit.now, ...order });
    const open = await unit.tx.findings.inState(filter, 'open', WAIVED_AT_ONCE_MAX);
    for (const finding of open.some) await waive(unit, finding, actor, order);
    return { waived: open.some.length, left: open.count - open.some.length };
  });
}

/** It is accepted no more: it is open, and pages as if it were new. */
export async function undoWaive(
  ctx: ServerContext,
  actor: Actor,
  id: string,
  note: string,
): Promise<Result<FindingView>> {
  return audited(ctx, { actor, action: 'finding.unwaive', object: id, detail: { note } }, async (unit) => {
    const finding = await unit.tx.findings.get(id);
    if (!finding) throw casError('CAS_NOT_FOUND');
    if (finding.state !== 'waived')
      throw casError('CAS_CONFLICT', `the finding is ${finding.state}, not waived`);
    const why = `the waiver was taken back by ${actor}${note === '' ? '' : `: ${note}`}`;
    return findingView(await reopen(unit, finding, why));
  });
}

/** Opens again what was waived until an instant that has passed. */
export async function endWaivers(ctx: ServerContext): Promise<void> {
  for (const id of await ctx.store.read.held.waivedUntil(ctx.clock.now(), WAIVED_AT_ONCE_MAX))
    await commit(ctx, async (unit) => {
      const finding = await unit.tx.findings.get(id);
      const until = finding?.waiver?.until ?? null;
      // Somebody may have been there first.
      if (finding?.state !== 'waived' || until === null || until > unit.now) return;
      await reopen(unit, finding, 'the waiver has ended');
    });
}

async function waive(
  unit: Unit,
  finding: FindingRecord,
  by: Actor,
  { reason, until }: WaiveOrder,
): Promise<FindingRecord> {
  const waiver = { by, at: unit.now, until, reason, severity: finding.severity };
  checkWaiver(waiver);
  const next: FindingRecord = { ...finding, state: 'waived', acknowledgement: null, waiver };
  await saveFinding(unit, next, finding.state, sayWaived(waiver));
  if (finding.alertId !== null) await alertChanged(unit, finding.alertId);
  return next;
}

async function reopen(unit: Unit, finding: FindingRecord, why: string): Promise<FindingRecord> {
  const before = finding.alertId === null ? [] : await membersOf(unit, finding.alertId);
  const next: FindingRecord = { ...finding, state: 'open', waiver: null };
  await saveFinding(unit, next, finding.state, why);
  if (finding.alertId !== null) await releaseAlert(unit, finding.alertId, before);
  return next;
}

function detailOf({ reason, until }: WaiveOrder) {
  return { reason, until: new Date(until).toISOString() };
}
