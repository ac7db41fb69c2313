import { QueryError } from '@castellan/shared/search/query-error';
import {
  ANY,
  type FuzzyQuery,
  type LeafQuery,
  type PatternPart,
  type RangeQuery,
  type Span,
  type WildQuery,
} from '@castellan/shared/search/tree';
import { likenessTo, patternWords, wordLike, wordsOf } from '@castellan/shared/search/words';
import type { Knex } from 'knex';
import { ALL, type Condition, NONE } from './condition.js';
import type { WordIndex } from './source.js';

/** Words that a pattern or a range may stand for, as clauses of Lucene. */
export const EXPANSIONS_MAX = 1024;
/** Words that a fuzzy one may stand for, those most like it: Lucene's own has 50. */
export const FUZZY_WORDS_MAX = 256;

const quoted = (words: string): string => `"${words.replaceAll('"', '""')}"`;
const inColumn = (column: string | null, words: string, depth = 1): Condition => ({
  kind: 'match',
  words: column === null ? words : `{${column}} : ${words}`,
  depth,
});

/** Words that the index keeps in step by looking at each of them for each row that it finds. */
const ABREAST_MAX = 32;

/**
 * One of many words. In groups: of a thousand words side by side, each row that is found would cost a look at all of them.
 * FTS5 takes brackets off an OR within an OR, but not off what is an OR "and not nothing".
 */
function anyOf(column: string | null, words: readonly string[]): Condition {
  if (words.length === 1) return inColumn(column, String(words[0]));
  if (words.length <= ABREAST_MAX) return inColumn(column, `(${words.join(' OR ')})`);
  const groups: string[] = [];
  for (let first = 0; first < words.length; first += ABREAST_MAX)
    groups.push(`((${words.slice(first, first + ABREAST_MAX).join(' OR ')}) NOT "")`);
  return inColumn(column, `(${groups.join(' OR ')})`, 3);
}

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
      return findPattern(index, column, leaf);
    case 'range':
      return findAny(column, await wordsBetween(db, index, leaf));
    case 'fuzzy':
      return findAny(column, await wordsLike(index, leaf));
  }
}

function findAny(column: string | null, words: readonly string[]): Condition {
  return words.length === 0 ? NONE : anyOf(column, words.map(quoted));
}

async function findPattern(
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
    const found = isLast && isPrefix ? [String(last[0])] : await wordsOfPattern(index, word, at);
    phrases = phrases.flatMap((phrase) => found.map((each) => `${phrase} ${each}`));
    if (phrases.length > EXPANSIONS_MAX) throw tooMany(at);
  }
  if (phrases.length === 0) return NONE;
  return anyOf(
    column,
    phrases.map((phrase) => `${quoted(phrase.trim())}${isPrefix ? ' *' : ''}`),
  );
}

async function wordsOfPattern(
  index: WordIndex,
  word: readonly PatternPart[],
  at: Span,
): Promise<readonly string[]> {
  const [first] = word;
  if (word.length === 1 && typeof first === 'string') return [first];
  const isLike = wordLike(word);
  const found: string[] = [];
  for await (const part of index.words.parts()) {
    for (const each of part) if (isLike(each)) found.push(each);
    if (found.length > EXPANSIONS_MAX) throw tooMany(at);
  }
  return found;
}

async function wordsBetween(db: Knex, index: WordIndex, range: RangeQuery): Promise<readonly string[]> {
  const { from, to, isInclusive, at } = range;
  const query = db<{ term: string }>(index.vocabulary).select('term');
  if (from !== null) query.whereRaw(`term ${isInclusive ? '>=' : '>'} ?`, [from]);
  if (to !== null) query.whereRaw(`term ${isInclusive ? '<=' : '<'} ?`, [to]);
  const found = await query.limit(EXPANSIONS_MAX + 1);
  if (found.length > EXPANSIONS_MAX) throw tooMany(at);
  return found.map(({ term }) => term);
}

/** Those that are most like it, at most FUZZY_WORDS_MAX. */
async function wordsLike(index: WordIndex, { text, similarity }: FuzzyQuery): Promise<readonly string[]> {
  const likeness = likenessTo(text, similarity);
  const found: { readonly word: string; readonly alike: number }[] = [];
  for await (const part of index.words.parts())
    for (const word of part) {
      const alike = likeness(word);
      if (alike !== null) found.push({ word, alike });
    }
  return found
    .sort((a, b) => b.alike - a.alike || (a.word < b.word ? -1 : 1))
    .slice(0, FUZZY_WORDS_MAX)
    .map(({ word }) => word);
}

function tooMany(at: Span): QueryError {
  return new QueryError({
    text: `this stands for more than ${EXPANSIONS_MAX.toLocaleString('en')} words: write more of it`,
    at,
  });
}
