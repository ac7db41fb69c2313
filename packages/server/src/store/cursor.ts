/** Where a page ended: an instant and an id, so that rows of one millisecond are neither skipped nor repeated. */
export interface Cursor {
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
  return Buffer.from(`${cursor.at}|${cursor.id}`, 'utf8').toString('base64url');
}

export function decodeCursor(text: string): Cursor | null {
  const match = /^(\d{1,15})\|([A-Za-z0-9._-]{1,128})$/.exec(Buffer.from(text, 'base64url').toString('utf8'));
  return match?.[1] && match[2] ? { at: Number(match[1]), id: match[2] } : null;
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
