import { SEVERITIES } from '@castellan/shared/model/severity';
import type { Knex } from 'knex';

/** Whose turn it is together: pages of one node about what it says, or about what the server says of it. */
export interface WaitingGroup {
  readonly nodeId: string;
  readonly isOwn: boolean;
  readonly count: number;
}

const WORST_FIRST = `case f.severity ${SEVERITIES.map((severity, rank) => `when '${severity}' then ${rank}`).join(' ')} end`;

/** Active findings that have not paged yet because their node is beyond its share. One row for each finding. */
export function waitingPageRepository(db: Knex) {
  return {
    async add(findingId: string, nodeId: string, isOwn: boolean): Promise<void> {
      await db('waiting_pages')
        .insert({ finding_id: findingId, node_id: nodeId, is_own: isOwn ? 1 : 0 })
        .onConflict('finding_id')
        .ignore();
    },
    async remove(findingId: string): Promise<void> {
      await db('waiting_pages').where({ finding_id: findingId }).delete();
    },
    async has(nodeId: string, isOwn: boolean): Promise<boolean> {
      const row = await db('waiting_pages')
        .where({ node_id: nodeId, is_own: isOwn ? 1 : 0 })
        .first('finding_id');
      return row !== undefined;
    },
    async groups(): Promise<WaitingGroup[]> {
      const rows = await db('waiting_pages')
        .groupBy('node_id', 'is_own')
        .select('node_id', 'is_own')
        .count('* as n');
      return rows.map((row) => ({
        nodeId: String(row.node_id),
        isOwn: Boolean(row.is_own),
        count: Number(row.n),
      }));
    },
    /** The worst, and of those the oldest; null when none waits. */
    async next(nodeId: string, isOwn: boolean): Promise<string | null> {
      const row = await db('waiting_pages as w')
        .join('findings as f', 'f.id', 'w.finding_id')
        .where({ 'w.node_id': nodeId, 'w.is_own': isOwn ? 1 : 0 })
        .orderByRaw(`${WORST_FIRST} asc, f.opened_at asc, f.id asc`)
        .first('w.finding_id as id');
      return row ? String(row.id) : null;
    },
  };
}
