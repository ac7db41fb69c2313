/**
 * Where a page ended: an instant and an id, so that rows of one millisecond are neither skipped nor repeated. `rank` comes
 * before both in lists that put the worst first; 0 elsewhere.
 */
export interface Cursor {
  readonly rank: number;
  readonly at: number;
  readonly id: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The most rows of one page. */
export const PAGE_ROWS_MAX = 500;

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(`${cursor.rank}|${cursor.at}|${cursor.id}`, 'utf8').toString('base64url');
}

export function decodeCursor(text: string): Cursor | null {
  const parts = /^(\d{1,2})\|(\d{1,15})\|([A-Za-z0-9._-]{1,128})$/;
  const [, rank, at, id] = parts.exec(Buffer.from(text, 'base64url').toString('utf8')) ?? [];
  return rank && at && id ? { rank: Number(rank), at: Number(at), id } : null;
}

/** One page of rows that were asked for with one more than `limit`. */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  read: (row: R) => T,
  cursorOf: (item: T) => Cursor,
): Page<T> {
  const items = rows.slice(0, limit).map(read);
  const last = items[items.length - 1];
  return { items, next: rows.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null };
}
