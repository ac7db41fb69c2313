import { parseQuery } from '@castellan/shared/search/parse';
import type { Knex } from 'knex';
import { compileQuery, indexedOf } from './compile.js';
import type { Sql } from './condition.js';
import type { SearchSource } from './source.js';

/** How a search narrows a list. */
export interface Search {
  readonly narrow: (query: Knex.QueryBuilder) => void;
  /** It has more than FOUND_MAX rows: they are soon met on the way down the list, and are not counted. */
  readonly isBroad: boolean;
  /** It has few, and their numbers are known. */
  readonly isNarrow: boolean;
}

/** Rows that are worth knowing by their numbers, and that are counted. */
export const FOUND_MAX = 5_000;

const EVERY: Search = { narrow: () => undefined, isBroad: false, isNarrow: false };

/**
 * What a text asks of a list, in Lucene's classic syntax. Blank: every row. With an index of words it is asked once, for
 * what the page and its counts are both narrowed to. Throws QueryError.
 */
export async function searchOf(db: Knex, source: SearchSource, text = ''): Promise<Search> {
  if (text.trim() === '') return EVERY;
  const condition = await compileQuery(db, source, text, parseQuery(text));
  if (condition.kind === 'all') return EVERY;
  if (condition.kind === 'none') return { ...EVERY, narrow: (query) => query.whereRaw('1 = 0') };
  if (condition.kind === 'sql' || !source.index)
    return { ...EVERY, narrow: whereSql(condition.kind === 'sql' ? condition : indexedOf(source)('')) };
  const { table, number } = source.index;
  const numbers = (
    await db(table)
      .select('rowid')
      .whereRaw('?? match ?', [table, condition.words])
      .limit(FOUND_MAX + 1)
  ).map((row: { rowid: number }) => row.rowid);
  if (numbers.length > FOUND_MAX)
    return { narrow: whereSql(indexedOf(source)(condition.words)), isBroad: true, isNarrow: false };
  return {
    narrow: (query) =>
      query.whereRaw(`${number} in (select value from json_each(?))`, [JSON.stringify(numbers)]),
    isBroad: false,
    isNarrow: true,
  };
}

const whereSql =
  ({ sql, values }: Sql) =>
  (query: Knex.QueryBuilder): void => {
    query.whereRaw(sql, [...values]);
  };
