import type { Token, TokenKind } from './token.js';

const PUNCTUATION = '{}()[]=';
const BLANKS = new Set([' ', '\t', '\n', '\r', '\v', '\f', '\u00a0', '\ufeff', '\0']);

/**
 * Cuts a text into tokens. Never throws; every character is in exactly one token; linear in the text's length.
 * `#` begins a comment that ends with the line, `/*` one that ends with the first `*` + `/` (no nesting); `//` begins
 * nothing (Manual, ecelerity.conf). A bare regular expression `/…/` is one word, also with brackets inside, because the
 * manual's own examples leave out the quotes (conf.ref.match_cache_size).
 */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  const state = { text, hasUnclosedString: false };
  let at = 0;
  while (at < text.length) {
    const token = next(state, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length });
  return tokens;
}

interface State {
  readonly text: string;
  /** After one string without an end no later one may look beyond its line: that keeps the whole linear. */
  hasUnclosedString: boolean;
}

function next(state: State, start: number): Token {
  const { text } = state;
  const first = text.charAt(start);
  if (BLANKS.has(first)) return { kind: 'blank', start, end: skip(text, start, (c) => BLANKS.has(c)) };
  if (first === '#') return { kind: 'comment', start, end: lineEnd(text, start) };
  if (first === '/' && text.charAt(start + 1) === '*') return blockComment(text, start);
  if (first === '"') return string(state, start);
  if (PUNCTUATION.includes(first)) return { kind: first as TokenKind, start, end: start + 1 };
  if (first === ',') return { kind: ',', start, end: start + 1 };
  return { kind: 'word', start, end: wordEnd(text, start) };
}

function skip(text: string, start: number, has: (c: string) => boolean): number {
  let end = start + 1;
  while (end < text.length && has(text.charAt(end))) end += 1;
  return end;
}

function lineEnd(text: string, start: number): number {
  const newline = text.indexOf('\n', start);
  if (newline === -1) return text.length;
  return newline > start && text.charAt(newline - 1) === '\r' ? newline - 1 : newline;
}

function blockComment(text: string, start: number): Token {
  const close = text.indexOf('*/', start + 2);
  if (close !== -1) return { kind: 'comment', start, end: close + 2 };
  // Only its first line is taken, so that one forgotten end does not hide the rest of the file.
  return { kind: 'comment', start, end: Math.max(lineEnd(text, start), start + 2), unclosed: true };
}

function string(state: State, start: number): Token {
  const { text } = state;
  const limit = state.hasUnclosedString ? lineEnd(text, start) : text.length;
  for (let at = start + 1; at < limit; at += 1) {
    const c = text.charAt(at);
    if (c === '\\') at += 1;
    else if (c === '"') return { kind: 'string', start, end: at + 1 };
  }
  state.hasUnclosedString = true;
  return { kind: 'string', start, end: Math.max(lineEnd(text, start), start + 1), unclosed: true };
}

/** A comma ends a word only where something else or nothing follows it: `300,6` is one word, `a, b` are two. */
function wordEnd(text: string, start: number): number {
  if (text.charAt(start) === '/') {
    const regex = bareRegexEnd(text, start);
    if (regex !== -1) return regex;
  }
  let end = start;
  while (end < text.length) {
    const c = text.charAt(end);
    if (BLANKS.has(c) || c === '#' || c === '"' || PUNCTUATION.includes(c)) break;
    if (c === ',' && endsWord(text.charAt(end + 1))) break;
    end += 1;
  }
  return Math.max(end, start + 1);
}

function endsWord(c: string): boolean {
  return c === '' || c === ')' || c === ']' || c === '"' || c === ',' || BLANKS.has(c);
}

/** End of `/…/` that holds no blank and stands before a blank or `{`; -1 where there is none. */
function bareRegexEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const c = text.charAt(at);
    if (BLANKS.has(c)) return -1;
    if (c === '\\') at += 1;
    else if (c === '/' && (BLANKS.has(text.charAt(at + 1)) || text.charAt(at + 1) === '{')) return at + 1;
  }
  return -1;
}
