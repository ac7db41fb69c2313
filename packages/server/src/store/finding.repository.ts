import type { Severity } from '@castellan/shared/model/severity';
import type { Knex } from 'knex';
import { columnsOf, type FindingRecord, type FindingRow, read } from './finding-row.js';
import { findingsSearched } from './finding-search.js';
import { type ListPage, type ListRequest, type ListSpec, readList, type Sort } from './list.js';
import { NODE_NAME } from './node.repository.js';
import { type Search, searchOf } from './search/search.js';
import type { Words } from './search/source.js';

export type { FindingRecord, FindingRow } from './finding-row.js';

export interface FindingFilter {
  readonly state?: 'open' | 'resolved' | 'all';
  readonly node?: string;
  readonly severity?: string;
  readonly control?: string;
  readonly group?: string;
  /** Of an alert, or of the alerts of a storm. */
  readonly alert?: string;
  readonly text?: string;
}

export interface HistoryLine {
  readonly at: number;
  readonly from: string | null;
  readonly to: string;
  readonly why: string;
}

/** How findings may be sorted: what the API takes. */
export const FINDING_SORTS = ['severity', 'updated', 'opened', 'control', 'node'] as const;

/** Lines of one finding's history. */
export const HISTORY_MAX = 200;

const LIST: Omit<ListSpec, 'db' | 'from'> = {
  id: 'f.id',
  usualSort: 'severity',
  sorts: {
    severity: { terms: ['f.severity_rank', 'f.updated_turn'], natural: 'desc', isTurned: true },
    updated: { terms: ['f.updated_at'], natural: 'desc' },
    opened: { terms: ['f.opened_at'], natural: 'desc' },
    control: { terms: ['f.control', 'f.severity_rank', 'f.updated_turn'], natural: 'asc' },
    node: { terms: ['f.node_name', 'f.severity_rank', 'f.updated_turn'], natural: 'asc' },
  } satisfies Record<(typeof FINDING_SORTS)[number], Sort>,
  facets: {
    state: {
      column: 'f.state',
      accepts: (state, wanted) => (wanted === 'resolved') === (state === 'resolved'),
    },
    severity: { column: 'f.severity' },
    control: { column: 'f.control' },
    group: { column: 'f.group_name' },
  },
};

