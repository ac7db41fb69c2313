import type { HeldConfiguration } from '@castellan/shared/model/configuration';
import type { Knex } from 'knex';

/** A node that lacks a revision; `revision` is what it has, and `since` when it first said so. */
export interface NodeBehind {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly since: number;
  /** It is connected, and still says so; otherwise it may have been brought up since. */
  readonly isSure: boolean;
}

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

const IS_SURE = '(c.is_said = 1 and n.connected = 1 and n.revoked = 0) as is_sure';

/** Which revision of the configuration under version control each node has. */
export function configurationRepository(db: Knex) {
  return {
    /** What a heartbeat says; undefined: nothing, and what was said last is no longer sure. */
    async put(nodeId: string, at: number, held: HeldConfiguration | undefined): Promise<void> {
      if (held === undefined) {
        await db('configurations').where({ node_id: nodeId, is_said: 1 }).update({ is_said: 0 });
        return;
      }
      // Nearly every heartbeat says the same again: nothing is written then.
      await db.raw(
        `insert into configurations as c (node_id, repository, path, revision, since) values (?, ?, ?, ?, ?)
         on conflict (node_id) do update set is_said = 1, repository = excluded.repository, path = excluded.path,
           revision = excluded.revision, since = case when (c.repository, c.path, c.revision)
             = (excluded.repository, excluded.path, excluded.revision) then c.since else excluded.since end
         where c.is_said = 0 or (c.repository, c.path, c.revision)
           <> (excluded.repository, excluded.path, excluded.revision)`,
        [nodeId, held.repository, held.path, held.revision, at],
      );
    },
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
        .select('n.id', 'n.name', 'c.revision', 'c.since', db.raw(IS_SURE));
      return {
        total: Number(counts?.total ?? 0),
        have: Number(counts?.have ?? 0),
        behind: rows.map((row) => ({
          id: row.id,
          name: row.name,
          revision: Number(row.revision),
          since: Number(row.since),
          isSure: Boolean(row.is_sure),
        })),
      };
    },
  };
}
