import { parseQuery } from '@castellan/shared/search/parse';
import type { Knex } from 'knex';
import { compileQuery, indexedOf } from './compile.js';
import { type Sql, sqlOf } from './condition.js';
import type { SearchSource, WordIndex } from './source.js';

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

/** Lists of more rows are not counted under a search that no index answers. */
const COUNTED_ROWS_MAX = 20_000;

/**
 * What a text asks of a list, in Lucene's classic syntax. Blank: every row. With an index of words it is asked once, for
 * what the page and its counts are both narrowed to. Throws QueryError.
 */
export async function searchOf(db: Knex, source: SearchSource, text = ''): Promise<Search> {
  if (text.trim() === '') return EVERY;
  const condition = await compileQuery(db, source, text, parseQuery(text));
  if (condition.kind === 'all') return EVERY;
  if (condition.kind === 'none') return { ...EVERY, narrow: (query) => query.whereRaw('1 = 0') };
  const { index } = source;
  if (!index) return { ...EVERY, narrow: whereSql(condition.kind === 'sql' ? condition : NOTHING) };
  const [words, rest] =
    condition.kind === 'match' ? [condition.words, null] : [condition.split?.words, condition.split?.rest];
  const numbers = words === undefined ? null : await numbersOf(db, index, words);
  if (numbers !== null)
    return {
      narrow: (query) => {
        query.whereRaw(`${index.number} in (select value from json_each(?))`, [JSON.stringify(numbers)]);
        if (rest) whereSql(rest)(query);
      },
      isBroad: false,
      isNarrow: true,
    };
  const sql = condition.kind === 'sql' ? condition : indexedOf(source)(condition.words);
  const isBroad = condition.kind === 'match' || (await hasMany(db, index));
  return { narrow: whereSql(sql), isBroad, isNarrow: false };
}

const NOTHING: Sql = sqlOf('1 = 0');

/** Null: there are more than FOUND_MAX. */
async function numbersOf(db: Knex, index: WordIndex, words: string): Promise<readonly number[] | null> {
  const found = (await db(index.table)
    .select('rowid')
    .whereRaw('?? match ?', [index.table, words])
    .limit(FOUND_MAX + 1)) as { readonly rowid: number }[];
  return found.length > FOUND_MAX ? null : found.map(({ rowid }) => rowid);
}

async function hasMany(db: Knex, { rows }: WordIndex): Promise<boolean> {
  const newest = await db(rows).max('seq as seq').first();
  return Number(newest?.seq ?? 0) > COUNTED_ROWS_MAX;
}

const whereSql =
  ({ sql, values }: Sql) =>
  (query: Knex.QueryBuilder): void => {
    query.whereRaw(sql, [...values]);
  };
