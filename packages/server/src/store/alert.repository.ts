import { SEVERITIES, type Severity } from '@castellan/shared/model/severity';
import type { Knex } from 'knex';
import type { MemberCount } from '../domain/alert/view.js';
import { type AlertFilter, type AlertLine, alertLine, listAlerts } from './alert-list.js';
import type { ListPage, ListRequest } from './list.js';

export interface AlertRecord {
  readonly id: string;
  readonly control: string;
  readonly groupName: string;
  /** Of a storm: the target that it is for, and the class of the alerts in it. Null of any other alert. */
  readonly stormTarget: string | null;
  readonly stormClass: string | null;
  readonly title: string;
  /** Of the worst finding that it has; of an alert that has ended, of the worst at its end. */
  readonly severity: Severity;
  readonly openedAt: number;
  readonly lastOpenedAt: number;
  readonly changedAt: number;
  readonly endedAt: number | null;
  readonly openings: number;
}

/** Somebody has some of an alert's findings: since when, ms, until when (null: until they are resolved), and why. */
export interface AlertAcknowledgement {
  readonly by: string;
  readonly note: string;
  readonly at: number;
  readonly until: number | null;
  readonly findings: number;
}

interface Row {
  id: string;
  control: string;
  group_name: string;
  storm_target: string | null;
  storm_class: string | null;
  title: string;
  severity: Severity;
  opened_at: number;
  last_opened_at: number;
  changed_at: number;
  ended_at: number | null;
  openings: number;
}

export interface AlertKey {
  readonly control: string;
  readonly groupName: string;
  readonly stormTarget: string | null;
  readonly stormClass: string | null;
}

const ACTIVE = ['open', 'acknowledged', 'waived'];
/** From the worst (0) on. */
const SEVERITY_RANK = `case a.severity ${SEVERITIES.map((severity, rank) => `when '${severity}' then ${rank}`).join(' ')} end`;
const WORST_FIRST = 'f.severity_rank, f.opened_at, f.id';

function findingsOf(db: Knex, { id, stormTarget }: Pick<AlertRecord, 'id' | 'stormTarget'>) {
  const query = db('findings as f');
  return stormTarget === null
    ? query.where({ 'f.alert_id': id })
    : query.whereIn('f.alert_id', db('notifications').where({ storm_id: id }).select('alert_id'));
}

