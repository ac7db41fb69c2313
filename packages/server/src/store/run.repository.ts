import type { RunEvent, RunState } from '@castellan/shared/model/run';
import type { Knex } from 'knex';
import { type ListPage, type ListRequest, type ListSpec, readList, type Sort } from './list.js';
import { NODE_NAME } from './node.repository.js';
import { isPast } from './past.js';
import { searchOf } from './search/search.js';
import type { SearchSource } from './search/source.js';

export interface RunRecord {
  readonly id: string;
  readonly nodeId: string;
  readonly nodeName: string;
  readonly planId: string;
  readonly remediation: string;
  readonly state: RunState;
  readonly lastIndex: number;
  /** The signed command, until the node has shown that it has it. */
  readonly jws: string | null;
  readonly approvedBy: string;
  readonly approvedAt: number;
  readonly expiresAt: number;
  readonly finishedAt: number | null;
  /** When the node last said something of it; at first, when it was approved. */
  readonly heardAt: number;
  /** A CAS_* code, when it did not end well. */
  readonly error: string | null;
}

export interface RunRow {
  id: string;
  node_id: string;
  node_name: string;
  plan_id: string;
  remediation: string;
  state: RunState;
  last_index: number;
  jws: string | null;
  approved_by: string;
  approved_at: number;
  expires_at: number;
  finished_at: number | null;
  heard_at: number;
  error: string | null;
}

/** How runs may be sorted: what the API takes. */
export const RUN_SORTS = ['approved', 'remediation', 'state'] as const;

export interface RunFilter {
  readonly state?: string;
  readonly remediation?: string;
  readonly nodeId?: string;
  /** A search: in the remediation, the node's name, who approved it, and the error. */
  readonly text?: string;
}

const LIST: Omit<ListSpec, 'db' | 'from'> = {
  id: 'r.id',
  usualSort: 'approved',
  sorts: {
    approved: { terms: ['r.approved_at'], natural: 'desc' },
    remediation: { terms: ['r.remediation', 'r.approved_at'], natural: 'asc' },
    state: { terms: ['r.state', 'r.approved_at'], natural: 'asc' },
  } satisfies Record<(typeof RUN_SORTS)[number], Sort>,
  facets: { state: { column: 'r.state' }, remediation: { column: 'r.remediation' } },
};
const SEARCHED: SearchSource = {
  text: `(r.remediation || ' ' || ${NODE_NAME} || ' ' || r.approved_by || ' ' || coalesce(r.error, ''))`,
  fields: {
    remediation: { kind: 'words', sql: 'r.remediation' },
    node: { kind: 'words', sql: NODE_NAME },
    by: { kind: 'words', sql: 'r.approved_by' },
    error: { kind: 'words', sql: "coalesce(r.error, '')" },
    state: { kind: 'value', sql: 'r.state' },
    approved: { kind: 'time', sql: 'r.approved_at' },
  },
};

