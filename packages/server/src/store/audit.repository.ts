import type { Json } from '@castellan/shared/base/canonical-json';
import type { Knex } from 'knex';
import { type AuditFacts, type AuditRow, auditHash, FIRST_HASH } from '../domain/audit/chain.js';

interface Row {
  seq: number;
  at: number;
  actor: string;
  action: string;
  object: string;
  outcome: AuditFacts['outcome'];
  detail_json: string;
  previous_hash: string;
  hash: string;
}

/** Only grows. Append inside the transaction of what it tells of. */
export function auditRepository(db: Knex) {
  return {
    async append(facts: AuditFacts): Promise<void> {
      const last = await db<Row>('audit').orderBy('seq', 'desc').first();
      const seq = (last?.seq ?? 0) + 1;
      const previousHash = last?.hash ?? FIRST_HASH;
      await db<Row>('audit').insert({
        seq,
        at: facts.at,
        actor: facts.actor,
        action: facts.action,
        object: facts.object,
        outcome: facts.outcome,
        detail_json: JSON.stringify(facts.detail),
        previous_hash: previousHash,
        hash: auditHash(seq, previousHash, facts),
      });
    },
    /** In order, from the row after `afterSeq`. */
    async range(afterSeq: number, limit: number): Promise<AuditRow[]> {
      return (await db<Row>('audit').where('seq', '>', afterSeq).orderBy('seq').limit(limit)).map(read);
    },
    /** Newest first, below `beforeSeq`. */
    async newest(limit: number, beforeSeq: number | null): Promise<AuditRow[]> {
      const query = db<Row>('audit').orderBy('seq', 'desc').limit(limit);
      if (beforeSeq !== null) query.where('seq', '<', beforeSeq);
      return (await query).map(read);
    },
  };
}

function read(row: Row): AuditRow {
  return {
    seq: row.seq,
    at: Number(row.at),
    actor: row.actor,
    action: row.action,
    object: row.object,
    outcome: row.outcome,
    detail: JSON.parse(row.detail_json) as Readonly<Record<string, Json>>,
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}
