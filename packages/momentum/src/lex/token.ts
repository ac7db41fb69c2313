/**
 * A token is a kind and a span; blanks and comments are tokens, so the tokens of a text are the whole text.
 * `unclosed` marks a string or a C comment that has no end.
 */
export type TokenKind = 'blank' | 'comment' | 'word' | 'string' | '{' | '}' | '(' | ')' | '[' | ']' | '=' | ',' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  readonly unclosed?: true;
}

export function isTrivia(token: Token): boolean {
  return token.kind === 'blank' || token.kind === 'comment';
}
