import { unexpected } from './messages.js';
import { QueryError } from './query-error.js';
import type { TokenReader } from './reader.js';
import type { Token, TokenKind } from './tokens.js';
import type { LeafQuery, Query, Span } from './tree.js';
import { unescapeParts, unescapeText } from './unescape.js';

const WORDS: ReadonlySet<TokenKind> = new Set<TokenKind>(['<TERM>', '"*"', '<PREFIXTERM>', '<WILDTERM>']);
/** As Lucene has it: a number beyond it is this one. */
const SLOP_MAX = 2 ** 31 - 1;

/** A word, a phrase or a range. Null: quotes with nothing in them. Throws QueryError. */
export function readLeaf(reader: TokenReader, field: string, text: string): Query | null {
  const token = reader.peek();
  if (WORDS.has(token.kind)) return readWord(reader, field);
  if (token.kind === '<QUOTED>') return readQuoted(reader, field);
  if (token.kind === '"["' || token.kind === '"{"') return readRange(reader, field);
  throw unexpected(text, token);
}

function readBoost(reader: TokenReader): string | null {
  return reader.takeIf('"^"') ? reader.expect('<NUMBER>').text : null;
}

function readWord(reader: TokenReader, field: string): Query {
  const token = reader.take();
  const before = reader.takeIf('<FUZZY_SLOP>');
  const boost = readBoost(reader);
  const fuzzy = (boost === null ? null : reader.takeIf('<FUZZY_SLOP>')) ?? before;
  const part = { boost, at: reader.since(token.offset), field };
  if (token.kind !== '<TERM>') return wild(token, part);
  const said = unescapeText(token.text, token.offset);
  if (fuzzy === null) return wordsOf(said, part, 0) as Query;
  const similarity = fuzzy.text.slice(1);
  checkSimilarity(similarity, fuzzy);
  return { kind: 'fuzzy', ...part, text: said.toLowerCase(), similarity };
}

interface Part {
  readonly boost: string | null;
  readonly at: Span;
  readonly field: string;
}

/** Wild words are compared in lower case, as they stand. */
function wild(token: Token, part: Part): Query {
  if (part.field === '*' && token.text === '*') return { kind: 'all', boost: part.boost, at: part.at };
  const pattern = unescapeParts(token.text, token.offset, true).map((piece) =>
    typeof piece === 'string' ? piece.toLowerCase() : piece,
  );
  return { kind: 'wild', ...part, pattern };
}

function checkSimilarity(said: string, { offset, text }: Token): void {
  const similarity = Math.fround(Number(said));
  if (similarity < 1) return;
  throw new QueryError({
    text: 'how alike words must be is a number from 0 to below 1',
    at: { offset, length: text.length },
    suggestion: '~0.8',
    classic:
      similarity > 1
        ? 'Minimum similarity for a FuzzyQuery has to be between 0.0f and 1.0f !'
        : 'minimumSimilarity >= 1',
  });
}

function readQuoted(reader: TokenReader, field: string): Query | null {
  const token = reader.take();
  const slop = reader.takeIf('<FUZZY_SLOP>')?.text.slice(1) ?? '';
  const boost = readBoost(reader);
  const said = unescapeText(token.text.slice(1, -1), token.offset + 1);
  const part = { boost, at: reader.since(token.offset), field };
  return wordsOf(said, part, Math.min(Math.trunc(Math.fround(Number(slop))), SLOP_MAX));
}

/** White space as Java knows it, which no-break spaces are not. */
const BETWEEN = /[\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+/;

function wordsOf(said: string, part: Part, slop: number): LeafQuery | null {
  const words = said.split(BETWEEN).filter((word) => word !== '');
  const [word] = words;
  if (word === undefined) return null;
  return words.length === 1
    ? { kind: 'term', ...part, text: word }
    : { kind: 'phrase', ...part, words, slop };
}

function readRange(reader: TokenReader, field: string): Query {
  const open = reader.take();
  const isInclusive = open.kind === '"["';
  const kinds: readonly TokenKind[] = isInclusive
    ? ['<RANGEIN_GOOP>', '<RANGEIN_QUOTED>']
    : ['<RANGEEX_GOOP>', '<RANGEEX_QUOTED>'];
  const from = reader.expect(...kinds);
  reader.takeIf('"TO"');
  const to = reader.expect(...kinds);
  reader.expect(isInclusive ? '"]"' : '"}"');
  const boost = readBoost(reader);
  const at = reader.since(open.offset);
  return { kind: 'range', field, boost, at, from: endOf(from), to: endOf(to), isInclusive };
}

/** Null: open. */
function endOf({ kind, text, offset }: Token): string | null {
  const isQuoted = kind === '<RANGEIN_QUOTED>' || kind === '<RANGEEX_QUOTED>';
  if (!isQuoted && text === '*') return null;
  const said = isQuoted ? unescapeText(text.slice(1, -1), offset + 1) : unescapeText(text, offset);
  return said.toLowerCase();
}
