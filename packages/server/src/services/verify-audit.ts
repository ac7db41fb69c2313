import { FIRST_HASH, firstBroken } from '../domain/audit/chain.js';
import type { Store } from '../store/store.js';

export interface AuditCheck {
  readonly rows: number;
  /** The number of the first line that does not fit, or null. */
  readonly brokenAt: number | null;
  /** Write it down elsewhere: the end of the chain is all that a thief of the file could cut off unseen. */
  readonly lastHash: string;
}

const ROWS_AT_ONCE = 1_000;

/** Walks the whole chain. */
export async function verifyAudit(store: Store): Promise<AuditCheck> {
  let previous = { seq: 0, hash: FIRST_HASH };
  for (;;) {
    const rows = await store.read.audit.range(previous.seq, ROWS_AT_ONCE);
    const brokenAt = firstBroken(rows, previous);
    if (brokenAt !== null) return { rows: brokenAt - 1, brokenAt, lastHash: previous.hash };
    const last = rows[rows.length - 1];
    if (!last) return { rows: previous.seq, brokenAt: null, lastHash: previous.hash };
    previous = { seq: last.seq, hash: last.hash };
  }
}
