import type { Knex } from 'knex';
import type { DeliveryRecord } from './delivery.repository.js';
import { type ListPage, type ListRequest, type ListSpec, readList, type Sort } from './list.js';
import { searchOf } from './search/search.js';
import type { SearchSource } from './search/source.js';

export interface DeliveryFilter {
  readonly state?: string;
  /** A target's id. */
  readonly target?: string;
  readonly type?: string;
  readonly reason?: string;
  readonly alert?: string;
  readonly text?: string;
}

/** A delivery with the names of what it is about. */
export interface DeliveryLine extends DeliveryRecord {
  /** Null: queued by a version that had no alerts. */
  readonly alertTitle: string | null;
  /** Null: the target was removed. */
  readonly targetName: string | null;
}

/** How deliveries may be sorted: what the API takes. `next`: those that wait, the soonest first. */
export const DELIVERY_SORTS = ['created', 'next'] as const;

const LIST: Omit<ListSpec, 'db' | 'from'> = {
  id: 'd.id',
  usualSort: 'created',
  sorts: {
    created: { terms: ['d.created_at'], natural: 'desc' },
    next: { terms: ['d.due_at'], natural: 'asc' },
  } satisfies Record<(typeof DELIVERY_SORTS)[number], Sort>,
  facets: {
    state: { column: 'd.state' },
    target: { column: 'd.target_id' },
    type: { column: 'd.type' },
    reason: { column: 'd.why' },
  },
};

interface Row {
  alert_title: string | null;
  target_name: string | null;
}

function lines(db: Knex) {
  return db('deliveries as d')
    .leftJoin('alerts as a', 'a.id', 'd.alert_id')
    .leftJoin('targets as t', 't.id', 'd.target_id')
    .select('d.*', 'a.title as alert_title', 't.name as target_name');
}

const SEARCHED: SearchSource = {
  text: `(coalesce(a.title, '') || ' ' || coalesce(t.name, '') || ' ' || coalesce(d.last_problem, ''))`,
  fields: {
    alert: { kind: 'words', sql: "coalesce(a.title, '')" },
    target: { kind: 'words', sql: "coalesce(t.name, '')" },
    problem: { kind: 'words', sql: "coalesce(d.last_problem, '')" },
    state: { kind: 'value', sql: 'd.state' },
    type: { kind: 'value', sql: 'd.type' },
    reason: { kind: 'value', sql: 'd.why' },
    created: { kind: 'time', sql: 'd.created_at' },
  },
};

export async function listDeliveries<R>(
  db: Knex,
  filter: DeliveryFilter,
  request: ListRequest,
  read: (row: R) => DeliveryRecord,
): Promise<ListPage<DeliveryLine>> {
  const { state, target, type, reason, alert, text } = filter;
  const search = await searchOf(db, SEARCHED, text);
  const narrowing = {
    wanted: { state, target, type, reason },
    narrow: (query: Knex.QueryBuilder) => {
      if (alert) query.where('d.alert_id', alert);
      if (text)
        query.leftJoin('alerts as a', 'a.id', 'd.alert_id').leftJoin('targets as t', 't.id', 'd.target_id');
      search.narrow(query);
    },
  };
  // Without statistics the planner takes the list's own order for better than one alert's few rows.
  const from = () =>
    alert ? db(db.raw('deliveries as d indexed by deliveries_of_alert')) : db('deliveries as d');
  return readList<R & Row, DeliveryLine>({ ...LIST, db, from }, narrowing, request, {
    rows: (page) => lines(db).join(page, 'page_id', 'd.id'),
    read: (row) => lineOf(row, read),
  });
}

export async function deliveryLine<R>(
  db: Knex,
  id: string,
  read: (row: R) => DeliveryRecord,
): Promise<DeliveryLine | null> {
  const row = await lines(db).where('d.id', id).first();
  return row ? lineOf(row as R & Row, read) : null;
}

function lineOf<R>(row: R & Row, read: (row: R) => DeliveryRecord): DeliveryLine {
  return { ...read(row), alertTitle: row.alert_title, targetName: row.target_name };
}
