import { isSecretOption, SECRET_NAME_IN_TEXT } from '../options/secret.js';
import { parse } from '../syntax/parse.js';
import {
  eachToken,
  type Item,
  type OptionNode,
  type Token,
  type Tree,
  type ValueNode,
  wordOf,
} from '../syntax/tree.js';

/** Where a secret stands in a text; the span is the secret's value alone. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** What kind of secret, for a person: `password in a connection string`. */
  readonly what: string;
  readonly inComment: boolean;
}

export const MASK = '********';

/** Connection strings: password= (pgsql, mysql), PWD= (odbc), x-bindpw= (ldap). Manual, modules.ds_core. */
const IN_TEXT =
  /(?<![\w.-])(password|passwd|pwd|x-bindpw)\s{0,8}=\s{0,8}(?:'([^'\n]{1,1024})'|([^\s;&"'`,)]{1,1024}))/gi;
const IN_URL = /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@"]{1,256}:([^\s/@"]{1,256})@/gi;
/** `name = value` in a comment, as a line that was switched off. */
const IN_COMMENT =
  /(?<![\w.-])([A-Za-z_][\w.-]{0,80})[ \t]{0,8}=[ \t]{0,8}(?:"([^"\n]{1,1024})"|([^\s"#()[\]{}]{1,1024}))/g;
/** The same with a list: to its bracket, or to the end of the line. */
const LIST_IN_COMMENT = /(?<![\w.-])([A-Za-z_][\w.-]{0,80})[ \t]{0,8}=[ \t]{0,8}\(([^)\n]{1,4096})/g;
const ELEMENT = /"([^"\n]{1,1024})"?|[^\s"#,()]{1,1024}/g;
/** A string that names a driver or a scheme is a connection string; one that does not may be a query. */
const CONNECTION = /^\s*[a-z][a-z0-9_+.-]{0,30}:/i;

/** `$var`, `%{…}` and `:name` are filled in when the string is used: nothing is written down (Manual, modules.ds_core). */
function isPlaceholder(text: string): boolean {
  return text === '' || text.startsWith('$') || text.startsWith(':') || text.includes('%{') || text === MASK;
}

/** The secrets that stand in a text in the clear, comments included, in the order of the text. */
export function secretSpans(source: Tree | string): SecretSpan[] {
  const tree = typeof source === 'string' ? parse(source).tree : source;
  const found = [...suspects(tree).flatMap((piece) => inPiece(tree, piece)), ...inOptions(tree)];
  const spans = found
    .filter(({ start, end }) => !isPlaceholder(tree.text.slice(start, end)))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  let covered = 0;
  return spans.flatMap((span) => {
    if (span.start < covered) return [];
    covered = span.end;
    return [{ ...span, line: tree.lines.position(span.start).line }];
  });
}

type Found = Omit<SecretSpan, 'line'>;

type Piece = Pick<Token, 'start' | 'end'> & { readonly kind: 'string' | 'comment' | 'bare' };

/** What every secret in a string or between strings has in it; a comment may hold any option, and has its equals sign. */
const SUSPECT = /(?:password|passwd|pwd|x-bindpw)\s{0,8}=|:\/\//gi;

/** The pieces that may hold a secret: a large text has very many that cannot, and one look at it tells. */
function suspects(tree: Tree): Piece[] {
  const { text, comments } = tree;
  const places = [...text.matchAll(SUSPECT)].map(({ index }) => index);
  const mayHoldOption = ({ start, end }: Piece) => text.slice(start, end).includes('=');
  // Then only comments are left, and those the tree has: the text is not cut again.
  if (places.length === 0)
    return comments.map(({ start, end }) => ({ kind: 'comment' as const, start, end })).filter(mayHoldOption);
  let next = 0;
  return piecesOf(tree).filter((piece) => {
    while ((places[next] ?? Number.POSITIVE_INFINITY) < piece.start) next += 1;
    if ((places[next] ?? Number.POSITIVE_INFINITY) < piece.end) return true;
    return piece.kind === 'comment' && mayHoldOption(piece);
  });
}

/** Strings, comments, and what stands between them as one piece: a connection string may have lost its quotes. */
function piecesOf({ text }: Tree): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  const between = (end: number) => {
    if (end > start) pieces.push({ kind: 'bare', start, end });
  };
  eachToken(text, ({ kind, start: at, end }) => {
    if (kind !== 'string' && kind !== 'comment') return;
    between(at);
    pieces.push({ kind, start: at, end });
    start = end;
  });
  between(text.length);
  return pieces;
}

function inPiece(tree: Tree, piece: Piece): Found[] {
  const raw = tree.text.slice(piece.start, piece.end);
  const inComment = piece.kind === 'comment';
  const isConnection = piece.kind !== 'string' || CONNECTION.test(raw.slice(1));
  const found: Found[] = [];
  for (const match of raw.matchAll(IN_TEXT)) {
    const [whole, name = '', quoted, bare = ''] = match;
    if (!isConnection && name.toLowerCase() !== 'x-bindpw') continue;
    const end = piece.start + match.index + whole.length - (quoted === undefined ? 0 : 1);
    // Between strings a bracket opens a list or a scope; inside of one it is a character like any other.
    const value = quoted ?? (piece.kind === 'bare' ? bare.replace(/^[([{]+/, '') : bare);
    found.push({
      start: end - value.length,
      end,
      what: `${name.toLowerCase()} in a connection string`,
      inComment,
    });
  }
  for (const match of raw.matchAll(IN_URL)) {
    const end = piece.start + match.index + match[0].length - 1;
    found.push({ start: end - (match[1] ?? '').length, end, what: 'password in an address', inComment });
  }
  return inComment ? [...found, ...inCommentedOption(piece, raw), ...inCommentedList(piece, raw)] : found;
}

function inCommentedList(piece: Piece, raw: string): Found[] {
  return [...raw.matchAll(LIST_IN_COMMENT)].flatMap((match) => {
    const [whole, name = '', list = ''] = match;
    if (!isSecretOption(name)) return [];
    const from = piece.start + match.index + whole.length - list.length;
    return [...list.matchAll(ELEMENT)].map((element) => {
      const start = from + element.index + (element[1] === undefined ? 0 : 1);
      const end = start + (element[1] ?? element[0]).length;
      return { start, end, what: `value of ${name}`, inComment: true };
    });
  });
}

function inCommentedOption(piece: Piece, raw: string): Found[] {
  return [...raw.matchAll(IN_COMMENT)].flatMap((match) => {
    const [whole, name = '', quoted, bare = ''] = match;
    if (!isSecretOption(name)) return [];
    const end = piece.start + match.index + whole.length - (quoted === undefined ? 0 : 1);
    return [{ start: end - (quoted ?? bare).length, end, what: `value of ${name}`, inComment: true }];
  });
}

/** Only what has a secret's name in it is looked at: of a large text that is hardly anything. */
function inOptions(tree: Tree): Found[] {
  const places = [...tree.text.matchAll(SECRET_NAME_IN_TEXT)].map(({ index }) => index);
  const found: Found[] = [];
  let next = 0;
  const walk = (items: readonly Item[]): void => {
    for (const item of items) {
      while ((places[next] ?? Number.POSITIVE_INFINITY) < item.start) next += 1;
      if ((places[next] ?? Number.POSITIVE_INFINITY) >= item.end) continue;
      if (item.kind === 'scope') walk(item.items);
      else if (item.kind === 'option') inOption(tree, item, found);
    }
  };
  walk(tree.items);
  return found;
}

function inOption(tree: Tree, { name: token, value: whole }: OptionNode, found: Found[]): void {
  if (!whole) return;
  const name = wordOf(tree.text, token);
  if (isSecretOption(name)) addAll(found, wholeValue(whole, name));
  if (whole.kind !== 'dictionary') return;
  for (const { key, value } of whole.entries) {
    const keyName = wordOf(tree.text, key);
    if (value && isSecretOption(keyName)) addAll(found, wholeValue(value, keyName));
  }
}

/** One by one: a list may be longer than a call has arguments. */
function addAll(found: Found[], more: readonly Found[]): void {
  for (const one of more) found.push(one);
}

function wholeValue(value: ValueNode, name: string): Found[] {
  const tokens = value.kind === 'scalar' ? [value.token] : value.kind === 'array' ? value.elements : [];
  return tokens.map((token) => {
    const quote = token.kind === 'string' ? 1 : 0;
    const end = token.end - (token.unclosed ? 0 : quote);
    return { start: token.start + quote, end, what: `value of ${name}`, inComment: false };
  });
}

/** The same text with every secret's value replaced by one mask of fixed length; lines stay where they are. */
export function maskSecrets(source: Tree | string): string {
  const text = typeof source === 'string' ? source : source.text;
  const parts: string[] = [];
  let at = 0;
  for (const span of secretSpans(source)) {
    const lineBreaks = text.slice(span.start, span.end).replace(/[^\n]/g, '');
    parts.push(text.slice(at, span.start), MASK, lineBreaks);
    at = span.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
