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

/** Rows whose numbers are kept for the page, so that the index is asked once: a fuzzy word may be a thousand words to it. */
const KNOWN_MAX = 20_000;

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
  const found = words === undefined ? null : await numbersOf(db, index, words);
  if (found !== null && found.count <= FOUND_MAX)
    return {
      narrow: (query) => {
        query.whereRaw(`${index.number} in (select value from json_each(?))`, [found.numbers]);
        if (rest) whereSql(rest)(query);
      },
      isBroad: false,
      isNarrow: true,
    };
  if (found !== null && found.count <= KNOWN_MAX && !rest)
    return {
      // The plus keeps the planner on the list's own order: the rows that are found are many.
      narrow: whereSql(sqlOf(`+${index.number} in (select value from json_each(?))`, found.numbers)),
      isBroad: true,
      isNarrow: false,
    };
  const sql = condition.kind === 'sql' ? condition : indexedOf(source)(condition.words);
  const isBroad = condition.kind === 'match' || (await hasMany(db, index));
  return { narrow: whereSql(sql), isBroad, isNarrow: false };
}

const NOTHING: Sql = sqlOf('1 = 0');

/** At most one more than KNOWN_MAX. As one text: a row of its own for each would take the server's thread for long. */
async function numbersOf(
  db: Knex,
  index: WordIndex,
  words: string,
): Promise<{ readonly count: number; readonly numbers: string }> {
  const [found] = (await db.raw(
    `select count(*) as count, json_group_array(rowid) as numbers
       from (select rowid from ?? where ?? match ? limit ?)`,
    [index.table, index.table, words, KNOWN_MAX + 1],
  )) as { readonly count: number; readonly numbers: string }[];
  return found ?? { count: 0, numbers: '[]' };
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
