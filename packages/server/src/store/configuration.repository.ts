import type { Knex } from 'knex';
import type { GroupBehind, NodeBehind } from '../domain/fleet/behind.js';
import { SILENCE_CONTROL } from '../domain/node-silence.js';

/** What a run committed. */
export interface Committed {
  readonly repository: string;
  /** Null: the node had not said of which path its copy is. */
  readonly path: string | null;
  readonly number: number;
  /** When the server heard of it. */
  readonly at: number;
}

/** Nodes, beside the one that committed, whose copy is of the same path of the same repository. */
export interface Sharing {
  readonly total: number;
  readonly have: number;
  /** The first by name, at most BEHIND_NAMED_MAX. */
  readonly behind: readonly NodeBehind[];
}

export const BEHIND_NAMED_MAX = 100;

/** Groups that are looked at in one turn; one with a finding is, however many there are. */
export const BEHIND_GROUPS_MAX = 200;

const IS_SURE = `(c.is_said = 1 and n.revoked = 0 and not exists (select 1 from findings as f where f.node_id = n.id
  and f.control = '${SILENCE_CONTROL}' and f.state <> 'resolved'))`;
/** Nodes that lack the newest revision that a run of another committed, of those that the server heard of by then. */
const LACKING = `with copies as (select distinct revision_repository as repository, revision_path as path
    from run_events where revision_repository is not null),
  due as materialized (select repository, path, (select e.revision_number from run_events as e
    where e.revision_repository = copies.repository and e.revision_path = copies.path and e.received_at <= ?
    order by e.revision_number desc limit 1) as number from copies where path is not null),
  lacking as (select c.node_id, c.revision, c.since, due.number, n.name, n.group_name, ${IS_SURE} as is_sure
    from due join configurations as c
      on c.repository = due.repository and c.path = due.path and c.revision < due.number
    join nodes as n on n.id = c.node_id and n.listed = 0
    where not exists (select 1 from run_events as e join runs as r on r.id = e.run_id
      where e.revision_repository = due.repository and e.revision_path = due.path
        and e.revision_number = due.number and r.node_id = c.node_id))`;

interface BehindRow {
  id: string;
  name: string;
  revision: number;
  since: number;
  is_sure: number;
}

function readBehind(row: BehindRow): NodeBehind {
  return {
    id: row.id,
    name: row.name,
    revision: Number(row.revision),
    since: Number(row.since),
    isSure: Boolean(row.is_sure),
  };
}

/** Which revision of the configuration under version control each node has: nodeRepository's `heard` writes it. */
export function configurationRepository(db: Knex) {
  return {
    async forget(nodeId: string): Promise<void> {
      await db('configurations').where({ node_id: nodeId }).delete();
    },
    /** Of which path a node's copy of this repository is; null: it has not said that it has one. */
    async pathOf(nodeId: string, repository: string): Promise<string | null> {
      const row = await db('configurations').where({ node_id: nodeId, repository }).first('path');
      return row ? String(row.path) : null;
    },
    /** The newest revision that a run committed; null: none. */
    async committedBy(runId: string): Promise<Committed | null> {
      const row = await db('run_events')
        .where({ run_id: runId })
        .whereNotNull('revision_repository')
        .orderBy('idx', 'desc')
        .first('revision_repository', 'revision_path', 'revision_number', 'received_at');
      return row
        ? {
            repository: row.revision_repository,
            path: row.revision_path,
            number: Number(row.revision_number),
            at: Number(row.received_at),
          }
        : null;
    },
    /** Who else has a copy of what was committed, and who of them lacks it. */
    async sharing(
      committer: string,
      { repository, path, number }: Omit<Committed, 'at'> & { readonly path: string },
    ): Promise<Sharing> {
      const others = () =>
        db('configurations as c')
          .join('nodes as n', 'n.id', 'c.node_id')
          .where({ 'c.repository': repository, 'c.path': path, 'n.listed': 0 })
          .whereNot('c.node_id', committer);
      const [counts] = await others().select(
        db.raw('count(*) as total, coalesce(sum(c.revision >= ?), 0) as have', [number]),
      );
      const rows = await others()
        .where('c.revision', '<', number)
        .orderBy('n.name')
        .limit(BEHIND_NAMED_MAX)
        .select('n.id', 'n.name', 'c.revision', 'c.since', db.raw(`${IS_SURE} as is_sure`));
      return {
        total: Number(counts?.total ?? 0),
        have: Number(counts?.have ?? 0),
        behind: rows.map(readBehind),
      };
    },
    /** Groups with a node that lacks what was committed before this time, at most BEHIND_GROUPS_MAX. */
    async groupsBehind(before: number): Promise<string[]> {
      const rows: { name: string }[] = await db.raw(
        `${LACKING} select distinct group_name as name from lacking order by name limit ${BEHIND_GROUPS_MAX}`,
        [before],
      );
      return rows.map(({ name }) => name);
    },
    /** The nodes of a group that lack what was committed before this time. */
    async behindIn(group: string, before: number): Promise<GroupBehind> {
      const rows: (BehindRow & { number: number; total: number; sure: number })[] = await db.raw(
        `${LACKING} select node_id as id, name, revision, since, number, is_sure,
           count(*) over () as total, sum(is_sure) over () as sure
         from lacking where group_name = ? order by is_sure desc, name limit ${BEHIND_NAMED_MAX}`,
        [before, group],
      );
      return {
        total: Number(rows[0]?.total ?? 0),
        sure: Number(rows[0]?.sure ?? 0),
        nodes: rows.map((row) => ({ ...readBehind(row), committed: Number(row.number) })),
      };
    },
  };
}
