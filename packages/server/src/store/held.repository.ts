import type { Knex } from 'knex';
import type { Matchers } from '../domain/silence/silence.js';
import { type FindingRecord, type FindingRow, read } from './finding-row.js';
import { NODE_NAME } from './node.repository.js';
import { type SilenceRecord, whereMatches } from './silence.repository.js';

/** What keeps a finding from being told. */
export interface Hold {
  readonly silenceId: string | null;
  readonly inhibitedBy: string | null;
}

/** How many findings there are, and how many of them nobody has. */
export interface MatchCount {
  readonly findings: number;
  readonly open: number;
}

/** Findings that are silenced, inhibited or waived. */
export function heldRepository(db: Knex) {
  const joined = () =>
    db('findings as f')
      .join('nodes as n', 'n.id', 'f.node_id')
      .select<FindingRow[]>('f.*', db.raw(`${NODE_NAME} as node_name`));
  return {
    async hold(id: string, { silenceId, inhibitedBy }: Hold): Promise<void> {
      const columns = { silence_id: silenceId, inhibited_by: inhibitedBy };
      const isReleased = silenceId === null && inhibitedBy === null;
      await db('findings')
        .where({ id })
        .update(isReleased ? { ...columns, held_new: 0 } : columns);
    },
    /** It has just opened, and nobody was told of it. */
    async markNew(id: string): Promise<void> {
      await db('findings').where({ id }).update({ held_new: 1 });
    },
    /** Active findings that a silence matches and that nothing holds for longer, at most so many. */
    async toSilence(silence: SilenceRecord, limit: number): Promise<FindingRecord[]> {
      const query = joined()
        .leftJoin('silences as s', 's.id', 'f.silence_id')
        .where('f.is_active', 1)
        .where((shorter) =>
          shorter
            .whereNull('f.silence_id')
            .orWhere((other) =>
              other.whereNot('f.silence_id', silence.id).where('s.active_until', '<', silence.activeUntil),
            ),
        )
        .limit(limit);
      whereMatches(query, silence.matchers);
      return (await query).map(read);
    },
    /** Held by a silence: at most so many. */
    async bySilence(silenceId: string, limit: number): Promise<FindingRecord[]> {
      return (await joined().where('f.silence_id', silenceId).orderBy('f.id').limit(limit)).map(read);
    },
    /** How many active findings each silence holds; `open`: those that would page without it. */
    async countBySilence(): Promise<ReadonlyMap<string, MatchCount>> {
      const rows = await db('findings')
        .whereNotNull('silence_id')
        .groupBy('silence_id')
        .select('silence_id', db.raw(`sum(state = 'open' and inhibited_by is null) as open`))
        .count('* as findings');
      return new Map(
        rows.map((row) => [
          String(row.silence_id),
          { findings: Number(row.findings), open: Number((row as { open?: unknown }).open) },
        ]),
      );
    },
    /** All findings that are known and match, whatever has become of them, and those of them that are open. */
    async countMatching(matchers: Matchers): Promise<MatchCount> {
      const query = db('findings as f');
      whereMatches(query, matchers);
      const row = await query.count('* as findings').select(db.raw(`sum(f.state = 'open') as open`)).first();
      return { findings: Number(row?.findings ?? 0), open: Number(row?.open ?? 0) };
    },
    /** A node's active findings of these controls. */
    async activeOf(nodeId: string, controls: readonly string[]): Promise<FindingRecord[]> {
      const rows = await joined()
        .where({ 'f.node_id': nodeId })
        .whereIn('f.control', [...controls])
        .whereNot('f.state', 'resolved')
        .orderBy(['f.opened_at', 'f.id']);
      return rows.map(read);
    },
    /** Active findings of the nodes of a group, whose row is given, of these controls: the worst and then the oldest. */
    async activeOfGroup(rowId: string, controls: readonly string[], limit: number): Promise<FindingRecord[]> {
      const rows = await joined()
        .where('f.is_active', 1)
        .whereIn('f.control', [...controls])
        .where('f.group_name', db('nodes').where({ id: rowId }).select('group_name'))
        .orderBy(['f.severity_rank', 'f.opened_at', 'f.id'])
        .limit(limit);
      return rows.map(read);
    },
    /** Waived until an instant that has passed: ids, at most so many. */
    async waivedUntil(now: number, limit: number): Promise<string[]> {
      const rows = await db('findings')
        .where({ state: 'waived' })
        .where('waive_until', '<=', now)
        .limit(limit)
        .select('id');
      return rows.map((row) => String(row.id));
    },
  };
}
