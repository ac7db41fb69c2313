import { TokenStream } from '../lex/lex.js';
import { isText, type Token } from '../lex/token.js';
import type { LineMap, Position } from '../text/span.js';

/** Where the parser stands among the tokens that carry meaning, with the few that it has looked ahead at. */
export class Cursor {
  readonly #stream: TokenStream;
  #current: Token;
  /** Tokens behind the current one that were asked for already. */
  readonly #ahead: Token[] = [];

  constructor(
    readonly text: string,
    readonly lines: LineMap,
  ) {
    this.#stream = new TokenStream(text);
    this.#current = this.#stream.next();
  }

  /** The comments up to where the parser stands. */
  get comments(): readonly Token[] {
    return this.#stream.comments;
  }

  peek(ahead = 0): Token {
    if (ahead === 0) return this.#current;
    while (this.#ahead.length < ahead) this.#ahead.push(this.#stream.next());
    return this.#ahead[ahead - 1] ?? this.#current;
  }

  take(): Token {
    const token = this.#current;
    this.#current = this.#ahead.length > 0 ? (this.#ahead.shift() ?? token) : this.#stream.next();
    return token;
  }

  raw(token: Token): string {
    return this.text.slice(token.start, token.end);
  }

  position(token: Token): Position {
    return this.lines.position(token.start);
  }

  column(token: Token): number {
    return this.position(token).column;
  }

  isSameLine(a: Token, b: Token): boolean {
    return this.position(a).line === this.position(b).line;
  }

  isFirstOnLine(token: Token): boolean {
    const { line } = this.position(token);
    const start = this.lines.lineStart(line);
    // Only as far back as an indentation reaches: a long line must not be read again for each of its tokens.
    return token.start - start <= INDENTATION_UNITS_MAX && this.text.slice(start, token.start).trim() === '';
  }

  /** Whether a line begins here that stands no deeper than the line of the scope's head. */
  isOutdented(token: Token, head: Token): boolean {
    return this.isFirstOnLine(token) && this.isFirstOnLine(head) && this.column(token) <= this.column(head);
  }

  /** A name with its own `=` on a new line: the next option, not the value of the one before. */
  beginsStatement(token: Token): boolean {
    return isText(token) && this.peek(1).kind === '=' && this.isFirstOnLine(token);
  }
}

const INDENTATION_UNITS_MAX = 256;
