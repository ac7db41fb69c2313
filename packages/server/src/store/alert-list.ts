import type { Knex } from 'knex';
import type { AlertState } from '../domain/alert/alert.js';
import type { AlertRecord } from './alert.repository.js';
import { type ListPage, type ListRequest, type ListSpec, readList, type Sort } from './list.js';
import { NODE_NAME } from './node.repository.js';
import { searchOf } from './search/search.js';
import type { SearchSource } from './search/source.js';

export interface AlertFilter {
  readonly state?: 'active' | 'ended' | 'all';
  readonly severity?: string;
  readonly control?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly text?: string;
}

/** An alert with what a list shows of it. */
export interface AlertLine extends AlertRecord {
  readonly state: AlertState;
  /** Active findings, by whether somebody has them and whether they are held back; of a storm: alerts. */
  readonly counts: { readonly open: number; readonly acknowledged: number; readonly held: number };
  /** Nodes that its active findings are of; of an alert that has ended, that they were of. Of a storm: none. */
  readonly nodes: number;
  /** The one node, when there is one. */
  readonly node: { readonly id: string; readonly name: string } | null;
  /** Who has some of it, at most PEOPLE_MAX. */
  readonly people: readonly string[];
}

/** How alerts may be sorted: what the API takes. */
export const ALERT_SORTS = ['severity', 'opened', 'changed', 'findings'] as const;
/** People that a line names. */
const PEOPLE_MAX = 5;

interface Row {
  state: AlertState;
  open_findings: number;
  acknowledged_findings: number;
  held_findings: number;
  node_count: number;
  one_node: string | null;
  one_node_name: string | null;
  people_json: string;
}

const LIST: Omit<ListSpec, 'db' | 'from'> = {
  id: 'a.id',
  usualSort: 'severity',
  sorts: {
    severity: { terms: ['a.severity_rank', 'a.changed_turn'], natural: 'desc', isTurned: true },
    opened: { terms: ['a.opened_at'], natural: 'desc' },
    changed: { terms: ['a.changed_at'], natural: 'desc' },
    findings: { terms: ['a.findings'], natural: 'desc' },
  } satisfies Record<(typeof ALERT_SORTS)[number], Sort>,
  facets: {
    state: {
      column: 'a.state',
      accepts: (state, wanted) => (wanted === 'ended') === (state === 'ended'),
    },
    severity: { column: 'a.severity' },
    control: { column: 'a.control' },
    group: { column: 'a.group_name' },
    kind: { column: 'a.kind' },
  },
};

/** Findings that are, or at its end were, of the alert. */
const MEMBERS = `f.alert_id = a.id and (a.ended_at is null) = (f.state <> 'resolved')`;

/** Rows of alerts `a` with their counts. */
function lines(db: Knex) {
  return db('alerts as a')
    .leftJoin('nodes as n', (on) =>
      on.on('n.id', db.raw(`(select min(f.node_id) from findings as f where ${MEMBERS})`)),
    )
    .select(
      'a.*',
      db.raw(`(select count(distinct f.node_id) from findings as f where ${MEMBERS}) as node_count`),
      'n.id as one_node',
      db.raw(`${NODE_NAME} as one_node_name`),
      db.raw(
        `(select json_group_array(ack_by) from (select distinct f.ack_by from findings as f
           where f.alert_id = a.id and f.state = 'acknowledged' limit ${PEOPLE_MAX})) as people_json`,
      ),
    );
}

const SEARCHED: SearchSource = {
  text: `(a.title || ' ' || a.control || ' ' || a.group_name)`,
  fields: {
    title: { kind: 'words', sql: 'a.title' },
    control: { kind: 'words', sql: 'a.control' },
    group: { kind: 'words', sql: 'a.group_name' },
    severity: { kind: 'value', sql: 'a.severity' },
    state: { kind: 'value', sql: 'a.state' },
    kind: { kind: 'value', sql: 'a.kind' },
    opened: { kind: 'time', sql: 'a.opened_at' },
    changed: { kind: 'time', sql: 'a.changed_at' },
  },
};

/** As usual: active before ended, of the active those that nobody has first, the worst of them, then the newest change. */
export async function listAlerts<R>(
  db: Knex,
  filter: AlertFilter,
  request: ListRequest,
  read: (row: R) => AlertRecord,
): Promise<ListPage<AlertLine>> {
  const { state, severity, control, group, kind, text } = filter;
  const { narrow } = await searchOf(db, SEARCHED, text);
  const narrowing = {
    wanted: { state: state === 'all' ? undefined : state, severity, control, group, kind },
    narrow,
    where: (query: Knex.QueryBuilder) => {
      if (state === 'active') query.where('a.is_active', 1);
      if (state === 'ended') query.where('a.is_active', 0);
    },
  };
  return readList<R & Row, AlertLine>({ ...LIST, db, from: () => db('alerts as a') }, narrowing, request, {
    rows: (page) => lines(db).join(page, 'page_id', 'a.id'),
    read: (row) => lineOf(row, read),
  });
}

export async function alertLine<R>(
  db: Knex,
  id: string,
  read: (row: R) => AlertRecord,
): Promise<AlertLine | null> {
  const row = await lines(db).where('a.id', id).first();
  return row ? lineOf(row as R & Row, read) : null;
}

function lineOf<R>(row: R & Row, read: (row: R) => AlertRecord): AlertLine {
  const { one_node, one_node_name } = row;
  return {
    ...read(row),
    state: row.state,
    counts: { open: row.open_findings, acknowledged: row.acknowledged_findings, held: row.held_findings },
    nodes: row.node_count,
    node:
      row.node_count === 1 && one_node !== null ? { id: one_node, name: one_node_name ?? one_node } : null,
    people: (JSON.parse(row.people_json) as (string | null)[]).filter((name) => name !== null),
  };
}
