import {
  BLANK,
  COMMA,
  CONTINUES_WORD,
  CURLY_QUOTE,
  classOf,
  endsString,
  endsWordAfterComma,
  HASH,
  PUNCTUATION,
  QUOTE,
  WORD,
} from './characters.js';
import type { Token, TokenKind } from './token.js';

/** A bare regular expression longer than this is read as an ordinary word. */
const BARE_REGEX_UNITS_MAX = 512;
/** How much text may be read again after strings that were cut short: keeps a hostile text linear. */
const REREAD_FACTOR_MAX = 4;

const CARRIAGE_RETURN = '\r'.charCodeAt(0);
const SLASH = '/'.charCodeAt(0);
const STAR = '*'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);
const DOUBLE_QUOTE = '"'.charCodeAt(0);

/**
 * Cuts a text into tokens. Never throws; every character is in exactly one token; linear in the text's length.
 * `#` begins a comment that ends with the line, `/*` one that ends with the first `*` + `/` (no nesting); `//` begins
 * nothing (Manual, ecelerity.conf). A bare regular expression `/…/` is one word, also with brackets inside, because the
 * manual's own examples leave out the quotes (conf.ref.match_cache_size).
 */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  eachToken(text, (token) => tokens.push(token));
  tokens.push({ kind: 'end', start: text.length, end: text.length });
  return tokens;
}

/** The same one by one, without the end, for whoever keeps few of them. */
export function eachToken(text: string, see: (token: Token) => void): void {
  const lexer = new Lexer(text);
  for (let at = 0; at < text.length; ) {
    const token = lexer.next(at);
    see(token);
    at = token.end;
  }
}

/**
 * The tokens that carry meaning one after the other, the end again and again; the comments that were passed are kept. A
 * token that nobody keeps is gone at once, which is a third of a configuration.
 */
export class TokenStream {
  readonly comments: Token[] = [];
  readonly #text: string;
  readonly #lexer: Lexer;
  #at: number;

  /** From an offset on that no token goes over. */
  constructor(text: string, at = 0) {
    this.#text = text;
    this.#at = at;
    this.#lexer = new Lexer(text);
  }

