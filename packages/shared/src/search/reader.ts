import { lexicalError, unexpected } from './messages.js';
import type { Token, TokenKind } from './tokens.js';
import type { Span } from './tree.js';

/** Tokens in turn. Asking for what is none throws QueryError, as does taking another than is expected. */
export class TokenReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  /** The token that comes, or the one behind it; never beyond the end. */
  peek(ahead: 0 | 1 = 0): Token {
    const token = this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] as Token;
    if (token.kind === 'none') throw lexicalError(this.#text, token);
    return token;
  }

  take(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  takeIf(kind: TokenKind): Token | null {
    return this.peek().kind === kind ? this.take() : null;
  }

  expect(...kinds: readonly TokenKind[]): Token {
    const token = this.peek();
    if (!kinds.includes(token.kind)) throw unexpected(this.#text, token);
    return this.take();
  }

  /** From there to the end of the token that was taken last. */
  since(offset: number): Span {
    const last = this.#tokens[this.#next - 1];
    return { offset, length: last ? last.offset + last.text.length - offset : 0 };
  }
}
