import { TokenStream } from '../lex/lex.js';
import { isText, type Token } from '../lex/token.js';
import type { LineMap, Position } from '../text/span.js';

/** Where the parser stands among the tokens that carry meaning, with the few that it has looked ahead at. */
export class Cursor {
  readonly #stream: TokenStream;
  #current: Token;
  /** The token behind the current one, and those behind it, as far as they were asked for. */
  #second: Token | null = null;
  readonly #further: Token[] = [];

  constructor(
    readonly text: string,
    readonly lines: LineMap,
    at = 0,
  ) {
    this.#stream = new TokenStream(text, at);
    this.#current = this.#stream.next();
  }

  /** The comments up to where the parser stands. */
  get comments(): readonly Token[] {
    return this.#stream.comments;
  }

  peek(): Token {
    return this.#current;
  }

  /** The token so many behind the current one. */
  ahead(count: number): Token {
    this.#second ??= this.#stream.next();
    if (count === 1) return this.#second;
    while (this.#further.length < count - 1) this.#further.push(this.#stream.next());
    return this.#further[count - 2] ?? this.#second;
  }

  take(): Token {
    const token = this.#current;
    if (this.#second === null) this.#current = this.#stream.next();
    else {
      this.#current = this.#second;
      this.#second = this.#further.length > 0 ? (this.#further.shift() ?? null) : null;
    }
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
    return isText(token) && this.ahead(1).kind === '=' && this.isFirstOnLine(token);
  }
}

const INDENTATION_UNITS_MAX = 256;
