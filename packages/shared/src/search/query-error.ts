import type { Span } from './tree.js';

interface Wrong {
  /** For a person: what is wrong. */
  readonly text: string;
  readonly at: Span;
  /** What to write instead; null: nothing that is sure to be meant. */
  readonly suggestion?: string | null;
  /** What Lucene's own parser says of the text. */
  readonly classic?: string;
}

/** A query that cannot be read, and where. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  /** From the start of the query, in UTF-16 units; at its length: something is missing at the end. */
  readonly offset: number;
  readonly length: number;
  readonly suggestion: string | null;
  readonly classic: string;

  constructor({ text, at, suggestion = null, classic = text }: Wrong) {
    super(text);
    this.offset = at.offset;
    this.length = at.length;
    this.suggestion = suggestion;
    this.classic = classic;
  }
}
