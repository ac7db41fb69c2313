import { QueryError } from '@castellan/shared/search/query-error';
import {
  ANY,
  FUZZY_SIMILARITY,
  type FuzzyQuery,
  type LeafQuery,
  type PatternPart,
  type RangeQuery,
  type Span,
  type WildQuery,
} from '@castellan/shared/search/tree';
import { distance, globOf, patternWords, wordsOf } from '@castellan/shared/search/words';
import type { Knex } from 'knex';
import { ALL, type Condition, NONE } from './condition.js';
import type { WordIndex } from './source.js';

/** Words that a pattern or a range may stand for, as clauses of Lucene. */
export const EXPANSIONS_MAX = 1024;
/** Words of the vocabulary that are compared with a fuzzy one. */
const COMPARED_MAX = 200_000;

const quoted = (words: string): string => `"${words.replaceAll('"', '""')}"`;
const inColumn = (column: string | null, words: string): Condition => ({
  kind: 'match',
  words: column === null ? words : `{${column}} : ${words}`,
});
const anyOf = (words: readonly string[]): string =>
  words.length === 1 ? String(words[0]) : `(${words.join(' OR ')})`;

/** A word, phrase, pattern or range by the index. Null: there is no word in it. Throws QueryError beyond EXPANSIONS_MAX. */
export async function findIndexed(
  db: Knex,
  index: WordIndex,
  column: string | null,
  leaf: LeafQuery,
): Promise<Condition | null> {
  switch (leaf.kind) {
    case 'term':
      return wordsOf(leaf.text).length === 0 ? null : inColumn(column, quoted(leaf.text));
    case 'phrase': {
      const words = leaf.words.filter((word) => wordsOf(word).length > 0);
      if (words.length === 0) return null;
      if (leaf.slop === 0 || words.length === 1) return inColumn(column, quoted(words.join(' ')));
      return inColumn(column, `NEAR(${words.map(quoted).join(' ')}, ${leaf.slop})`);
    }
    case 'wild':
      return findPattern(db, index, column, leaf);
    case 'range':
      return findAny(column, await wordsBetween(db, index, leaf));
    case 'fuzzy':
      return findAny(column, await wordsLike(db, index, leaf));
  }
}

function findAny(column: string | null, words: readonly string[]): Condition {
  return words.length === 0 ? NONE : inColumn(column, anyOf(words.map(quoted)));
}

async function findPattern(
  db: Knex,
  index: WordIndex,
  column: string | null,
  { pattern, at }: WildQuery,
): Promise<Condition | null> {
  const words = patternWords(pattern);
  if (words.length === 0) return pattern.includes(ANY) && pattern.every((part) => part === ANY) ? ALL : null;
  const last = words[words.length - 1] ?? [];
  const isPrefix = last.length === 2 && typeof last[0] === 'string' && last[1] === ANY;
  let phrases: readonly string[] = [''];
  for (const [place, word] of words.entries()) {
    const isLast = place === words.length - 1;
    const found = isLast && isPrefix ? [String(last[0])] : await wordsOfPattern(db, index, word, at);
    phrases = phrases.flatMap((phrase) => found.map((each) => `${phrase} ${each}`));
    if (phrases.length > EXPANSIONS_MAX) throw tooMany(at);
  }
  if (phrases.length === 0) return NONE;
  return inColumn(column, anyOf(phrases.map((phrase) => `${quoted(phrase.trim())}${isPrefix ? ' *' : ''}`)));
}

async function wordsOfPattern(
  db: Knex,
  index: WordIndex,
  word: readonly PatternPart[],
  at: Span,
): Promise<readonly string[]> {
  const [first] = word;
  if (word.length === 1 && typeof first === 'string') return [first];
  const query = vocabulary(db, index).whereRaw('term glob ?', [globOf(word)]);
  // What a pattern begins with is looked up; one that begins with * or ? reads the whole vocabulary.
  if (typeof first === 'string') query.whereRaw('term >= ? and term < ?', [first, `${first}\u{10ffff}`]);
  return bounded(query, at);
}

async function wordsBetween(db: Knex, index: WordIndex, range: RangeQuery): Promise<readonly string[]> {
  const { from, to, isInclusive, at } = range;
  const query = vocabulary(db, index);
  if (from !== null) query.whereRaw(`term ${isInclusive ? '>=' : '>'} ?`, [from]);
  if (to !== null) query.whereRaw(`term ${isInclusive ? '<=' : '<'} ?`, [to]);
  return bounded(query, at);
}

/** Those that are most like it, at most EXPANSIONS_MAX: as Lucene has it, 1 less the changes a letter of the shorter. */
async function wordsLike(
  db: Knex,
  index: WordIndex,
  { text, similarity }: FuzzyQuery,
): Promise<readonly string[]> {
  const least = similarity === '' ? FUZZY_SIMILARITY : Number(similarity);
  const word = wordsOf(text).join('');
  const lengthMax = Math.floor(word.length * (2 - least));
  const known = await vocabulary(db, index)
    .whereRaw('length(term) between ? and ?', [Math.floor(word.length * least), Math.max(lengthMax, 1)])
    .limit(COMPARED_MAX);
  return known
    .map(({ term }) => {
      const shorter = Math.min(word.length, term.length);
      return { term, alike: 1 - distance(word, term, Math.ceil(shorter * (1 - least))) / shorter };
    })
    .filter(({ term, alike }) => alike > least || term === word)
    .sort((a, b) => b.alike - a.alike || (a.term < b.term ? -1 : 1))
    .slice(0, EXPANSIONS_MAX)
    .map(({ term }) => term);
}

function vocabulary(db: Knex, index: WordIndex) {
  return db<{ term: string }>(index.vocabulary).select('term');
}

async function bounded(query: ReturnType<typeof vocabulary>, at: Span): Promise<readonly string[]> {
  const found = await query.limit(EXPANSIONS_MAX + 1);
  if (found.length > EXPANSIONS_MAX) throw tooMany(at);
  return found.map(({ term }) => term);
}

function tooMany(at: Span): QueryError {
  return new QueryError({
    text: `this stands for more than ${EXPANSIONS_MAX.toLocaleString('en')} words: write more of it`,
    at,
  });
}
