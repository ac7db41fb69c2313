import { parseQuery } from './parse.js';
import { QueryError } from './query-error.js';
import { ANY, ONE, type Query } from './tree.js';

/** What a parser makes of a query, to compare it with Lucene's own: the trees of `cases/lucene-3.6.2.jsonl`. */
export type ClassicAst =
  | { readonly bool: readonly { readonly o: string; readonly q: ClassicAst }[] }
  | { readonly k: string; readonly f: string; readonly v: string; readonly slop?: number };

export type ClassicLine =
  | { readonly q: string; readonly ast: ClassicAst }
  | { readonly q: string; readonly err: string };

/** One query as one line of that file. Throws nothing. */
export function classicLine(q: string): ClassicLine {
  try {
    return { q, ast: classicAst(parseQuery(q)) };
  } catch (cause) {
    if (!(cause instanceof QueryError)) throw cause;
    // Lucene does not say of this one which query it is.
    const isBare = cause.classic.startsWith('minimumSimilarity');
    return { q, err: isBare ? cause.classic : `Cannot parse '${q}': ${cause.classic}` };
  }
}

export function classicAst(query: Query): ClassicAst {
  switch (query.kind) {
    case 'bool':
      return { bool: query.clauses.map((clause) => ({ o: clause.occur, q: classicAst(clause.query) })) };
    case 'all':
      return { k: 'MatchAllDocsQuery', f: '', v: '' };
    case 'term':
    case 'fuzzy':
      return { k: query.kind, f: query.field, v: query.text };
    case 'phrase':
      return { k: 'phrase', f: query.field, v: query.words.join(' '), slop: query.slop };
    case 'wild': {
      const v = query.pattern.map((part) => (part === ANY ? '*' : part === ONE ? '?' : part));
      return { k: 'wild', f: query.field, v: v.join('') };
    }
    case 'range': {
      const [open, close] = query.isInclusive ? '[]' : '{}';
      return { k: 'range', f: query.field, v: `${open}${query.from ?? '*'} TO ${query.to ?? '*'}${close}` };
    }
  }
}
