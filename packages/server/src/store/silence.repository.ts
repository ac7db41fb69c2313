import type { Knex } from 'knex';
import {
  MATCHERS,
  type Matcher,
  type Matchers,
  SILENCES_MAX,
  type Weekly,
} from '../domain/silence/silence.js';
import { NODE_NAME } from './node.repository.js';

export interface SilenceRecord {
  readonly id: string;
  readonly matchers: Matchers;
  /** Of the node that it is for; null: of any, or of one that is gone. */
  readonly nodeName: string | null;
  readonly reason: string;
  readonly author: string;
  readonly createdAt: number;
  readonly zone: string;
  readonly weekly: Weekly | null;
  readonly startsAt: number;
  readonly endsAt: number;
  /** Of the occurrence that is under way or next; of one that is over, of the last. */
  readonly activeFrom: number;
  readonly activeUntil: number;
  /** Whether it has gone over the findings that were there before it. */
  readonly isApplied: boolean;
  /** Ended before its time, and by whom. */
  readonly endedAt: number | null;
  readonly endedBy: string | null;
}

/** The same names in `silences` and in `findings`. */
const COLUMNS: Readonly<Record<Matcher, string>> = {
  control: 'control',
  node: 'node_id',
  group: 'group_name',
  severity: 'severity',
  subject: 'subject',
  alert: 'alert_id',
};
const ALL_MATCH = MATCHERS.map((name) => COLUMNS[name])
  .map((column) => `(s.${column} is null or s.${column} = f.${column})`)
  .join(' and ');

/** Silences of the history that are listed: the newest. */
const OVER_LISTED_MAX = 300;

/** Of findings `f` those that have all that is given. */
export function whereMatches(query: Knex.QueryBuilder, matchers: Matchers): void {
  for (const name of MATCHERS) {
    const wanted = matchers[name];
    if (wanted !== undefined) query.where(`f.${COLUMNS[name]}`, wanted);
  }
}

export function silenceRepository(db: Knex) {
  const table = () => db('silences');
  const joined = () =>
    db('silences as s')
      .leftJoin('nodes as n', 'n.id', 's.node_id')
      .select<Row[]>('s.*', db.raw(`${NODE_NAME} as node_name`));
  return {
    async get(id: string): Promise<SilenceRecord | null> {
      const row = await joined().where('s.id', id).first();
      return row ? read(row as unknown as Row) : null;
    },
    /** Active and to come, the next to end first; then those that are over, the newest first. */
    async list(now: number): Promise<SilenceRecord[]> {
      const current = await joined().where('s.ends_at', '>', now).orderBy('s.ends_at').limit(SILENCES_MAX);
      const over = await joined()
        .where('s.ends_at', '<=', now)
        .orderBy('s.ends_at', 'desc')
        .limit(OVER_LISTED_MAX);
      return [...current, ...over].map(read);
    },
    /** Those that are active or to come. */
    async countCurrent(now: number): Promise<number> {
      const row = await table().where('ends_at', '>', now).count('* as n').first();
      return Number(row?.n ?? 0);
    },
    async put(silence: Omit<SilenceRecord, 'nodeName'>): Promise<void> {
      const row = write(silence);
      await table().insert(row).onConflict('id').merge(row);
    },
    /** Of the silences that hold a finding now, the one that ends last; null: none does. */
    async holding(findingId: string, now: number): Promise<string | null> {
      const row = await db('silences as s')
        .joinRaw('join findings as f on f.id = ?', [findingId])
        .where('s.active_from', '<=', now)
        .where('s.active_until', '>', now)
        .whereRaw(ALL_MATCH)
        .orderBy([{ column: 's.active_until', order: 'desc' }, { column: 's.id' }])
        .first('s.id');
      return row ? String(row.id) : null;
    },
    /** Those that have something to do: what they match is not held yet, or what they hold is to be released, or a window is to move on. */
    async unsettled(now: number): Promise<string[]> {
      const rows = await db('silences as s')
        .where((begun) =>
          begun.where('s.is_applied', 0).where('s.active_from', '<=', now).where('s.active_until', '>', now),
        )
        .orWhere((ended) =>
          ended
            .where('s.active_until', '<=', now)
            .where((left) =>
              left
                .whereExists((held) =>
                  held.select(db.raw('1')).from('findings as f').whereRaw('f.silence_id = s.id'),
                )
                .orWhere((recurs) => recurs.whereNotNull('s.weekly_start').where('s.ends_at', '>', now)),
            ),
        )
        .limit(SILENCES_MAX)
        .select('s.id');
      return rows.map(({ id }) => String(id));
    },
    /** Over since before an instant, and holding nothing. */
    async purgeBefore(at: number): Promise<void> {
      await table()
        .where('ends_at', '<', at)
        .whereNotExists((held) =>
          held.select(db.raw('1')).from('findings as f').whereRaw('f.silence_id = silences.id'),
        )
        .delete();
    },
  };
}

interface Row extends Record<(typeof COLUMNS)[Matcher], string | number | null> {
  id: string;
  node_name: string | null;
  reason: string;
  author: string;
  created_at: number;
  zone: string;
  weekly_start: string | null;
  weekly_minutes: number | null;
  starts_at: number;
  ends_at: number;
  active_from: number;
  active_until: number;
  is_applied: number;
  ended_at: number | null;
  ended_by: string | null;
}

function write(silence: Omit<SilenceRecord, 'nodeName'>) {
  return {
    id: silence.id,
    ...Object.fromEntries(MATCHERS.map((name) => [COLUMNS[name], silence.matchers[name] ?? null])),
    reason: silence.reason,
    author: silence.author,
    created_at: silence.createdAt,
    zone: silence.zone,
    weekly_start: silence.weekly?.start ?? null,
    weekly_minutes: silence.weekly?.minutes ?? null,
    starts_at: silence.startsAt,
    ends_at: silence.endsAt,
    active_from: silence.activeFrom,
    active_until: silence.activeUntil,
    is_applied: silence.isApplied ? 1 : 0,
    ended_at: silence.endedAt,
    ended_by: silence.endedBy,
  };
}

function read(row: Row): SilenceRecord {
  const { weekly_start: start, weekly_minutes: minutes } = row;
  return {
    id: row.id,
    matchers: Object.fromEntries(
      MATCHERS.flatMap((name) => {
        const value = row[COLUMNS[name]] ?? null;
        return value === null ? [] : [[name, String(value)]];
      }),
    ),
    nodeName: row.node_name,
    reason: row.reason,
    author: row.author,
    createdAt: Number(row.created_at),
    zone: row.zone,
    weekly: start === null || minutes === null ? null : { start, minutes },
    startsAt: Number(row.starts_at),
    endsAt: Number(row.ends_at),
    activeFrom: Number(row.active_from),
    activeUntil: Number(row.active_until),
    isApplied: Boolean(row.is_applied),
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
    endedBy: row.ended_by,
  };
}
