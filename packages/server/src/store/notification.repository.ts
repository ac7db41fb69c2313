import type { Severity } from '@castellan/shared/model/severity';
import type { Knex } from 'knex';
import type { Notified } from '../domain/alert/alert.js';
import { isPast } from './past.js';

/** What one target was notified of one alert, and when that is to be looked at again. */
export interface NotificationRecord {
  readonly alertId: string;
  readonly targetId: string;
  /** Null: it was not notified yet. */
  readonly notified: Notified | null;
  /** Null: nothing is to be decided until something changes. */
  readonly decideAt: number | null;
  /** The storm that told it in place of a message of its own. */
  readonly stormId: string | null;
}

interface Row {
  alert_id: string;
  target_id: string;
  state: Notified['state'] | null;
  unsure: string | null;
  severity: Severity | null;
  findings: number;
  at: number | null;
  growth_since: number | null;
  decide_at: number | null;
  storm_id: string | null;
}

export function notificationRepository(db: Knex) {
  const table = () => db<Row>('notifications');
  return {
    async get(alertId: string, targetId: string): Promise<NotificationRecord | null> {
      const row = await table().where({ alert_id: alertId, target_id: targetId }).first();
      return row ? read(row) : null;
    },
    async ofAlert(alertId: string): Promise<NotificationRecord[]> {
      return (await table().where({ alert_id: alertId })).map(read);
    },
    async put(notification: NotificationRecord): Promise<void> {
      const row = write(notification);
      await table().insert(row).onConflict(['alert_id', 'target_id']).merge(row);
    },
    /** To be decided now, at most so many; `aheadMs` is the furthest ahead that is ever written. */
    async due(now: number, aheadMs: number, limit: number): Promise<NotificationRecord[]> {
      const rows = await table()
        .whereNotNull('decide_at')
        .where(isPast('decide_at', now, aheadMs))
        .orderBy('decide_at')
        .limit(limit);
      return rows.map(read);
    },
    async nextAt(): Promise<number | null> {
      const row = await db('notifications').whereNotNull('decide_at').min('decide_at as at').first();
      return row?.at === null || row?.at === undefined ? null : Number(row.at);
    },
    /** The target is another now, or is there again: all that it was notified of is decided anew. */
    async decideOfTarget(targetId: string, at: number): Promise<void> {
      await table().where({ target_id: targetId }).whereNot({ state: 'resolved' }).update({ decide_at: at });
      await table().where({ target_id: targetId, state: null }).update({ decide_at: at });
    },
    async removeOfTarget(targetId: string): Promise<void> {
      await table().where({ target_id: targetId }).delete();
    },
  };
}

function write({ alertId, targetId, notified, decideAt, stormId }: NotificationRecord): Row {
  return {
    alert_id: alertId,
    target_id: targetId,
    state: notified?.state ?? null,
    unsure: notified?.unsure ?? null,
    severity: notified?.severity ?? null,
    findings: notified?.findings ?? 0,
    at: notified?.at ?? null,
    growth_since: notified?.growthSince ?? null,
    decide_at: decideAt,
    storm_id: stormId,
  };
}

function read(row: Row): NotificationRecord {
  const { state, severity, at } = row;
  return {
    alertId: row.alert_id,
    targetId: row.target_id,
    notified:
      state === null || severity === null || at === null
        ? null
        : {
            state,
            unsure: row.unsure,
            severity,
            findings: row.findings,
            at: Number(at),
            growthSince: row.growth_since === null ? null : Number(row.growth_since),
          },
    decideAt: row.decide_at === null ? null : Number(row.decide_at),
    stormId: row.storm_id,
  };
}
