import type { Severity } from '@castellan/shared/model/severity';
import type { Knex } from 'knex';
import type { AlertType, Reason } from '../domain/alert/alert.js';
import { type DeliveryFilter, type DeliveryLine, deliveryLine, listDeliveries } from './delivery-list.js';
import type { ListPage, ListRequest } from './list.js';
import { isPast } from './past.js';

/** `dropped`: not worth sending any more; `dead`: given up, may be replayed. */
export type DeliveryState = 'pending' | 'delivered' | 'dropped' | 'dead';

export interface DeliveryRecord {
  readonly seq: number;
  /** Also the webhook-id: the same for every attempt. */
  readonly id: string;
  readonly targetId: string;
  /** Null: queued by a version that had no alerts. */
  readonly alertId: string | null;
  /** The finding that spoke for the alert when it was queued. */
  readonly findingId: string;
  readonly type: AlertType;
  readonly reason: Reason | null;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly ambiguous: boolean;
  /** What its last attempt said; null before the first. */
  readonly told: { readonly severity: Severity; readonly findings: number } | null;
  readonly createdAt: number;
  /** When the retrying began: at creation, or at the last replay. */
  readonly retrySince: number;
  readonly nextAt: number;
  readonly deliveredAt: number | null;
  readonly lastStatus: number | null;
  readonly lastMs: number | null;
  readonly lastProblem: string | null;
}

interface Row {
  seq: number;
  id: string;
  target_id: string;
  finding_id: string;
  alert_id: string | null;
  node_id: string | null;
  type: AlertType;
  reason: Reason | null;
  state: DeliveryState;
  attempts: number;
  ambiguous: number;
  told_severity: Severity | null;
  told_findings: number | null;
  is_critical: number;
  created_at: number;
  retry_since: number;
  next_at: number;
  lease_until: number;
  delivered_at: number | null;
  last_status: number | null;
  last_ms: number | null;
  last_problem: string | null;
}

export interface DeliveryChange {
  readonly state?: DeliveryState;
  readonly attempts?: number;
  readonly ambiguous?: boolean;
  readonly retrySince?: number;
  readonly nextAt?: number;
  readonly deliveredAt?: number;
  readonly lastStatus?: number | null;
  readonly lastMs?: number;
  readonly lastProblem?: string | null;
}

/** The longest that a retry is put off and that a lease lasts: what lies further ahead was written by a clock that was wrong. */
export interface LatestTimes {
  readonly delayMs: number;
  readonly leaseMs: number;
}

