/** How a clause counts: '' optional, '+' required, '-' prohibited. */
export type Occur = '' | '+' | '-';

/** Where in the text of the query something stands, in UTF-16 units. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

interface Part {
  readonly at: Span;
  /** As it was written, such as `2.5`; null: none. It ranks in Lucene; Castellan's lists keep their own order. */
  readonly boost: string | null;
}

interface Leaf extends Part {
  /** '' when none was written. */
  readonly field: string;
}

export interface Clause {
  readonly occur: Occur;
  readonly query: Query;
}

/**
 * A row matches when every required clause does, no prohibited one does, and, where none is required, at least one optional
 * does. With prohibited clauses alone, or with none at all, nothing matches.
 */
export interface BoolQuery extends Part {
  readonly kind: 'bool';
  readonly clauses: readonly Clause[];
}

export interface TermQuery extends Leaf {
  readonly kind: 'term';
  readonly text: string;
}

export interface PhraseQuery extends Leaf {
  readonly kind: 'phrase';
  /** At least two. */
  readonly words: readonly string[];
  /** How many other words may stand between. */
  readonly slop: number;
}

/** Any number of characters, and exactly one. */
export const ANY = Symbol('*');
export const ONE = Symbol('?');
export type PatternPart = string | typeof ANY | typeof ONE;

export interface WildQuery extends Leaf {
  readonly kind: 'wild';
  readonly pattern: readonly PatternPart[];
}

export interface FuzzyQuery extends Leaf {
  readonly kind: 'fuzzy';
  readonly text: string;
  /** As it was written: 0 to below 1. '': FUZZY_SIMILARITY. */
  readonly similarity: string;
}

export interface RangeQuery extends Leaf {
  readonly kind: 'range';
  /** Null: no bound. */
  readonly from: string | null;
  readonly to: string | null;
  readonly isInclusive: boolean;
}

/** Every row: `*:*`. */
export interface AllQuery extends Part {
  readonly kind: 'all';
}

export type LeafQuery = TermQuery | PhraseQuery | WildQuery | FuzzyQuery | RangeQuery;
export type Query = BoolQuery | AllQuery | LeafQuery;

/** Of a fuzzy term that says no other. */
export const FUZZY_SIMILARITY = 0.5;

/** The longest text of a query, in UTF-16 units. */
export const QUERY_LENGTH_MAX = 4096;
/** Clauses of one group, as in Lucene. */
export const CLAUSES_MAX = 1024;
/** Groups within groups. */
export const DEPTH_MAX = 64;
