import { BLANKS, isDigit, SPECIALS, type Token, type TokenKind } from './tokens.js';

type State = 'default' | 'boost' | 'inclusive' | 'exclusive';

const SINGLE: Readonly<Record<string, TokenKind>> = {
  '+': '"+"',
  '-': '"-"',
  '!': '<NOT>',
  '(': '"("',
  ')': '")"',
  ':': '":"',
  '^': '"^"',
  '[': '"["',
  '{': '"{"',
};
const WORDS: Readonly<Record<string, TokenKind>> = {
  AND: '<AND>',
  '&&': '<AND>',
  OR: '<OR>',
  '||': '<OR>',
  NOT: '<NOT>',
};
const NEXT: Partial<Record<TokenKind, State>> = {
  '"^"': 'boost',
  '<NUMBER>': 'default',
  '"["': 'inclusive',
  '"{"': 'exclusive',
  '"]"': 'default',
  '"}"': 'default',
};

/**
 * The tokens of a query, the longest possible each time, to the end of the text or to where no token can be read. Lucene's
 * own grammar of 3.0: `-` and `!` before a blank are operators (later releases read them as words).
 */
export function lex(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let state: State = 'default';
  let offset = 0;
  for (;;) {
    if (state !== 'boost') offset = skipBlanks(text, offset, state);
    if (offset >= text.length) return [...tokens, { kind: '<EOF>', text: '', offset: text.length }];
    const token = READ[state](text, offset);
    if (token === null) {
      const isUnclosed = state === 'default' && text[offset] === '"';
      const rest = isUnclosed ? text.slice(offset) : text.charAt(offset);
      return [...tokens, { kind: 'none', text: rest, offset }];
    }
    tokens.push(token);
    offset += token.text.length;
    state = NEXT[token.kind] ?? state;
  }
}

/** In a range only a blank ends what begins with other white space: the longest token wins. */
function skipBlanks(text: string, from: number, state: State): number {
  let offset = from;
  while (offset < text.length && BLANKS.includes(text.charAt(offset))) {
    if (state !== 'default' && goopEnd(text, offset, state) > offset + 1) return offset;
    offset += 1;
  }
  return offset;
}

type Read = (text: string, offset: number) => Token | null;

const READ: Readonly<Record<State, Read>> = {
  default: readDefault,
  boost: (text, offset) => tokenTo('<NUMBER>', text, offset, numberEnd(text, offset)),
  inclusive: (text, offset) => readRange(text, offset, 'inclusive'),
  exclusive: (text, offset) => readRange(text, offset, 'exclusive'),
};

/** Null: it would be empty. */
function tokenTo(kind: TokenKind, text: string, offset: number, end: number): Token | null {
  return end > offset ? { kind, text: text.slice(offset, end), offset } : null;
}

function readDefault(text: string, offset: number): Token | null {
  const char = text.charAt(offset);
  const single = SINGLE[char];
  if (single) return { kind: single, text: char, offset };
  if (char === '"') return tokenTo('<QUOTED>', text, offset, quotedEnd(text, offset));
  if (char === '~') {
    const end = numberEnd(text, offset + 1);
    return { kind: '<FUZZY_SLOP>', text: text.slice(offset, Math.max(end, offset + 1)), offset };
  }
  return readWord(text, offset);
}

function readWord(text: string, offset: number): Token | null {
  let end = offset;
  let wild = 0;
  let isLastWild = false;
  for (;;) {
    const next = wordCharEnd(text, end, end > offset);
    if (next === end) break;
    isLastWild = next === end + 1 && (text[end] === '*' || text[end] === '?');
    if (isLastWild) wild += 1;
    end = next;
  }
  if (end === offset) return null;
  const word = text.slice(offset, end);
  if (word === '*') return { kind: '"*"', text: word, offset };
  const isPrefix = wild === 1 && isLastWild && word.endsWith('*');
  const kind = wild === 0 ? (WORDS[word] ?? '<TERM>') : isPrefix ? '<PREFIXTERM>' : '<WILDTERM>';
  return { kind, text: word, offset };
}

/** Behind one character of a word, wild ones too; `offset` itself: there is none. */
function wordCharEnd(text: string, offset: number, isWithin: boolean): number {
  const char = text[offset];
  if (char === undefined || BLANKS.includes(char)) return offset;
  if (char === '\\') return offset + 1 < text.length ? offset + 2 : offset;
  if (char === '*' || char === '?') return offset + 1;
  if (char === '+' || char === '-') return isWithin ? offset + 1 : offset;
  return SPECIALS.includes(char) ? offset : offset + 1;
}

/** `offset` itself: it is not closed. */
function quotedEnd(text: string, offset: number): number {
  for (let end = offset + 1; end < text.length; end += 1) {
    if (text[end] === '\\') end += 1;
    else if (text[end] === '"') return end + 1;
  }
  return offset;
}

function numberEnd(text: string, offset: number): number {
  let end = offset;
  while (isDigit(text[end])) end += 1;
  if (end === offset || text[end] !== '.' || !isDigit(text[end + 1])) return end;
  end += 1;
  while (isDigit(text[end])) end += 1;
  return end;
}

function readRange(text: string, offset: number, state: 'inclusive' | 'exclusive'): Token | null {
  const [close, goop, quoted] =
    state === 'inclusive'
      ? (['"]"', '<RANGEIN_GOOP>', '<RANGEIN_QUOTED>'] as const)
      : (['"}"', '<RANGEEX_GOOP>', '<RANGEEX_QUOTED>'] as const);
  if (text[offset] === close[1]) return { kind: close, text: text.slice(offset, offset + 1), offset };
  const plainEnd = goopEnd(text, offset, state);
  const longEnd = rangeQuotedEnd(text, offset);
  if (longEnd >= plainEnd) return tokenTo(quoted, text, offset, longEnd);
  const token = tokenTo(goop, text, offset, plainEnd);
  return token?.text === 'TO' ? { ...token, kind: '"TO"' } : token;
}

function goopEnd(text: string, offset: number, state: State): number {
  const close = state === 'inclusive' ? ']' : '}';
  let end = offset;
  while (end < text.length && text[end] !== ' ' && text[end] !== close) end += 1;
  return end;
}

/** The longest: a quote behind a backslash may end it, or be part of it when another follows. 0: there is none. */
function rangeQuotedEnd(text: string, offset: number): number {
  if (text[offset] !== '"') return 0;
  let longest = 0;
  for (let end = offset + 1; end < text.length; end += 1) {
    if (text[end] !== '"') continue;
    if (end > offset + 1) longest = end + 1;
    if (text[end - 1] !== '\\') break;
  }
  return longest;
}
