import type { Token } from '../lex/token.js';
import { sameAtEnd, sameAtStart } from '../text/same.js';
import { LineMap, type Span } from '../text/span.js';
import { shifted, shiftedToken } from './nodes.js';
import { type Parsed, parse, parsePiece } from './parse.js';
import type { Dialect } from './report.js';

/**
 * What `parse` makes of a text that another became by an edit. Only the statements around the edit are read; those before
 * it are taken over, and those behind it are moved. Where anything is wrong with either text, all of it is read.
 */
export function reparse(before: Parsed, text: string, file = '', dialect: Dialect = 'permissive'): Parsed {
  if (before.tree.text === text) return before;
  return parseAroundEdit(before, text, file, dialect) ?? parse(text, file, dialect);
}

/**
 * A text without faults leaves neither lexer nor parser in a state of its own between two statements of the top level: what
 * follows is read by itself. Except for the token behind a statement, nothing of it is read beyond its last line.
 */
function parseAroundEdit(
  { tree, diagnostics }: Parsed,
  text: string,
  file: string,
  dialect: Dialect,
): Parsed | null {
  if (diagnostics.length > 0) return null;
  const { items, comments } = tree;
  const start = sameAtStart(tree.text, text);
  const end = tree.text.length - sameAtEnd(tree.text, text, start);
  const by = text.length - tree.text.length;
  const from = firstRead(
    tree.text,
    items,
    firstAfter(items, ({ end: itsEnd }) => itsEnd >= start),
  );
  const at = from === 0 ? 0 : (items[from]?.start ?? 0);
  const newline = tree.text.indexOf('\n', end);
  let next = newline === -1 ? items.length : firstAfter(items, ({ start: itsStart }) => itsStart > newline);
  const lines = new LineMap(text);
  const piece = parsePiece({ text, lines, file, dialect }, at, (offset) => {
    while (next < items.length && (items[next]?.start ?? 0) + by < offset) next += 1;
    return (items[next]?.start ?? Number.NaN) + by === offset;
  });
  if (piece.diagnostics.length > 0) return null;
  const rest = piece.isWhole ? [] : items.slice(next);
  const restStart = rest[0]?.start ?? Number.POSITIVE_INFINITY;
  const commentsBefore = firstAfter(comments, (comment) => comment.start >= at);
  const commentsBehind = firstAfter(comments, (comment) => comment.start >= restStart);
  return {
    tree: {
      text,
      comments: joined<Token>(
        comments.slice(0, commentsBefore),
        piece.comments.filter((comment) => comment.start < restStart + by),
        comments.slice(commentsBehind).map((comment) => shiftedToken(comment, by)),
      ),
      items: joined(
        items.slice(0, from),
        piece.items,
        by === 0 ? rest : rest.map((item) => shifted(item, by)),
      ),
      lines,
    },
    diagnostics: [],
  };
}

/** The statement before the one that is touched, or one before that: the first of a line, which none before it reads into. */
function firstRead(text: string, items: readonly Span[], touched: number): number {
  for (let index = touched - 1; index > 0; index -= 1) {
    const [previous, item] = [items[index - 1], items[index]];
    if (previous && item && text.slice(previous.end, item.start).includes('\n')) return index;
  }
  return 0;
}

/** Index of the first for which it holds, where it holds for all behind that one too. */
function firstAfter(spans: readonly Span[], holds: (span: Span) => boolean): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const span = spans[middle];
    if (span && holds(span)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function joined<T>(...lists: readonly (readonly T[])[]): T[] {
  return lists.flat();
}
