import type { Knex } from 'knex';

/**
 * Past, or so far ahead that only a clock that was wrong can have written it: `spanMs` is the furthest ahead that is ever
 * written. What waits for such an instant would wait for hours after the clock was put right.
 */
export function isPast(column: string, now: number, spanMs: number): (query: Knex.QueryBuilder) => void {
  return (query) => void query.where(column, '<=', now).orWhere(column, '>', now + spanMs);
}
