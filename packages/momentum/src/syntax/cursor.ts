import { isText, type Token } from '../lex/token.js';
import type { LineMap, Position } from '../text/span.js';

/** The tokens that carry meaning, and where the parser stands among them. */
export class Cursor {
  #at = 0;
  readonly #end: Token;

  constructor(
    readonly text: string,
    readonly lines: LineMap,
    private readonly tokens: readonly Token[],
  ) {
    this.#end = tokens.at(-1) ?? { kind: 'end', start: text.length, end: text.length };
  }

  peek(ahead = 0): Token {
    return this.tokens[this.#at + ahead] ?? this.#end;
  }

  take(): Token {
    const token = this.peek();
    this.#at += 1;
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