  next(): Token {
    for (;;) {
      const start = this.#lexer.blankEnd(this.#at);
      if (start >= this.#text.length)
        return { kind: 'end', start: this.#text.length, end: this.#text.length };
      const token = this.#lexer.next(start);
      this.#at = token.end;
      if (token.kind !== 'comment') return token;
      this.comments.push(token);
    }
  }
}

/** `indexOf` for positions that only grow: the text is searched once in all. */
class Finder {
  #at = 0;
  #isKnown = false;

  constructor(
    private readonly text: string,
    private readonly needle: string,
  ) {}

  /** The first place from `from` on; -1 where there is none. */
  next(from: number): number {
    if (this.#isKnown && (this.#at === -1 || this.#at >= from)) return this.#at;
    this.#at = this.text.indexOf(this.needle, from);
    this.#isKnown = true;
    return this.#at;
  }
}

class Lexer {
  readonly #text: string;
  /** After one string without an end no later one may look beyond its line. */
  #hasUnclosedString = false;
  #rereadLeft: number;
  /** A string before this offset found no closing quote in its line: those after it in that line do not look again. */
  #searchedUntil = 0;
  readonly #newlines: Finder;
  readonly #quotes: Finder;
  readonly #backslashes: Finder;
  readonly #commentEnds: Finder;

  constructor(text: string) {
    this.#text = text;
    this.#newlines = new Finder(text, '\n');
    this.#quotes = new Finder(text, '"');
    this.#backslashes = new Finder(text, '\\');
    this.#commentEnds = new Finder(text, '*/');
    this.#rereadLeft = text.length * REREAD_FACTOR_MAX;
  }

  next(start: number): Token {
    const code = this.#text.charCodeAt(start);
    switch (classOf(code)) {
      case BLANK:
        return { kind: 'blank', start, end: this.blankEnd(start) };
      case HASH:
        return { kind: 'comment', start, end: this.#lineEnd(start) };
      case QUOTE:
        return this.#string(start);
      case CURLY_QUOTE:
        return this.#curlyString(start);
      case COMMA:
      case PUNCTUATION:
        return { kind: this.#text.charAt(start) as TokenKind, start, end: start + 1 };
      default:
        return code === SLASH && this.#text.charCodeAt(start + 1) === STAR
          ? this.#blockComment(start)
          : { kind: 'word', start, end: this.#wordEnd(start) };
    }
  }

  /** The first offset from `start` on that is not blank. */
  blankEnd(start: number): number {
    const text = this.#text;
    let end = start;
    while (end < text.length && classOf(text.charCodeAt(end)) === BLANK) end += 1;
    return end;
  }

  #lineEnd(start: number): number {
    const newline = this.#newlines.next(start);
    if (newline === -1) return this.#text.length;
    return newline > start && this.#text.charCodeAt(newline - 1) === CARRIAGE_RETURN ? newline - 1 : newline;
  }

  #blockComment(start: number): Token {
    const close = this.#commentEnds.next(start + 2);
    if (close !== -1) return { kind: 'comment', start, end: close + 2 };
    // Only its first line is taken, so that one forgotten end does not hide the rest of the file.
    return { kind: 'comment', start, end: Math.max(this.#lineEnd(start), start + 2), unclosed: true };
  }

  #string(start: number): Token {
    const lineEnd = this.#lineEnd(start);
    const close = this.#closingQuote(start, lineEnd);
    if (close !== -1 && endsString(this.#text.charCodeAt(close + 1)))
      return { kind: 'string', start, end: close + 1 };
    // The closing quote is missing, or what was found is the opening quote of a later string.
    const curly = this.#curlyQuote(start, close === -1 ? lineEnd : Math.min(close, lineEnd));
    if (curly === -1 && close !== -1 && close < lineEnd) return { kind: 'string', start, end: close + 1 };
    const cut = curly === -1 ? this.#cutString(start, lineEnd) : curly + 1;
    if (close !== -1 && !this.#mayCut(cut, close)) return { kind: 'string', start, end: close + 1 };
    return curly === -1
      ? { kind: 'string', start, end: cut, unclosed: true }
      : { kind: 'string', start, end: cut, curly: true };
  }

  #mayCut(cut: number, close: number): boolean {
    if (close - cut > this.#rereadLeft) return false;
    this.#rereadLeft -= Math.max(0, close - cut);
    return true;
  }

  #closingQuote(start: number, lineEnd: number): number {
    if (start < this.#searchedUntil) return -1;
    // Most strings hold no backslash: then the next quote is the closing one.
    const quote = this.#hasUnclosedString ? -1 : this.#quotes.next(start + 1);
    if (quote !== -1) {
      const backslash = this.#backslashes.next(start + 1);
      if (backslash === -1 || backslash > quote) return quote;
    }
    const limit = this.#hasUnclosedString ? lineEnd : this.#text.length;
    for (let at = start + 1; at < limit; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === BACKSLASH) at += 1;
      else if (code === DOUBLE_QUOTE) return at;
    }
    if (this.#hasUnclosedString) this.#searchedUntil = lineEnd;
    this.#hasUnclosedString = true;
    return -1;
  }

  #curlyQuote(start: number, limit: number): number {
    for (let at = start + 1; at < limit; at += 1)
      if (classOf(this.#text.charCodeAt(at)) === CURLY_QUOTE) return at;
    return -1;
  }

  /**
   * Where a string without an end is taken to end: with its line, but before the bracket that ends the line. It reads
   * the whole line, so it is asked only where the token takes the rest of it.
   */
  #cutString(start: number, lineEnd: number): number {
    const lineStart = this.#text.lastIndexOf('\n', start) + 1;
    const before = this.#text.slice(lineStart, start);
    let end = Math.max(lineEnd, start + 1);
    while (end > start + 1 && classOf(this.#text.charCodeAt(end - 1)) === BLANK) end -= 1;
    const last = this.#text.charAt(end - 1);
    const isBracket =
      last === '{' || (last === ')' && before.includes('(')) || (last === ']' && before.includes('['));
    if (!isBracket || end - 1 <= start) return end;
    end -= 1;
    while (end > start + 1 && classOf(this.#text.charCodeAt(end - 1)) === BLANK) end -= 1;
    return end;
  }

  /** `“text”`: reported later, but read as the string that was meant. */
  #curlyString(start: number): Token {
    const lineEnd = this.#lineEnd(start);
    for (let at = start + 1; at < lineEnd; at += 1) {
      const kind = classOf(this.#text.charCodeAt(at));
      if (kind === CURLY_QUOTE || kind === QUOTE) return { kind: 'string', start, end: at + 1, curly: true };
    }
    return { kind: 'word', start, end: this.#wordEnd(start) };
  }

  #wordEnd(start: number): number {
    const text = this.#text;
    if (text.charCodeAt(start) === SLASH) {
      const regex = this.#bareRegexEnd(start);
      if (regex !== -1) return regex;
    }
    let hasSlash = false;
    let end = start;
    while (end < text.length) {
      const code = text.charCodeAt(end);
      if (code > 255 || CONTINUES_WORD[code] === 0) break;
      end += 1;
    }
    for (; end < text.length; end += 1) {
      const code = text.charCodeAt(end);
      const kind = classOf(code);
      // A typographic quotation mark inside a word belongs to it: it is reported with the whole word.
      if (kind !== WORD && kind !== CURLY_QUOTE && !(kind === COMMA && !this.#endsWord(end))) break;
      if (code !== SLASH) continue;
      if (!hasSlash && end > start && this.#beginsComment(end)) break;
      hasSlash = true;
    }
    return Math.max(end, start + 1);
  }

  #endsWord(comma: number): boolean {
    const next = this.#text.charCodeAt(comma + 1);
    return endsWordAfterComma(next) || (next === SLASH && this.#beginsComment(comma + 1));
  }

  /** `1/* c *\/` holds a comment; the `/*` of a path pattern such as `/var/log/*` or `text/*` does not begin one. */
  #beginsComment(at: number): boolean {
    if (this.#text.charCodeAt(at + 1) !== STAR) return false;
    const close = this.#commentEnds.next(at + 2);
    return close !== -1 && close < this.#lineEnd(at);
  }

  /** End of `/…/` that follows a blank, holds none, and stands before a blank or `{`; -1 where there is none. */
  #bareRegexEnd(start: number): number {
    if (start > 0 && classOf(this.#text.charCodeAt(start - 1)) !== BLANK) return -1;
    const limit = Math.min(this.#text.length, start + BARE_REGEX_UNITS_MAX);
    for (let at = start + 1; at < limit; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (classOf(code) === BLANK) return -1;
      if (code === BACKSLASH) at += 1;
      else if (code === SLASH && this.#endsRegex(at + 1)) return at + 1;
    }
    return -1;
  }

  #endsRegex(at: number): boolean {
    return (
      at >= this.#text.length || classOf(this.#text.charCodeAt(at)) === BLANK || this.#text.charAt(at) === '{'
    );
  }
}
