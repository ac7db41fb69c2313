/** Kinds of tokens: the names are those that Lucene's messages have for them. */
export type TokenKind =
  | '<EOF>'
  | '<AND>'
  | '<OR>'
  | '<NOT>'
  | '"+"'
  | '"-"'
  | '"("'
  | '")"'
  | '":"'
  | '"*"'
  | '"^"'
  | '<QUOTED>'
  | '<TERM>'
  | '<FUZZY_SLOP>'
  | '<PREFIXTERM>'
  | '<WILDTERM>'
  | '"["'
  | '"{"'
  | '<NUMBER>'
  | '"TO"'
  | '"]"'
  | '"}"'
  | '<RANGEIN_QUOTED>'
  | '<RANGEIN_GOOP>'
  | '<RANGEEX_QUOTED>'
  | '<RANGEEX_GOOP>'
  | 'none';

/** `none` is no token: from here on the text has no more of them. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly offset: number;
}

/** What stands between tokens. */
export const BLANKS = ' \t\n\r\u3000';
/** What a word neither begins with nor, but for `+` and `-`, contains, unless it is escaped. */
export const SPECIALS = '+-!():^[]"{}~*?\\';

export const isDigit = (char: string | undefined): boolean =>
  char !== undefined && char >= '0' && char <= '9';
