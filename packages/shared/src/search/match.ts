import { unknownField } from './fields.js';
import { ANY, type LeafQuery, type Query } from './tree.js';
import { likenessTo, patternWords, wordLike, wordsOf } from './words.js';

/** What is searched, in memory. */
export interface Searched {
  readonly text: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
  /** The search as it was written: for the place of an error. */
  readonly asked: string;
}

/** Whether a search finds it, by the same words as the store's. Throws QueryError for a field that it does not have. */
export function matchesQuery(query: Query, searched: Searched): boolean {
  return matches(query, searched) ?? false;
}

/** Null: there is no word in it, and it counts for nothing. */
function matches(query: Query, searched: Searched): boolean | null {
  if (query.kind === 'all') return true;
  if (query.kind !== 'bool') return leafMatches(query, searched);
  const results = query.clauses
    .map((clause) => ({ occur: clause.occur, is: matches(clause.query, searched) }))
    .filter(({ is }) => is !== null);
  if (results.length === 0) return query.clauses.length === 0 ? false : null;
  const of = (occur: string) => results.filter((result) => result.occur === occur);
  if (of('-').some(({ is }) => is) || of('+').some(({ is }) => !is)) return false;
  return of('+').length > 0 || of('').some(({ is }) => is);
}

function leafMatches(leaf: LeafQuery, { text, fields, asked }: Searched): boolean | null {
  const isAny = leaf.field === '' || leaf.field === '*';
  const name = leaf.field.toLowerCase();
  if (!isAny && !Object.hasOwn(fields, name)) throw unknownField(Object.keys(fields), asked, leaf);
  const texts = isAny ? text : [fields[name] ?? ''];
  const tests = testsOf(leaf);
  if (tests === null) return leaf.kind === 'wild' && leaf.pattern.every((part) => part === ANY) ? true : null;
  return texts.some((each) => stand(tests, leaf.kind === 'phrase' ? leaf.slop : 0, wordsOf(each)));
}

type Test = (word: string) => boolean;

/** What each word of a row of words is to be. Null: there is none. */
function testsOf(leaf: LeafQuery): readonly Test[] | null {
  const tests = {
    term: () => leaf.kind === 'term' && wordsOf(leaf.text).map(equal),
    phrase: () => leaf.kind === 'phrase' && leaf.words.flatMap(wordsOf).map(equal),
    wild: () => leaf.kind === 'wild' && patternWords(leaf.pattern).map(wordLike),
    fuzzy: () => leaf.kind === 'fuzzy' && [alike(leaf.text, leaf.similarity)],
    range: () => leaf.kind === 'range' && [between(leaf)],
  }[leaf.kind]();
  return tests && tests.length > 0 ? tests : null;
}

const equal =
  (wanted: string): Test =>
  (word) =>
    word === wanted;

function alike(text: string, similarity: string): Test {
  const likeness = likenessTo(text, similarity);
  return (word) => likeness(word) !== null;
}

function between(range: Extract<LeafQuery, { kind: 'range' }>): Test {
  const { from, to, isInclusive } = range;
  const isBefore = (a: string, b: string) => a < b || (isInclusive && a === b);
  return (word) => (from === null || isBefore(from, word)) && (to === null || isBefore(word, to));
}

/** One after the other; with a slop within so many other words, in any order. */
function stand(tests: readonly Test[], slop: number, words: readonly string[]): boolean {
  if (slop === 0)
    return words.some((_, at) =>
      tests.every((test, n) => at + n < words.length && test(words[at + n] ?? '')),
    );
  const span = tests.length + slop;
  return words.some((_, at) => tests.every((test) => words.slice(at, at + span).some(test)));
}