export function runRepository(db: Knex) {
  const joined = () =>
    db('runs as r')
      .join('nodes as n', 'n.id', 'r.node_id')
      .select<RunRow[]>('r.*', db.raw(`${NODE_NAME} as node_name`));
  return {
    async get(id: string): Promise<RunRecord | null> {
      const row = await joined().where('r.id', id).first();
      return row ? read(row as RunRow) : null;
    },
    /** Newest first as usual. */
    async list(filter: RunFilter, request: ListRequest): Promise<ListPage<RunRecord>> {
      const { nodeId, text, ...wanted } = filter;
      const from = () => (text ? db('runs as r').join('nodes as n', 'n.id', 'r.node_id') : db('runs as r'));
      const search = await searchOf(db, SEARCHED, text);
      const narrow = (query: Knex.QueryBuilder) => {
        if (nodeId) query.where('r.node_id', nodeId);
        search.narrow(query);
      };
      const shown = { rows: (page: Knex.QueryBuilder) => joined().join(page, 'page_id', 'r.id'), read };
      return readList<RunRow, RunRecord>({ ...LIST, db, from }, { wanted, narrow }, request, shown);
    },
    /** Commands that a node may not have got: nothing was heard of them and their time is not over. */
    async unheard(nodeId: string, now: number): Promise<RunRecord[]> {
      const rows = await joined()
        .where('r.node_id', nodeId)
        .whereIn('r.state', ['approved', 'sent'])
        .where('r.last_index', 0)
        .where('r.expires_at', '>', now)
        .orderBy('r.approved_at');
      return rows.map(read);
    },
    /** Commands whose time is over; `spanMs` is the longest life of a command. */
    async overdue(now: number, spanMs: number): Promise<RunRecord[]> {
      return (
        await joined()
          .whereIn('r.state', ['approved', 'sent'])
          .where('r.last_index', 0)
          .where(isPast('r.expires_at', now, spanMs))
      ).map(read);
    },
    /** In one of these states without a word from the node for `quietMs`. */
    async quiet(states: readonly RunState[], now: number, quietMs: number): Promise<RunRecord[]> {
      return (
        await joined()
          .whereIn('r.state', [...states])
          .where(
            (query) => void query.where('r.heard_at', '<=', now - quietMs).orWhere('r.heard_at', '>', now),
          )
      ).map(read);
    },
    /** Whether another run of this remediation left the node in one of these states. */
    async hasOther(run: RunRecord, states: readonly RunState[]): Promise<boolean> {
      const other = await db('runs')
        .where({ node_id: run.nodeId, remediation: run.remediation })
        .whereNot('id', run.id)
        .whereIn('state', [...states])
        .first('id');
      return other !== undefined;
    },
    async add(run: Omit<RunRecord, 'nodeName'>): Promise<void> {
      await db('runs').insert({
        id: run.id,
        node_id: run.nodeId,
        plan_id: run.planId,
        remediation: run.remediation,
        approved_by: run.approvedBy,
        approved_at: run.approvedAt,
        expires_at: run.expiresAt,
        ...changing(run),
      });
    },
    async update(run: RunRecord): Promise<void> {
      await db('runs').where({ id: run.id }).update(changing(run));
    },
    /** False when this index was there already. `path`: of the copy that a revision was committed from, when it is known. */
    async addEvent(event: RunEvent, receivedAt: number, path: string | null): Promise<boolean> {
      const known = await db('run_events').where({ run_id: event.runId, idx: event.index }).first();
      if (known) return false;
      await db('run_events').insert({
        run_id: event.runId,
        idx: event.index,
        at: event.at,
        state: event.state,
        line: event.line,
        error: event.error ?? null,
        revision_repository: event.revision?.repository ?? null,
        revision_number: event.revision?.number ?? null,
        revision_path: path,
        received_at: receivedAt,
      });
      return true;
    },
    async events(runId: string): Promise<RunEvent[]> {
      const rows = await db('run_events').where({ run_id: runId }).orderBy('idx');
      return rows.map((row) => ({
        runId,
        index: row.idx,
        at: row.at,
        state: row.state,
        line: row.line,
        ...(row.error ? { error: row.error } : {}),
        ...(row.revision_repository
          ? { revision: { repository: row.revision_repository, number: Number(row.revision_number) } }
          : {}),
      }));
    },
  };
}

function changing(run: Omit<RunRecord, 'nodeName'>) {
  return {
    state: run.state,
    last_index: run.lastIndex,
    jws: run.jws,
    finished_at: run.finishedAt,
    heard_at: run.heardAt,
    error: run.error,
  };
}

function read(row: RunRow): RunRecord {
  return {
    id: row.id,
    nodeId: row.node_id,
    nodeName: row.node_name,
    planId: row.plan_id,
    remediation: row.remediation,
    state: row.state,
    lastIndex: Number(row.last_index),
    jws: row.jws,
    approvedBy: row.approved_by,
    approvedAt: Number(row.approved_at),
    expiresAt: Number(row.expires_at),
    finishedAt: row.finished_at === null ? null : Number(row.finished_at),
    heardAt: Number(row.heard_at),
    error: row.error,
  };
}
