import type { Knex } from 'knex';
import { whereWords, wordsOf } from './list.js';

/** A trigram is the shortest that the index of texts finds. */
const INDEXED_CHARS_MIN = 3;
const isIndexed = (word: string): boolean => [...word].length >= INDEXED_CHARS_MIN;
/**
 * Findings that a search may have for the index of texts to be worth asking, and for them to be counted. What more findings
 * have is soon met on the way down the list: there the rows' own text is read, and nothing is counted.
 */
const FOUND_MAX = 5_000;
const TEXT = ['title', 'summary', 'control', 'subject', 'node_name', 'verdict_json']
  .map((column) => `f.${column}`)
  .join(" || ' ' || ");

/** In the words of the index of texts: each a part of the text as it stands. Null: it cannot find words this short. */
function indexedWords(text: string): string | null {
  const words = wordsOf(text).filter(isIndexed);
  return words.length === 0 ? null : words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND ');
}

/** Whether a search has more than FOUND_MAX findings, of any state. */
export async function findsMany(db: Knex, text: string): Promise<boolean> {
  const words = indexedWords(text);
  if (words === null) return false;
  const some = db('finding_texts')
    .whereRaw('finding_texts match ?', [words])
    .limit(FOUND_MAX + 1);
  const row = await db
    .count('* as n')
    .from(some.select(db.raw('1')).as('found'))
    .first();
  return Number(row?.n ?? 0) > FOUND_MAX;
}

/** Every word must occur somewhere; upper and lower case are alike. A word is what stands between blanks, whole or a part. */
export function matchText(query: Knex.QueryBuilder, text: string): void {
  const words = indexedWords(text);
  if (words !== null)
    query.whereRaw('f.seq in (select rowid from finding_texts where finding_texts match ?)', [words]);
  whereWords(
    query,
    TEXT,
    wordsOf(text)
      .filter((word) => !isIndexed(word))
      .join(' '),
  );
}

/** The same by the rows' own text, without the index. */
export function matchWords(query: Knex.QueryBuilder, text: string): void {
  whereWords(query, TEXT, text);
}
