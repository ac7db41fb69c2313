/**
 * A token is a kind and a span; blanks and comments are tokens, so the tokens of a text are the whole text.
 * `unclosed` marks a string or a C comment that has no end; `curly` a string that a typographic quotation mark begins
 * or ends.
 */
export type TokenKind =
  | 'blank'
  | 'comment'
  | 'word'
  | 'string'
  | '{'
  | '}'
  | '('
  | ')'
  | '['
  | ']'
  | '='
  | ','
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  readonly unclosed?: true;
  readonly curly?: true;
}

/** What an option, a scope's name or a value may be written as. */
export function isText(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'string';
}
