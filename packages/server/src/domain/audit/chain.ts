import { canonicalJson, type Json, sha256Hex } from '@castellan/shared/base/canonical-json';

export const FIRST_HASH = '0'.repeat(64);

/** One action by somebody, whether it succeeded or not. `detail` never holds a secret. */
export interface AuditFacts {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly outcome: 'ok' | 'refused' | 'failed';
  readonly detail: Readonly<Record<string, Json>>;
}

export interface AuditRow extends AuditFacts {
  readonly seq: number;
  readonly previousHash: string;
  readonly hash: string;
}

/** Each row's hash covers the row and the hash before it, so that nothing can be changed, dropped or slipped in unseen. */
export function auditHash(seq: number, previousHash: string, facts: AuditFacts): string {
  const { at, actor, action, object, outcome, detail } = facts;
  return sha256Hex(canonicalJson({ seq, previousHash, at, actor, action, object, outcome, detail }));
}

/** The first broken row in order, or null. `previous` is what the row before the first given one hashed to. */
export function firstBroken(
  rows: readonly AuditRow[],
  previous: { seq: number; hash: string },
): number | null {
  let { seq, hash } = previous;
  for (const row of rows) {
    const isNext =
      row.seq === seq + 1 && row.previousHash === hash && row.hash === auditHash(row.seq, hash, row);
    if (!isNext) return row.seq;
    seq = row.seq;
    hash = row.hash;
  }
  return null;
}
