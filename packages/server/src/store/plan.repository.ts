import type { Plan } from '@castellan/shared/model/plan';
import type { Knex } from 'knex';
import { type ListPage, type ListRequest, type ListSpec, readList, type Sort } from './list.js';
import { NODE_NAME } from './node.repository.js';
import { isPast } from './past.js';
import { searchOf } from './search/search.js';
import type { SearchSource } from './search/source.js';

export type PlanState = 'waiting' | 'ready' | 'failed' | 'approved' | 'expired';

export interface PlanProblem {
  readonly code: string;
  readonly detail: string;
}

export interface PlanRecord {
  readonly id: string;
  readonly nodeId: string;
  readonly nodeName: string;
  /** Of the node, as it is now. */
  readonly group: string;
  readonly remediation: string;
  /** As sent; secrets are sealed to the node. Null once the plan is over: what is not needed is not kept. */
  readonly params: Readonly<Record<string, string>> | null;
  readonly commandId: string;
  readonly state: PlanState;
  readonly plan: Plan | null;
  readonly error: PlanProblem | null;
  readonly requestedBy: string;
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly runId: string | null;
}

interface Row {
  id: string;
  node_id: string;
  node_name: string;
  group_name: string;
  remediation: string;
  params_json: string | null;
  command_id: string;
  state: PlanState;
  plan_json: string | null;
  error_json: string | null;
  requested_by: string;
  requested_at: number;
  expires_at: number;
  run_id: string | null;
}

export type PlanLine = Omit<PlanRecord, 'params' | 'commandId' | 'plan'>;
type PlanLineRow = Omit<Row, 'params_json' | 'command_id' | 'plan_json'>;
const LINE = [
  ...['p.id', 'p.node_id', 'p.remediation', 'p.state', 'p.error_json'],
  ...['p.requested_by', 'p.requested_at', 'p.expires_at', 'p.run_id'],
];

/** How plans may be sorted: what the API takes. */
export const PLAN_SORTS = ['requested', 'expires', 'remediation', 'state'] as const;

export interface PlanFilter {
  readonly state?: string;
  readonly remediation?: string;
  readonly nodeId?: string;
  /** A search: in the remediation, the node's name, who asked, and the problem. */
  readonly text?: string;
  /** Leaves out what this person asked for in groups that take two persons. */
  readonly notOwn?: { readonly actor: string; readonly groups: readonly string[] };
}

const LIST: Omit<ListSpec, 'db' | 'from'> = {
  id: 'p.id',
  usualSort: 'requested',
  sorts: {
    requested: { terms: ['p.requested_at'], natural: 'desc' },
    expires: { terms: ['p.expires_at'], natural: 'desc' },
    remediation: { terms: ['p.remediation', 'p.requested_at'], natural: 'asc' },
    state: { terms: ['p.state', 'p.requested_at'], natural: 'asc' },
  } satisfies Record<(typeof PLAN_SORTS)[number], Sort>,
  facets: { state: { column: 'p.state' }, remediation: { column: 'p.remediation' } },
};
const SEARCHED: SearchSource = {
  text: `(p.remediation || ' ' || ${NODE_NAME} || ' ' || p.requested_by || ' ' || coalesce(p.error_json, ''))`,
  fields: {
    remediation: { kind: 'words', sql: 'p.remediation' },
    node: { kind: 'words', sql: NODE_NAME },
    by: { kind: 'words', sql: 'p.requested_by' },
    error: { kind: 'words', sql: "coalesce(p.error_json, '')" },
    state: { kind: 'value', sql: 'p.state' },
    requested: { kind: 'time', sql: 'p.requested_at' },
  },
};

export function planRepository(db: Knex) {
  const joined = () =>
    db('plans as p')
      .join('nodes as n', 'n.id', 'p.node_id')
      .select<Row[]>('p.*', 'n.group_name', db.raw(`${NODE_NAME} as node_name`));
  return {
    async get(id: string): Promise<PlanRecord | null> {
      const row = await joined().where('p.id', id).first();
      return row ? read(row as Row) : null;
    },
    async byCommand(commandId: string): Promise<PlanRecord | null> {
      const row = await joined().where('p.command_id', commandId).first();
      return row ? read(row as Row) : null;
    },
    async add(plan: Omit<PlanRecord, 'nodeName' | 'group'>): Promise<void> {
      await db('plans').insert({
        id: plan.id,
        node_id: plan.nodeId,
        remediation: plan.remediation,
        command_id: plan.commandId,
        requested_by: plan.requestedBy,
        requested_at: plan.requestedAt,
        ...changing(plan),
      });
    },
    async update(plan: PlanRecord): Promise<void> {
      await db('plans').where({ id: plan.id }).update(changing(plan));
    },
    /** Newest first as usual, without what the plan says: a list of diffs is large. */
    async list(filter: PlanFilter, request: ListRequest): Promise<ListPage<PlanLine>> {
      const { nodeId, text, notOwn, ...wanted } = filter;
      const isOfNodes = Boolean(text) || notOwn !== undefined;
      const from = () =>
        isOfNodes ? db('plans as p').join('nodes as n', 'n.id', 'p.node_id') : db('plans as p');
      const search = await searchOf(db, SEARCHED, text);
      const narrow = (query: Knex.QueryBuilder) => {
        if (nodeId) query.where('p.node_id', nodeId);
        if (notOwn)
          query.whereNot((own) =>
            own.where('p.requested_by', notOwn.actor).whereIn('n.group_name', [...notOwn.groups]),
          );
        search.narrow(query);
      };
      const rows = (page: Knex.QueryBuilder) =>
        db('plans as p')
          .join('nodes as n', 'n.id', 'p.node_id')
          .join(page, 'page_id', 'p.id')
          .select(...LINE, 'n.group_name', db.raw(`${NODE_NAME} as node_name`));
      return readList<PlanLineRow, PlanLine>({ ...LIST, db, from }, { wanted, narrow }, request, {
        rows,
        read: readLine,
      });
    },
    /** Waiting or ready beyond their time; `spanMs` is the longest time that a plan is ever given. */
    async overdue(now: number, spanMs: number): Promise<PlanRecord[]> {
      return (
        await joined()
          .whereIn('p.state', ['waiting', 'ready'])
          .where(isPast('p.expires_at', now, spanMs))
      ).map(read);
    },
  };
}

function changing(plan: Omit<PlanRecord, 'nodeName' | 'group'>) {
  return {
    params_json: plan.params ? JSON.stringify(plan.params) : null,
    state: plan.state,
    plan_json: plan.plan ? JSON.stringify(plan.plan) : null,
    error_json: plan.error ? JSON.stringify(plan.error) : null,
    expires_at: plan.expiresAt,
    run_id: plan.runId,
  };
}

function readLine(row: PlanLineRow): PlanLine {
  return {
    id: row.id,
    nodeId: row.node_id,
    nodeName: row.node_name,
    group: row.group_name,
    remediation: row.remediation,
    state: row.state,
    error: row.error_json ? (JSON.parse(row.error_json) as PlanProblem) : null,
    requestedBy: row.requested_by,
    requestedAt: Number(row.requested_at),
    expiresAt: Number(row.expires_at),
    runId: row.run_id,
  };
}

function read(row: Row): PlanRecord {
  return {
    ...readLine(row),
    params: row.params_json ? (JSON.parse(row.params_json) as Record<string, string>) : null,
    commandId: row.command_id,
    plan: row.plan_json ? (JSON.parse(row.plan_json) as Plan) : null,
  };
}
