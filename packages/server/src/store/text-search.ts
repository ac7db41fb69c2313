import type { Knex } from 'knex';
import { whereWords, wordsOf } from './list.js';

/** A list's index of texts, in trigrams, and the text that it was made of. */
export interface TextIndex {
  readonly table: string;
  /** What the index calls a row by. */
  readonly number: string;
  /** An expression. */
  readonly text: string;
}

/** How a search narrows a list. */
export interface TextSearch {
  readonly narrow: (query: Knex.QueryBuilder) => void;
  /** It has more than FOUND_MAX rows: they are not counted. */
  readonly isBroad: boolean;
  /** It has few, and their numbers are known. */
  readonly isNarrow: boolean;
}

/** A trigram is the shortest that the index of texts finds. */
const INDEXED_CHARS_MIN = 3;
const isIndexed = (word: string): boolean => [...word].length >= INDEXED_CHARS_MIN;
/**
 * Rows that a search may have for the index of texts to be worth asking, and for them to be counted. What more rows
 * have is soon met on the way down the list: there the rows' own text is read, and nothing is counted.
 */
const FOUND_MAX = 5_000;

/** In the words of the index of texts: each a part of the text as it stands. Null: it cannot find words this short. */
function indexedWords(text: string): string | null {
  const words = wordsOf(text).filter(isIndexed);
  return words.length === 0 ? null : words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND ');
}

const shortWords = (text: string): string =>
  wordsOf(text)
    .filter((word) => !isIndexed(word))
    .join(' ');

/**
 * Every word must occur somewhere; upper and lower case are alike. A word is what stands between blanks, whole or a part.
 * The index is asked once, for what the page and its counts are both narrowed to. Null: there is nothing to search for.
 */
export async function searchText(db: Knex, index: TextIndex, text: string): Promise<TextSearch | null> {
  if (wordsOf(text).length === 0) return null;
  const words = indexedWords(text);
  if (words === null)
    return { narrow: (query) => whereWords(query, index.text, text), isBroad: false, isNarrow: false };
  const found = db(index.table)
    .select('rowid')
    .whereRaw('?? match ?', [index.table, words])
    .limit(FOUND_MAX + 1);
  const [row] = await db
    .from(found.as('found'))
    .select(db.raw('count(*) as count, json_group_array(rowid) as numbers'));
  const { count, numbers } = row as { count: number; numbers: string };
  if (count > FOUND_MAX)
    return { narrow: (query) => whereWords(query, index.text, text), isBroad: true, isNarrow: false };
  return {
    narrow: (query) => {
      query.whereRaw(`${index.number} in (select value from json_each(?))`, [numbers]);
      whereWords(query, index.text, shortWords(text));
    },
    isBroad: false,
    isNarrow: true,
  };
}

/** The same within one statement, for any number of rows. */
export function matchText(query: Knex.QueryBuilder, index: TextIndex, text: string): void {
  const words = indexedWords(text);
  if (words !== null)
    query.whereRaw(`${index.number} in (select rowid from ?? where ?? match ?)`, [
      index.table,
      index.table,
      words,
    ]);
  whereWords(query, index.text, shortWords(text));
}