export function alertRepository(db: Knex) {
  const table = () => db<Row>('alerts');
  const ofKey = ({ control, groupName, stormTarget, stormClass }: AlertKey) =>
    table().where({
      control,
      group_name: groupName,
      storm_target: stormTarget,
      storm_class: stormClass,
    });
  return {
    async get(id: string): Promise<AlertRecord | null> {
      const row = await table().where({ id }).first();
      return row ? read(row) : null;
    },
    list(filter: AlertFilter, request: ListRequest): Promise<ListPage<AlertLine>> {
      return listAlerts(db, filter, request, read);
    },
    /** With what a list shows of it. */
    line(id: string): Promise<AlertLine | null> {
      return alertLine(db, id, read);
    },
    /** Who has how many of its findings, with which note and until when; most findings first, at most so many. */
    async acknowledgements(
      alert: Pick<AlertRecord, 'id' | 'stormTarget'>,
      limit: number,
    ): Promise<AlertAcknowledgement[]> {
      const rows = (await findingsOf(db, alert)
        .where('f.state', 'acknowledged')
        .whereNotNull('f.ack_by')
        .groupBy('f.ack_by', 'f.ack_note', 'f.ack_until')
        .select('f.ack_by', 'f.ack_note', 'f.ack_until')
        .min({ at: 'f.ack_at' })
        .count({ findings: '*' })
        .orderBy('findings', 'desc')
        .limit(limit)) as Record<string, string | number | null>[];
      return rows.map((row) => ({
        by: String(row.ack_by),
        note: String(row.ack_note ?? ''),
        until: row.ack_until === null ? null : Number(row.ack_until),
        at: Number(row.at),
        findings: Number(row.findings),
      }));
    },
    /** The active one of a key, or the one that ended last and not before an instant. */
    async latest(key: AlertKey, endedSince: number): Promise<AlertRecord | null> {
      const row =
        (await ofKey(key).whereNull('ended_at').first()) ??
        (await ofKey(key).where('ended_at', '>=', endedSince).orderBy('ended_at', 'desc').first());
      return row ? read(row) : null;
    },
    async put(alert: AlertRecord): Promise<void> {
      const row = write(alert);
      await table().insert(row).onConflict('id').merge(row);
    },
    /** The finding that speaks for it: active before resolved, the worst, and of those the oldest. */
    async worstFinding(alert: Pick<AlertRecord, 'id' | 'stormTarget'>): Promise<string | null> {
      const row = await findingsOf(db, alert).orderByRaw(WORST_FIRST).first('f.id');
      return row ? String(row.id) : null;
    },
    /** The node that all its active findings are of; null when there are several, or none. */
    async soleNode(id: string): Promise<string | null> {
      const rows = await db('findings')
        .where({ alert_id: id })
        .whereIn('state', ACTIVE)
        .distinct('node_id')
        .limit(2);
      return rows.length === 1 ? String(rows[0]?.node_id) : null;
    },
    /** Its active findings, counted by what matters to those who are notified; of a storm its active alerts, each as one. */
    async members({ id, stormTarget }: Pick<AlertRecord, 'id' | 'stormTarget'>): Promise<MemberCount[]> {
      const rows =
        stormTarget === null
          ? db('findings')
              .where({ alert_id: id })
              .whereIn('state', ACTIVE)
              .select(
                'severity',
                'state',
                db.raw(`(silence_id is not null or inhibited_by is not null or state = 'waived') as held`),
                'held_new',
              )
          : db('notifications')
              .where({ storm_id: id })
              .whereIn('state', ['firing', 'acknowledged'])
              .select('severity', 'state', db.raw('0 as held'), db.raw('0 as held_new'));
      return (await rows.groupBy('severity', 'state', 'held', 'held_new').count('* as n')).map(counted);
    },
    /** The active alerts of a storm, the worst first, at most so many. */
    async ofStorm(id: string, limit: number): Promise<AlertRecord[]> {
      const rows = await db('alerts as a')
        .join('notifications as n', 'n.alert_id', 'a.id')
        .where('n.storm_id', id)
        .whereIn('n.state', ['firing', 'acknowledged'])
        .orderByRaw(`${SEVERITY_RANK}, a.opened_at, a.id`)
        .limit(limit)
        .select<Row[]>('a.*');
      return rows.map(read);
    },
    /** Nodes that its active findings are of, those held back left out; of an alert that has ended, that they were of. */
    async nodes({ id, endedAt }: Pick<AlertRecord, 'id' | 'endedAt'>): Promise<number> {
      const row = await db('findings')
        .where({ alert_id: id, silence_id: null, inhibited_by: null })
        .whereIn('state', endedAt === null ? ['open', 'acknowledged'] : ['resolved'])
        .countDistinct('node_id as n')
        .first();
      return Number(row?.n ?? 0);
    },
    /** Alerts that ended before an instant and that no finding and no delivery speaks of any more. */
    async forgetBefore(at: number): Promise<void> {
      const old = () =>
        table()
          .where('ended_at', '<', at)
          .whereNotExists((found) =>
            found.select(db.raw('1')).from('findings as f').whereRaw('f.alert_id = alerts.id'),
          )
          .whereNotExists((sent) =>
            sent.select(db.raw('1')).from('deliveries as d').whereRaw('d.alert_id = alerts.id'),
          );
      await db('notifications').whereIn('alert_id', old().select('id')).delete();
      await old().delete();
    },
  };
}

function counted(row: {
  severity?: string;
  state?: string;
  held?: unknown;
  held_new?: unknown;
  n?: unknown;
}): MemberCount {
  return {
    severity: row.severity as Severity,
    state: row.state === 'acknowledged' ? 'acknowledged' : 'open',
    isHeld: Boolean(row.held),
    isHeldNew: Boolean(row.held_new),
    count: Number(row.n),
  };
}

function write(alert: AlertRecord): Row {
  return {
    id: alert.id,
    control: alert.control,
    group_name: alert.groupName,
    storm_target: alert.stormTarget,
    storm_class: alert.stormClass,
    title: alert.title,
    severity: alert.severity,
    opened_at: alert.openedAt,
    last_opened_at: alert.lastOpenedAt,
    changed_at: alert.changedAt,
    ended_at: alert.endedAt,
    openings: alert.openings,
  };
}

function read(row: Row): AlertRecord {
  return {
    id: row.id,
    control: row.control,
    groupName: row.group_name,
    stormTarget: row.storm_target,
    stormClass: row.storm_class,
    title: row.title,
    severity: row.severity,
    openedAt: Number(row.opened_at),
    lastOpenedAt: Number(row.last_opened_at),
    changedAt: Number(row.changed_at),
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
    openings: row.openings,
  };
}