export function findingRepository(db: Knex, words: Words) {
  const searched = findingsSearched(words);
  const joined = () =>
    db('findings as f')
      .join('nodes as n', 'n.id', 'f.node_id')
      .select<FindingRow[]>('f.*', db.raw(`${NODE_NAME} as node_name`));
  return {
    async get(id: string): Promise<FindingRecord | null> {
      const row = await joined().where('f.id', id).first();
      return row ? read(row as FindingRow) : null;
    },
    async active(nodeId: string, control: string, subject: string): Promise<FindingRecord | null> {
      const row = await joined()
        .where({ 'f.node_id': nodeId, 'f.control': control, 'f.subject': subject })
        .whereNot('f.state', 'resolved')
        .first();
      return row ? read(row as FindingRow) : null;
    },
    /** Of an alert, the active before the resolved, the worst first, at most so many. */
    async ofAlert(alertId: string, limit: number): Promise<FindingRecord[]> {
      return (
        await joined()
          .where('f.alert_id', alertId)
          .orderByRaw(`f.severity_rank asc, f.state = 'open' desc, f.opened_at asc, f.id asc`)
          .limit(limit)
      ).map(read);
    },
    async activeOfNode(nodeId: string): Promise<FindingRecord[]> {
      return (await joined().where('f.node_id', nodeId).whereNot('f.state', 'resolved')).map(read);
    },
    /** Of these nodes those that have an active finding of this control and subject. */
    async nodesWith(control: string, subject: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
      // In words, not as a value: an index of active findings alone is used for nothing else.
      const rows = (await db.raw(
        `select node_id from findings indexed by findings_living where node_id in (select value from json_each(?))
           and control = ? and subject = ? and state <> 'resolved'`,
        [JSON.stringify(ids), control, subject],
      )) as { node_id: string }[];
      return new Set(rows.map((row) => row.node_id));
    },
    /** Active findings of nodes that are looked after no more: from the nodes, which are few, to what they have. */
    async activeOfRetired(limit: number): Promise<FindingRecord[]> {
      const rows = await db(db.raw('nodes as n indexed by nodes_retired'))
        .joinRaw(
          "cross join findings as f indexed by findings_living on f.node_id = n.id and f.state <> 'resolved'",
        )
        .whereNotNull('n.retired_at')
        .limit(limit)
        .select<FindingRow[]>('f.*', db.raw(`${NODE_NAME} as node_name`));
      return rows.map(read);
    },
    /** Of a node's active findings, those of controls whose identifier begins so: the controls. */
    async activeControls(nodeId: string, prefix: string): Promise<ReadonlySet<string>> {
      const rows = await db('findings')
        .where({ node_id: nodeId })
        .whereNot('state', 'resolved')
        .where('control', 'like', `${prefix}%`)
        .distinct('control');
      return new Set(rows.map(({ control }) => String(control)));
    },
    async countActive(nodeId: string): Promise<number> {
      const row = await db('findings')
        .where({ node_id: nodeId })
        .whereNot('state', 'resolved')
        .count('* as n')
        .first();
      return Number(row?.n ?? 0);
    },
    /** Active findings of these controls, on every node; of the server's own there are few. */
    async activeOfControls(controls: readonly string[]): Promise<FindingRecord[]> {
      const rows = await db(db.raw('findings as f indexed by findings_list_control'))
        .join('nodes as n', 'n.id', 'f.node_id')
        .where('f.is_active', 1)
        .whereIn('f.control', [...controls])
        .select<FindingRow[]>('f.*', db.raw(`${NODE_NAME} as node_name`));
      return rows.map(read);
    },
    /** Active findings about a key that nodes share, of each group; from an index of their own. */
    async activeOfSharedKey(subject: string): Promise<FindingRecord[]> {
      return (
        await joined()
          .whereRaw("f.control = 'CAS-FLEET-002' and f.state <> 'resolved'")
          .where('f.subject', subject)
      ).map(read);
    },
    /**
     * Active findings of a node, of controls that its agent judges, whose subject has no verdict any more; those first
     * that are not stale. `own` begins the identifiers of the server's own controls.
     */
    async withoutVerdict(nodeId: string, own: string, limit: number): Promise<FindingRecord[]> {
      const rows = await joined()
        .leftJoin('verdicts as v', (on) =>
          on.on('v.node_id', 'f.node_id').andOn('v.control', 'f.control').andOn('v.subject', 'f.subject'),
        )
        .where({ 'f.node_id': nodeId })
        .whereNull('v.control')
        .whereNot('f.state', 'resolved')
        .whereNot('f.control', 'like', `${own}%`)
        .orderBy(['f.stale', 'f.id'])
        .limit(limit);
      return rows.map(read);
    },
    /** In doubt, although the newest verdict of their subject fails. */
    async staleThoughFailing(nodeId: string, limit: number): Promise<FindingRecord[]> {
      const rows = await joined()
        .join('verdicts as v', (on) =>
          on.on('v.node_id', 'f.node_id').andOn('v.control', 'f.control').andOn('v.subject', 'f.subject'),
        )
        .where({ 'f.node_id': nodeId, 'f.stale': 1, 'v.status': 'fail' })
        .whereNot('f.state', 'resolved')
        .limit(limit);
      return rows.map(read);
    },
    /** Resolved before this instant: ids, at most so many. */
    async resolvedBefore(at: number, limit: number): Promise<string[]> {
      const rows = await db('findings')
        .where({ state: 'resolved' })
        .where('resolved_at', '<', at)
        .whereNotExists(openDelivery)
        .limit(limit)
        .select('id');
      return rows.map((row) => String(row.id));
    },
    /** Resolved findings of a node beyond its newest so many: ids, at most so many. */
    async resolvedBeyond(nodeId: string, keptMax: number, limit: number): Promise<string[]> {
      const rows = await db('findings')
        .where({ node_id: nodeId, state: 'resolved' })
        .orderBy('updated_at', 'desc')
        .offset(keptMax)
        .limit(limit)
        .whereNotExists(openDelivery)
        .select('id');
      return rows.map((row) => String(row.id));
    },
    /** With all that hangs on them. */
    async forget(ids: readonly string[]): Promise<void> {
      for (const table of ['deliveries', 'finding_history'])
        await db(table)
          .whereIn('finding_id', [...ids])
          .delete();
      await db('findings')
        .whereIn('id', [...ids])
        .delete();
    },
    /** As usual: active before resolved, of the active the worst first; then the newest change first. */
    async list(filter: FindingFilter, request: ListRequest): Promise<ListPage<FindingRecord>> {
      const { state, severity, control, group, text } = filter;
      const search = await searchOf(db, searched, text);
      const narrowed = (query: Knex.QueryBuilder) => {
        if (filter.node) query.where('f.node_id', filter.node);
        if (filter.alert) narrowAlert(query, filter.alert);
        search.narrow(query);
      };
      const narrowing = {
        wanted: { state: state === 'all' ? undefined : state, severity, control, group },
        narrow: filter.node || filter.alert || text ? narrowed : undefined,
        where: (query: Knex.QueryBuilder) => narrowState(query, filter),
      };
      // Without statistics the planner takes the list's own order for better than a few rows that are known.
      const known = filter.alert ? 'findings_of_alert' : filter.node ? 'findings_by_node' : null;
      const index = search.isNarrow ? 'findings_by_seq' : known;
      const from = () =>
        index === null ? db('findings as f') : db(db.raw(`findings as f indexed by ${index}`));
      const spec: ListSpec = { ...LIST, db, from, counters: () => db('finding_counts as f') };
      const asked = search.isBroad ? { ...request, isCounted: false } : request;
      return readList<FindingRow, FindingRecord>(spec, narrowing, asked, {
        rows: (page) => joined().join(page, 'page_id', 'f.id'),
        read,
      });
    },
    /** Findings under a filter in a state, such as those that nobody has: the worst, at most so many, and how many there are. */
    async inState(
      filter: FindingFilter,
      state: 'open' | 'acknowledged',
      limit: number,
    ): Promise<{ readonly some: FindingRecord[]; readonly count: number }> {
      const rows = joined()
        .where('f.state', state)
        .orderByRaw('f.severity_rank asc, f.opened_at asc, f.id asc');
      const search = await searchOf(db, searched, filter.text);
      narrow(rows, filter, search);
      const all = db('findings as f').join('nodes as n', 'n.id', 'f.node_id').where('f.state', state);
      narrow(all, filter, search);
      const row = await all.count('* as n').first();
      return { some: (await rows.limit(limit)).map(read), count: Number(row?.n ?? 0) };
    },
    /** Acknowledged until an instant that has passed: ids, at most so many. */
    async acknowledgedUntil(now: number, limit: number): Promise<string[]> {
      const rows = await db('findings')
        .where({ state: 'acknowledged' })
        .where('ack_until', '<=', now)
        .limit(limit)
        .select('id');
      return rows.map((row) => String(row.id));
    },
    read,
    async open(finding: Omit<FindingRecord, 'nodeName'>): Promise<void> {
      await db('findings').insert({
        id: finding.id,
        node_id: finding.nodeId,
        control: finding.control,
        subject: finding.subject,
        opened_at: finding.openedAt,
        resolved_at: finding.resolvedAt,
        resolution: finding.resolution,
        ...columnsOf(finding),
      });
    },
    async update(finding: FindingRecord): Promise<void> {
      await db('findings')
        .where({ id: finding.id })
        .update({ ...columnsOf(finding), resolved_at: finding.resolvedAt, resolution: finding.resolution });
    },
    async appendHistory(findingId: string, line: HistoryLine): Promise<void> {
      const row = await db('finding_history').where({ finding_id: findingId }).max('seq as seq').first();
      const seq = Number(row?.seq ?? 0) + 1;
      await db('finding_history').insert({
        finding_id: findingId,
        seq,
        at: line.at,
        from_state: line.from,
        to_state: line.to,
        why: line.why,
      });
      // The first line tells how it began; of a life with very many turns the newest are kept besides.
      if (seq > HISTORY_MAX)
        await db('finding_history')
          .where({ finding_id: findingId })
          .whereBetween('seq', [2, seq - HISTORY_MAX + 1])
          .delete();
    },
    async history(findingId: string): Promise<HistoryLine[]> {
      const rows = await db('finding_history').where({ finding_id: findingId }).orderBy('seq');
      return rows.map((row) => ({
        at: Number(row.at),
        from: row.from_state,
        to: row.to_state,
        why: row.why,
      }));
    },
    /** Active findings by severity, of one node or of all; stale ones are told apart. */
    async countOpen(nodeId: string | null): Promise<{ severity: Severity; stale: boolean; count: number }[]> {
      const query = db('findings')
        .whereNot('state', 'resolved')
        .groupBy('severity', 'stale')
        .select('severity', 'stale')
        .count('* as count');
      if (nodeId !== null) query.where('node_id', nodeId);
      return (await query).map((row) => ({
        severity: row.severity as Severity,
        stale: Boolean(row.stale),
        count: Number(row.count),
      }));
    },
  };
}

function narrow(query: Knex.QueryBuilder, filter: FindingFilter, search: Search): void {
  narrowState(query, filter);
  if (filter.severity) query.where('f.severity', filter.severity);
  if (filter.control) query.where('f.control', filter.control);
  if (filter.group) query.where('f.group_name', filter.group);
  if (filter.node) query.where('f.node_id', filter.node);
  if (filter.alert) narrowAlert(query, filter.alert);
  search.narrow(query);
}

function narrowAlert(query: Knex.QueryBuilder, alert: string): void {
  query.whereRaw('f.alert_id in (select ? union all select alert_id from notifications where storm_id = ?)', [
    alert,
    alert,
  ]);
}

function narrowState(query: Knex.QueryBuilder, { state }: FindingFilter): void {
  if (state === 'open') query.where('f.is_active', 1);
  if (state === 'resolved') query.where('f.is_active', 0);
}

/** A page that still waits, or was given up and may be replayed, keeps its finding. */
function openDelivery(query: Knex.QueryBuilder): void {
  query
    .select(1)
    .from('deliveries as d')
    .whereRaw("d.finding_id = findings.id and d.state in ('pending', 'dead')");
}
