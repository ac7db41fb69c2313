import type { Severity } from '@castellan/shared/model/severity';
import type { Knex } from 'knex';
import type { AlertType } from '../domain/delivery/decide.js';
import { isPast } from './past.js';

/** `dropped`: not worth sending any more; `dead`: given up, may be replayed. */
export type DeliveryState = 'pending' | 'delivered' | 'dropped' | 'dead';

export interface DeliveryRecord {
  readonly seq: number;
  /** Also the webhook-id: the same for every attempt. */
  readonly id: string;
  readonly targetId: string;
  readonly findingId: string;
  readonly type: AlertType;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly ambiguous: boolean;
  /** What its last attempt said; null before the first. */
  readonly toldSeverity: Severity | null;
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
  type: AlertType;
  state: DeliveryState;
  attempts: number;
  ambiguous: number;
  told_severity: Severity | null;
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
    async ofTarget(targetId: string, limit: number): Promise<DeliveryRecord[]> {
      return (await table().where({ target_id: targetId }).orderBy('seq', 'desc').limit(limit)).map(read);
    },
    async ofFinding(findingId: string): Promise<DeliveryRecord[]> {
      return (await table().where({ finding_id: findingId }).orderBy('seq')).map(read);
    },
    async queue(delivery: {
      id: string;
      targetId: string;
      findingId: string;
      type: AlertType;
      at: number;
    }): Promise<void> {
      await table().insert({
        id: delivery.id,
        target_id: delivery.targetId,
        finding_id: delivery.findingId,
        type: delivery.type,
        state: 'pending',
        created_at: delivery.at,
        retry_since: delivery.at,
        next_at: delivery.at,
      });
    },
    /** Due, not leased, and first in line for its (target, finding): order is kept, and one is in flight at a time. */
    async due(
      now: number,
      limit: number,
      notTo: readonly string[],
      latest: LatestTimes,
    ): Promise<DeliveryRecord[]> {
      const rows = await db('deliveries as d')
        .where('d.state', 'pending')
        .where(isPast('d.next_at', now, latest.delayMs))
        .where(isPast('d.lease_until', now, latest.leaseMs))
        .whereNotIn('d.target_id', [...notTo])
        .whereNotExists((earlier) =>
          earlier
            .select(db.raw('1'))
            .from('deliveries as e')
            .whereRaw('e.target_id = d.target_id and e.finding_id = d.finding_id and e.seq < d.seq')
            .where('e.state', 'pending'),
        )
        .orderBy('d.seq')
        .limit(limit)
        .select<Row[]>('d.*');
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
    async begin(id: string, toldSeverity: Severity): Promise<void> {
      await table().where({ id }).update({ ambiguous: 1, told_severity: toldSeverity });
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
    /** The finding has moved on: what waits for its next try about it is inspected now. */
    async retryNow(findingId: string, now: number): Promise<void> {
      await table()
        .where({ finding_id: findingId, state: 'pending' })
        .where('lease_until', '<=', now)
        .update({ next_at: now });
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
          // A active finding's page is what its resolve is owed to.
          active
            .select(db.raw('1'))
            .from('findings as f')
            .whereRaw("f.id = deliveries.finding_id and f.state <> 'resolved'"),
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
    findingId: row.finding_id,
    type: row.type,
    state: row.state,
    attempts: row.attempts,
    ambiguous: Boolean(row.ambiguous),
    toldSeverity: row.told_severity,
    createdAt: Number(row.created_at),
    retrySince: Number(row.retry_since),
    nextAt: Number(row.next_at),
    deliveredAt: row.delivered_at === null ? null : Number(row.delivered_at),
    lastStatus: row.last_status,
    lastMs: row.last_ms,
    lastProblem: row.last_problem,
  };
}
