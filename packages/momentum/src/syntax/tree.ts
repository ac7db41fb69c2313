import { lex } from '../lex/lex.js';
import type { Token } from '../lex/token.js';
import type { LineMap, Span } from '../text/span.js';

export { eachToken } from '../lex/lex.js';
export type { Token } from '../lex/token.js';

/** What was written between `=` and the next statement. Elements are words and strings. */
export type ValueNode =
  | ({ readonly kind: 'scalar'; readonly token: Token } & Span)
  | ({ readonly kind: 'array'; readonly elements: readonly Token[] } & Span)
  | ({ readonly kind: 'dictionary'; readonly entries: readonly DictionaryEntry[] } & Span);

export interface DictionaryEntry extends Span {
  readonly key: Token;
  readonly value: ValueNode | null;
}

export interface OptionNode extends Span {
  readonly kind: 'option';
  readonly name: Token;
  /** Null where the text breaks off. */
  readonly value: ValueNode | null;
}

export interface IncludeNode extends Span {
  readonly kind: 'include';
  readonly keyword: Token;
  readonly isReadOnly: boolean;
  readonly path: Token;
}

export interface ScopeNode extends Span {
  readonly kind: 'scope';
  readonly type: Token;
  readonly name: Token | null;
  readonly open: Token;
  /** Null: never closed. */
  readonly close: Token | null;
  readonly items: readonly Item[];
  /** How many options and scopes are in it, those of its scopes included. */
  readonly size: number;
  /** Somewhere in it another file is named. */
  readonly holdsInclude: boolean;
  /** What a reader made of its type and name, which stay as they are when it is moved; null: nothing yet. */
  made: object | null;
}

/** Tokens that make no statement; reported, and kept. */
export interface JunkNode extends Span {
  readonly kind: 'junk';
}

export type Item = OptionNode | IncludeNode | ScopeNode | JunkNode;

/** A whole text. What stands between its items and comments is blank or reported: nothing is lost, valid or not. */
export interface Tree {
  readonly text: string;
  readonly comments: readonly Token[];
  readonly items: readonly Item[];
  readonly lines: LineMap;
}

/** Every token of the text, blanks and comments included. They are not kept: cutting is cheaper than holding them. */
export function tokensOf({ text }: Tree): Token[] {
  return lex(text);
}

/** The text, put together from its tokens. */
export function print(tree: Tree): string {
  return tokensOf(tree)
    .map(({ start, end }) => tree.text.slice(start, end))
    .join('');
}

/** What a word or string says: without its quotes; only `\"` and `\\` are undone, because no page documents more. */
export function wordOf(text: string, token: Token): string {
  const raw = text.slice(token.start, token.end);
  if (token.kind !== 'string') return raw;
  return raw.slice(1, token.unclosed ? undefined : -1).replace(/\\(["\\])/g, '$1');
}
