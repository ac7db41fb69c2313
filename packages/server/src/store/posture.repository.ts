import { SEVERITIES, type Severity } from '@castellan/shared/model/severity';
import type { Knex } from 'knex';
import { ALL, type OpenFindings, type PostureCell, type PostureCounts } from '../domain/posture/day-rows.js';

export interface PosturePoint extends PostureCounts {
  /** UTC: 2026-11-28. */
  readonly day: string;
  readonly takenAt: number;
}

/** Findings of one control that changed since an instant. */
export interface PostureChange {
  readonly control: string;
  readonly kind: 'opened' | 'resolved' | 'worse';
  /** 0: critical. */
  readonly worstRank: number;
  readonly count: number;
}

/** What one node shows of one control. */
export interface NodeCell {
  readonly nodeId: string;
  readonly control: string;
  /** Null: nothing is open. */
  readonly worst: Severity | null;
  readonly count: number;
  readonly isPassing: boolean;
}

const COUNTED = [...SEVERITIES, 'stale', 'held', 'judged', 'passing'] as const;
const RANK = `case severity when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end`;
const OPEN = [
  ...SEVERITIES.map((severity) => `sum(severity = '${severity}') as ${severity}`),
  'sum(stale) as stale',
  "sum(state <> 'open') as held",
].join(', ');

type Row = Readonly<Record<(typeof COUNTED)[number], number>>;

export function postureRepository(db: Knex) {
  const table = () => db('posture_days');
  return {
    /** As it is now, each group with each control: one grouped statement a table, each read from an index alone. */
    async countFindings(): Promise<(OpenFindings & { group: string; control: string })[]> {
      const rows = (await db.raw(
        `select group_name, control, ${OPEN} from findings indexed by findings_posture
           where state <> 'resolved' group by group_name, control`,
      )) as (Row & { group_name: string; control: string })[];
      return rows.map((row) => ({ group: row.group_name, control: row.control, ...openOf(row) }));
    },
    async countVerdicts(): Promise<{ group: string; control: string; judged: number; passing: number }[]> {
      return (await db.raw(
        `select n.group_name as "group", v.control, count(*) as judged, sum(v.passes) as passing
           from (select node_id, control, min(status = 'pass') as passes from verdicts indexed by verdicts_posture
             where status <> 'not-applicable' group by node_id, control) as v
           join nodes as n on n.id = v.node_id where n.listed = 0 group by n.group_name, v.control`,
      )) as { group: string; control: string; judged: number; passing: number }[];
    },
    async countNodes(): Promise<{ group: string; judged: number; passing: number }[]> {
      return (await db.raw(
        `select group_name as "group", sum(seen_at > 0) as judged, sum(seen_at > 0 and worst = 'none') as passing
           from nodes where listed = 0 group by group_name`,
      )) as { group: string; judged: number; passing: number }[];
    },
    /** In place of what was kept of that day. */
    async putDay(day: string, cells: readonly PostureCell[], takenAt: number): Promise<void> {
      await table().where({ day }).delete();
      const columns = ['group', 'control', ...COUNTED].map((name) => `json_extract(value, '$.${name}')`);
      await db.raw(
        `insert into posture_days (group_name, control, ${COUNTED.join(', ')}, day, taken_at)
           select ${columns.join(', ')}, ?, ? from json_each(?)`,
        [day, takenAt, JSON.stringify(cells)],
      );
    },
    /** When a day's rows were counted; null: they were not. */
    async takenAt(day: string): Promise<number | null> {
      const row = await table().where({ day }).first('taken_at');
      return row ? Number(row.taken_at) : null;
    },
    async firstDay(): Promise<string | null> {
      const row = await table().min('day as day').first();
      return row?.day ?? null;
    },
    /** Both days included. A day on which nothing was counted has no point; one of a group or control without a row is 0. */
    async series(
      which: { group: string; control: string },
      { from, to }: { from: string; to: string },
    ): Promise<PosturePoint[]> {
      const rows = (await db('posture_days as a')
        .leftJoin('posture_days as p', (on) =>
          on.on('p.day', 'a.day').andOnVal('p.group_name', which.group).andOnVal('p.control', which.control),
        )
        .where({ 'a.group_name': ALL, 'a.control': ALL })
        .whereBetween('a.day', [from, to])
        .orderBy('a.day')
        .select('a.day', 'a.taken_at', ...COUNTED.map((name) => `p.${name}`))) as (Row & {
        day: string;
        taken_at: number;
      })[];
      return rows.map((row) => ({ day: row.day, takenAt: Number(row.taken_at), ...countsOf(row) }));
    },
    /** Every group with every control on one day, without the rows of all. */
    async cells(day: string): Promise<PostureCell[]> {
      const rows = (await table()
        .where({ day })
        .whereNot('group_name', ALL)
        .whereNot('control', ALL)
        .orderBy(['control', 'group_name'])) as (Row & { group_name: string; control: string })[];
      return rows.map((row) => ({ group: row.group_name, control: row.control, ...countsOf(row) }));
    },
    /** The same of each node: at most as many nodes as one page has. */
    async cellsOfNodes(nodeIds: readonly string[]): Promise<NodeCell[]> {
      const ids = [...nodeIds];
      const open = (await db('findings')
        .whereIn('node_id', ids)
        .whereNot('state', 'resolved')
        .groupBy('node_id', 'control')
        .select('node_id', 'control', db.raw(`min(${RANK}) as worst, count(*) as count`))) as {
        node_id: string;
        control: string;
        worst: number;
        count: number;
      }[];
      const judged = (await db('verdicts')
        .whereIn('node_id', ids)
        .whereNot('status', 'not-applicable')
        .groupBy('node_id', 'control')
        .select('node_id', 'control', db.raw(`min(status = 'pass') as passes`))) as {
        node_id: string;
        control: string;
        passes: number;
      }[];
      const cells = new Map<string, NodeCell>();
      for (const { node_id, control, passes } of judged)
        cells.set(`${node_id} ${control}`, {
          nodeId: node_id,
          control,
          worst: null,
          count: 0,
          isPassing: passes === 1,
        });
      for (const { node_id, control, worst, count } of open)
        cells.set(`${node_id} ${control}`, {
          nodeId: node_id,
          control,
          worst: SEVERITIES[worst] ?? 'low',
          count,
          isPassing: false,
        });
      return [...cells.values()];
    },
    async changesSince(at: number): Promise<PostureChange[]> {
      const kinds = [
        ['opened', 'opened_at'],
        ['resolved', 'resolved_at'],
        ['worse', 'worse_at'],
      ] as const;
      const of = kinds.map(
        ([kind, column]) => `select control, '${kind}' as kind, min(${RANK}) as worstRank, count(*) as count
          from findings where ${column} >= ? group by control`,
      );
      return (await db.raw(of.join(' union all '), [at, at, at])) as PostureChange[];
    },
    async purgeBefore(day: string): Promise<void> {
      await table().where('day', '<', day).delete();
    },
  };
}

function openOf(row: Row): OpenFindings {
  const { critical, high, medium, low, stale, held } = row;
  return { critical, high, medium, low, stale, held };
}

function countsOf(row: Row): PostureCounts {
  const of = (name: (typeof COUNTED)[number]) => Number(row[name] ?? 0);
  return {
    critical: of('critical'),
    high: of('high'),
    medium: of('medium'),
    low: of('low'),
    stale: of('stale'),
    held: of('held'),
    judged: of('judged'),
    passing: of('passing'),
  };
}
