import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import {
  ACKNOWLEDGED_AT_ONCE_MAX,
  type Acknowledgement,
  acknowledgement,
  sayAcknowledged,
} from '../domain/finding/acknowledgement.js';
import type { FindingFilter, FindingRecord } from '../store/finding.repository.js';
import { alertChanged, alertReleased } from './alerts/alert-changed.js';
import type { ServerContext } from './context.js';
import { type FindingView, findingView } from './findings.js';
import { saveFinding } from './move-finding.js';
import { type Actor, audited, commit, type Unit } from './unit.js';

export { ACKNOWLEDGED_AT_ONCE_MAX };

export interface AcknowledgeOrder {
  readonly note: string;
  /** Milliseconds since 1970; null: until it is resolved. */
  readonly until: number | null;
}

/** Somebody has it, and who was paged hears so. The finding stays until a fresh verdict passes. */
export async function acknowledgeFinding(
  ctx: ServerContext,
  actor: Actor,
  id: string,
  order: AcknowledgeOrder,
): Promise<Result<FindingView>> {
  const detail = detailOf(order);
  return audited(ctx, { actor, action: 'finding.acknowledge', object: id, detail }, async (unit) => {
    const finding = await unit.tx.findings.get(id);
    if (!finding) throw casError('CAS_NOT_FOUND');
    if (finding.state !== 'open') throw casError('CAS_CONFLICT', `the finding is ${finding.state}, not open`);
    return findingView(
      await acknowledge(unit, finding, acknowledgement(actor, unit.now, order.note, order.until)),
    );
  });
}

/** All open findings under a filter, the worst first, at most so many; `left` says how many are open still. */
export async function acknowledgeMany(
  ctx: ServerContext,
  actor: Actor,
  filter: FindingFilter,
  order: AcknowledgeOrder,
): Promise<Result<{ readonly acknowledged: number; readonly left: number }>> {
  const detail = { ...detailOf(order), filter: JSON.stringify(filter) };
  return audited(
    ctx,
    { actor, action: 'finding.acknowledge-many', object: 'findings', detail },
    async (unit) => {
      const given = acknowledgement(actor, unit.now, order.note, order.until);
      const open = await unit.tx.findings.inState(filter, 'open', ACKNOWLEDGED_AT_ONCE_MAX);
      for (const finding of open.some) await acknowledge(unit, finding, given);
      return { acknowledged: open.some.length, left: open.count - open.some.length };
    },
  );
}

/** Somebody has all of an alert that nobody has yet, at most so many findings at once; `left` says how many are open still. */
export async function acknowledgeAlert(
  ctx: ServerContext,
  actor: Actor,
  id: string,
  order: AcknowledgeOrder,
): Promise<Result<{ readonly acknowledged: number; readonly left: number }>> {
  const act = { actor, action: 'alert.acknowledge', object: id, detail: detailOf(order) };
  return audited(ctx, act, async (unit) => {
    const alert = await unit.tx.alerts.get(id);
    if (!alert) throw casError('CAS_NOT_FOUND');
    const given = acknowledgement(actor, unit.now, order.note, order.until);
    const open = await unit.tx.findings.inState({ alert: id }, 'open', ACKNOWLEDGED_AT_ONCE_MAX);
    if (open.count === 0) throw casError('CAS_CONFLICT', 'no finding of the alert is open that nobody has');
    for (const finding of open.some) await acknowledge(unit, finding, given);
    return { acknowledged: open.some.length, left: open.count - open.some.length };
  });
}

/** Nobody has any of it any more; at most so many findings at once. */
export async function undoAcknowledgeAlert(
  ctx: ServerContext,
  actor: Actor,
  id: string,
  note: string,
): Promise<Result<{ readonly reopened: number; readonly left: number }>> {
  const act = { actor, action: 'alert.unacknowledge', object: id, detail: { note } };
  return audited(ctx, act, async (unit) => {
    const alert = await unit.tx.alerts.get(id);
    if (!alert) throw casError('CAS_NOT_FOUND');
    const held = await unit.tx.findings.inState({ alert: id }, 'acknowledged', ACKNOWLEDGED_AT_ONCE_MAX);
    if (held.count === 0) throw casError('CAS_CONFLICT', 'nobody has a finding of the alert');
    for (const finding of held.some) await reopen(unit, finding, sayTakenBack(actor, note));
    return { reopened: held.some.length, left: held.count - held.some.length };
  });
}

/** Nobody has it any more: it is open, and pages as if it were new. */
export async function undoAcknowledge(
  ctx: ServerContext,
  actor: Actor,
  id: string,
  note: string,
): Promise<Result<FindingView>> {
  return audited(
    ctx,
    { actor, action: 'finding.unacknowledge', object: id, detail: { note } },
    async (unit) => {
      const finding = await unit.tx.findings.get(id);
      if (!finding) throw casError('CAS_NOT_FOUND');
      if (finding.state !== 'acknowledged')
        throw casError('CAS_CONFLICT', `the finding is ${finding.state}, not acknowledged`);
      return findingView(await reopen(unit, finding, sayTakenBack(actor, note)));
    },
  );
}

/** Opens again what was acknowledged until an instant that has passed. */
export async function endAcknowledgements(ctx: ServerContext): Promise<void> {
  for (const id of await ctx.store.read.findings.acknowledgedUntil(ctx.clock.now(), ACKNOWLEDGED_AT_ONCE_MAX))
    await commit(ctx, async (unit) => {
      const finding = await unit.tx.findings.get(id);
      const until = finding?.acknowledgement?.until ?? null;
      // Somebody may have been there first.
      if (finding?.state !== 'acknowledged' || until === null || until > unit.now) return;
      await reopen(unit, finding, 'the acknowledgement has ended');
    });
}

async function acknowledge(
  unit: Unit,
  finding: FindingRecord,
  given: Acknowledgement,
): Promise<FindingRecord> {
  const next: FindingRecord = { ...finding, state: 'acknowledged', acknowledgement: given };
  await saveFinding(unit, next, finding.state, sayAcknowledged(given));
  if (finding.alertId !== null) await alertChanged(unit, finding.alertId);
  return next;
}

async function reopen(unit: Unit, finding: FindingRecord, why: string): Promise<FindingRecord> {
  const next: FindingRecord = { ...finding, state: 'open', acknowledgement: null };
  await saveFinding(unit, next, finding.state, why);
  if (finding.alertId !== null) await alertReleased(unit, finding.alertId);
  return next;
}

function sayTakenBack(actor: Actor, note: string): string {
  return `taken back by ${actor}${note === '' ? '' : `: ${note}`}`;
}

function detailOf({ note, until }: AcknowledgeOrder) {
  return { comment: note, ...(until === null ? {} : { until: new Date(until).toISOString() }) };
}
