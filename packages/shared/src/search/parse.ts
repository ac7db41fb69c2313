import { readLeaf } from './leaf.js';
import { lex } from './lex.js';
import { QueryError } from './query-error.js';
import { TokenReader } from './reader.js';
import type { TokenKind } from './tokens.js';
import {
  type BoolQuery,
  CLAUSES_MAX,
  type Clause,
  DEPTH_MAX,
  QUERY_LENGTH_MAX,
  type Query,
  type Span,
} from './tree.js';
import { unescapeText } from './unescape.js';

/**
 * A query in Lucene's classic syntax as of 3.0, its wildcards allowed at the beginning of a word too. Throws QueryError for what
 * the syntax does not have and beyond the bounds of `tree.ts`, and nothing else.
 */
export function parseQuery(text: string): Query {
  if (text.length > QUERY_LENGTH_MAX)
    throw new QueryError({
      text: `a query has at most ${QUERY_LENGTH_MAX.toLocaleString('en')} characters; this one has ${text.length.toLocaleString('en')}`,
      at: { offset: QUERY_LENGTH_MAX, length: text.length - QUERY_LENGTH_MAX },
    });
  const reader = new TokenReader(text, lex(text));
  const query = readGroup({ reader, field: '', depth: 0, text });
  reader.expect('<EOF>');
  return query ?? nothing(text);
}

function nothing(text: string): BoolQuery {
  return { kind: 'bool', clauses: [], boost: null, at: { offset: 0, length: text.length } };
}

interface Place {
  readonly reader: TokenReader;
  readonly text: string;
  readonly field: string;
  readonly depth: number;
}

const BEGINS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  ...(['<AND>', '<OR>', '<NOT>', '"+"', '"-"', '"("', '"*"'] as const),
  ...(['<QUOTED>', '<TERM>', '<PREFIXTERM>', '<WILDTERM>', '"["', '"{"'] as const),
]);

/** Null: nothing is left of it, such as of empty quotes. */
function readGroup(place: Place): Query | null {
  const { reader } = place;
  const start = reader.peek().offset;
  const clauses: Clause[] = [];
  let first: Query | null = null;
  for (let isFirst = true; isFirst || BEGINS.has(reader.peek().kind); isFirst = false) {
    const joint = isFirst ? null : (reader.takeIf('<AND>') ?? reader.takeIf('<OR>'));
    const sign = reader.takeIf('"+"') ?? reader.takeIf('"-"') ?? reader.takeIf('<NOT>');
    const query = readClause(place);
    const isAnd = joint?.kind === '<AND>';
    if (isAnd) requireLast(clauses);
    if (isFirst && sign === null) first = query;
    if (query === null) continue;
    clauses.push({ occur: sign === null ? (isAnd ? '+' : '') : sign.kind === '"+"' ? '+' : '-', query });
    if (clauses.length > CLAUSES_MAX) throw tooMany(query.at);
  }
  if (clauses.length === 1 && first !== null) return first;
  if (clauses.length === 0) return null;
  return { kind: 'bool', clauses, boost: null, at: reader.since(start) };
}

/** AND makes what stands before it required too, unless it is prohibited. */
function requireLast(clauses: Clause[]): void {
  const last = clauses.pop();
  if (last) clauses.push(last.occur === '-' ? last : { ...last, occur: '+' });
}

function readClause(place: Place): Query | null {
  const { reader } = place;
  const field = readField(reader) ?? place.field;
  const open = reader.takeIf('"("');
  if (open === null) return readLeaf(reader, field, place.text);
  if (place.depth >= DEPTH_MAX)
    throw new QueryError({
      text: `at most ${DEPTH_MAX} groups may stand within each other`,
      at: { offset: open.offset, length: 1 },
    });
  const query = readGroup({ ...place, field, depth: place.depth + 1 });
  reader.expect('")"');
  const boost = reader.takeIf('"^"') ? reader.expect('<NUMBER>').text : null;
  return boost === null || query === null ? query : { ...query, boost };
}

/** Null: there is none. */
function readField(reader: TokenReader): string | null {
  const { kind, text, offset } = reader.peek();
  if ((kind !== '<TERM>' && kind !== '"*"') || reader.peek(1).kind !== '":"') return null;
  reader.take();
  reader.take();
  return unescapeText(text, offset);
}

function tooMany(at: Span): QueryError {
  return new QueryError({
    text: `a group has at most ${CLAUSES_MAX.toLocaleString('en')} clauses`,
    at,
    classic: 'too many boolean clauses',
  });
}