export function deliveryRepository(db: Knex) {
  const table = () => db<Row>('deliveries');
  return {
    async get(id: string): Promise<DeliveryRecord | null> {
      const row = await table().where({ id }).first();
      return row ? read(row) : null;
    },
    list(filter: DeliveryFilter, request: ListRequest): Promise<ListPage<DeliveryLine>> {
      return listDeliveries(db, filter, request, read);
    },
    /** With the names of what it is about. */
    line(id: string): Promise<DeliveryLine | null> {
      return deliveryLine(db, id, read);
    },
    /** Dead letters of targets that there are, of one or of all, since an instant; newest first, at most so many. */
    async dead(
      of: { readonly targetId: string | null; readonly since: number },
      limit: number,
    ): Promise<{ readonly some: DeliveryRecord[]; readonly count: number }> {
      const query = () => {
        const all = db('deliveries as d')
          .join('targets as t', 't.id', 'd.target_id')
          .where('d.state', 'dead')
          .where('d.created_at', '>=', of.since);
        return of.targetId === null ? all : all.where('d.target_id', of.targetId);
      };
      const rows = await query().orderBy('d.seq', 'desc').limit(limit).select<Row[]>('d.*');
      const count = await query().count('* as n').first();
      return { some: rows.map(read), count: Number(count?.n ?? 0) };
    },
    async ofTarget(targetId: string, limit: number): Promise<DeliveryRecord[]> {
      return (await table().where({ target_id: targetId }).orderBy('seq', 'desc').limit(limit)).map(read);
    },
    async ofFinding(findingId: string): Promise<DeliveryRecord[]> {
      return (await table().where({ finding_id: findingId }).orderBy('seq')).map(read);
    },
    async queue(delivery: {
      id: string;
      targetId: string;
      alertId: string;
      findingId: string;
      /** When all of the alert is about one node. */
      nodeId: string | null;
      type: AlertType;
      reason: Reason;
      isCritical: boolean;
      at: number;
    }): Promise<void> {
      await table().insert({
        id: delivery.id,
        target_id: delivery.targetId,
        alert_id: delivery.alertId,
        finding_id: delivery.findingId,
        node_id: delivery.nodeId,
        type: delivery.type,
        reason: delivery.reason,
        is_critical: delivery.isCritical ? 1 : 0,
        state: 'pending',
        created_at: delivery.at,
        retry_since: delivery.at,
        next_at: delivery.at,
      });
    },
    /** Of one alert to one target there is never more than one on its way. `isLeased`: an attempt is under way. */
    async pending(
      targetId: string,
      alertId: string,
      now: number,
    ): Promise<{ readonly delivery: DeliveryRecord; readonly isLeased: boolean } | null> {
      const row = await table().where({ target_id: targetId, alert_id: alertId, state: 'pending' }).first();
      return row ? { delivery: read(row), isLeased: Number(row.lease_until) > now } : null;
    },
    /** New alerts that a target was, or is about to be, notified of one by one since an instant; of one node, or of all. */
    async countNew(of: {
      targetId: string;
      isCritical: boolean;
      nodeId: string | null;
      since: number;
    }): Promise<number> {
      const query = db('deliveries')
        .where({ target_id: of.targetId, is_critical: of.isCritical ? 1 : 0 })
        .whereIn('reason', ['opened', 'returned'])
        .where('created_at', '>', of.since);
      if (of.nodeId !== null) query.where({ node_id: of.nodeId });
      const row = await query.count('* as n').first();
      return Number(row?.n ?? 0);
    },
    /** Due and not leased. */
    async due(
      now: number,
      limit: number,
      notTo: readonly string[],
      latest: LatestTimes,
    ): Promise<DeliveryRecord[]> {
      const rows = await table()
        .where({ state: 'pending' })
        .where(isPast('next_at', now, latest.delayMs))
        .where(isPast('lease_until', now, latest.leaseMs))
        .whereNotIn('target_id', [...notTo])
        .orderBy('seq')
        .limit(limit);
      return rows.map(read);
    },
    /** True when the lease is ours. It ends by itself, so that a process that died loses nothing. */
    async claim(id: string, now: number, leaseMs: number): Promise<boolean> {
      const taken = await table()
        .where({ id, state: 'pending' })
        .where(isPast('lease_until', now, leaseMs))
        .update({ lease_until: now + leaseMs });
      return taken === 1;
    },
    /**
     * Written before an attempt is made: should nobody be left to write how it ended, it counts as one that may have
     * arrived, and its resolve is owed. Its end, when we live to see it, says what it was.
     */
    async begin(id: string, told: { severity: Severity; findings: number }): Promise<void> {
      await table()
        .where({ id })
        .update({ ambiguous: 1, told_severity: told.severity, told_findings: told.findings });
    },
    /** Writes what became of it, and gives the lease back. */
    async settle(id: string, change: DeliveryChange): Promise<void> {
      const columns: Partial<Row> = { lease_until: 0 };
      if (change.state !== undefined) columns.state = change.state;
      if (change.attempts !== undefined) columns.attempts = change.attempts;
      if (change.ambiguous !== undefined) columns.ambiguous = change.ambiguous ? 1 : 0;
      if (change.retrySince !== undefined) columns.retry_since = change.retrySince;
      if (change.nextAt !== undefined) columns.next_at = change.nextAt;
      if (change.deliveredAt !== undefined) columns.delivered_at = change.deliveredAt;
      if (change.lastStatus !== undefined) columns.last_status = change.lastStatus;
      if (change.lastMs !== undefined) columns.last_ms = change.lastMs;
      if (change.lastProblem !== undefined) columns.last_problem = change.lastProblem;
      await table().where({ id }).update(columns);
    },
    /** When the next one is due, leases included; null when nothing waits but to these targets. */
    async nextDueAt(notTo: readonly string[]): Promise<number | null> {
      const row = await db('deliveries')
        .where({ state: 'pending' })
        .whereNotIn('target_id', [...notTo])
        .min({ at: db.raw('max(next_at, lease_until)') })
        .first();
      return row?.at === null || row?.at === undefined ? null : Number(row.at);
    },
    /** When the first message became due that should have been tried before an instant; null: there is none. */
    async dueSince(before: number): Promise<number | null> {
      const row = await db('deliveries')
        .where({ state: 'pending' })
        .where('next_at', '<', before)
        .where('lease_until', '<', before)
        .min('next_at as at')
        .first();
      return row?.at === null || row?.at === undefined ? null : Number(row.at);
    },
    async counts(): Promise<{ pending: number; dead: number; oldestPendingAt: number | null }> {
      const pending = await db('deliveries')
        .where({ state: 'pending' })
        .count('* as n')
        .min('created_at as oldest')
        .first();
      const dead = await db('deliveries').where({ state: 'dead' }).count('* as n').first();
      const oldest = pending?.oldest;
      return {
        pending: Number(pending?.n ?? 0),
        dead: Number(dead?.n ?? 0),
        oldestPendingAt: oldest === null || oldest === undefined ? null : Number(oldest),
      };
    },
    async counted(targetId: string): Promise<{ pending: number; dead: number }> {
      const rows = await db('deliveries')
        .where({ target_id: targetId })
        .whereIn('state', ['pending', 'dead'])
        .groupBy('state')
        .select('state')
        .count('* as n');
      const of = (state: string) => Number(rows.find((row) => row.state === state)?.n ?? 0);
      return { pending: of('pending'), dead: of('dead') };
    },
    async dropOfTarget(targetId: string, why: string): Promise<void> {
      await table()
        .where({ target_id: targetId, state: 'pending' })
        .update({ state: 'dropped', last_problem: why, lease_until: 0 });
    },
    async forgetBefore(at: number): Promise<number> {
      return table()
        .whereIn('state', ['delivered', 'dropped'])
        .where('created_at', '<', at)
        .whereNotExists((active) =>
          // An active alert's messages are read by whoever looks into it.
          active
            .select(db.raw('1'))
            .from('alerts as a')
            .whereRaw('a.id = deliveries.alert_id and a.ended_at is null'),
        )
        .delete();
    },
  };
}

function read(row: Row): DeliveryRecord {
  return {
    seq: row.seq,
    id: row.id,
    targetId: row.target_id,
    alertId: row.alert_id,
    findingId: row.finding_id,
    type: row.type,
    reason: row.reason,
    state: row.state,
    attempts: row.attempts,
    ambiguous: Boolean(row.ambiguous),
    told:
      row.told_severity === null ? null : { severity: row.told_severity, findings: row.told_findings ?? 1 },
    createdAt: Number(row.created_at),
    retrySince: Number(row.retry_since),
    nextAt: Number(row.next_at),
    deliveredAt: row.delivered_at === null ? null : Number(row.delivered_at),
    lastStatus: row.last_status,
    lastMs: row.last_ms,
    lastProblem: row.last_problem,
  };
}
