import type { ConfigFile } from '../files/config.js';
import { type ScopeNode, tokensOf } from '../syntax/tree.js';
import type { TextEdit } from '../text/edit.js';

/** Lines of a new statement, each with its depth below the place where it goes. */
export type Block = readonly { readonly depth: number; readonly text: string }[];

const UNIT = '  ';

export function endOfLineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Before the scope's closing brace, indented as what stands in it; one line stays one line. Null for an unclosed scope. */
export function insertInScope(file: ConfigFile, node: ScopeNode, block: Block): TextEdit | null {
  if (!node.close) return null;
  const { text } = file;
  const close = node.close.start;
  const lineOfClose = text.lastIndexOf('\n', close - 1) + 1;
  const outer = indentationAt(text, node.start);
  const { inner, unit } = indentationIn(file, node, outer);
  const eol = endOfLineOf(text);
  const body = render(block, inner, unit, eol);
  if (lineOfClose > node.open.start && text.slice(lineOfClose, close).trim() === '') {
    return { start: lineOfClose, end: lineOfClose, content: `${body}${eol}` };
  }
  const from = node.items.at(-1)?.end ?? node.open.end;
  const isBlank = text.slice(from, close).trim() === '';
  if (isBlank && node.items.length > 0 && block.length === 1)
    return { start: from, end: from, content: ` ${block[0]?.text ?? ''}` };
  // An empty body, or one that ends on the line of its last statement: the brace goes to a line of its own.
  return { start: isBlank ? from : close, end: close, content: `${eol}${body}${eol}${outer}` };
}

/** After the last option of the top level, if that line holds nothing else; null where there is no such place. */
export function insertAfterOptions(file: ConfigFile, block: Block): TextEdit | null {
  const { text, tree } = file;
  const last = tree.items.findLast((item) => item.kind === 'option');
  if (!last) return null;
  const newline = text.indexOf('\n', last.end);
  const end = newline === -1 ? text.length : newline;
  const at = end > last.end && text.charAt(end - 1) === '\r' ? end - 1 : end;
  const isInside = tree.items.some((item) => item.start < at && at < item.end) || isInToken(file, at);
  if (isInside) return null;
  const eol = endOfLineOf(text);
  return {
    start: at,
    end: at,
    content: `${eol}${render(block, indentationAt(text, last.start), UNIT, eol)}`,
  };
}

export function insertAtEnd(file: ConfigFile, block: Block): TextEdit {
  const { length } = file.text;
  const eol = endOfLineOf(file.text);
  const gap = length === 0 || file.text.endsWith('\n') ? '' : eol;
  const unit = /\n\t/.test(file.text) ? '\t' : UNIT;
  return { start: length, end: length, content: `${gap}${render(block, '', unit, eol)}${eol}` };
}

/** A statement's own bytes: its whole line where it stands alone on it, else itself and the blanks after it. */
export function removal(text: string, start: number, end: number): TextEdit {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const lineEnd = newline === -1 ? text.length : newline + 1;
  const isAlone = text.slice(lineStart, start).trim() === '' && text.slice(end, lineEnd).trim() === '';
  if (isAlone) return { start: lineStart, end: lineEnd, content: '' };
  return { start, end: end + (/^[ \t]*/.exec(text.slice(end, lineEnd))?.[0].length ?? 0), content: '' };
}

function render(block: Block, indentation: string, unit: string, eol: string): string {
  return block.map(({ depth, text }) => `${indentation}${unit.repeat(depth)}${text}`).join(eol);
}

function indentationIn(file: ConfigFile, node: ScopeNode, outer: string): { inner: string; unit: string } {
  const lineOf = (offset: number) => file.tree.lines.position(offset).line;
  const sibling = node.items.find(
    (item) => item.kind !== 'junk' && lineOf(item.start) !== lineOf(node.open.start),
  );
  const tabs = outer.includes('\t') || /\n\t/.test(file.text);
  if (!sibling) return { inner: `${outer}${tabs ? '\t' : UNIT}`, unit: tabs ? '\t' : UNIT };
  const inner = indentationAt(file.text, sibling.start);
  const unit = inner.startsWith(outer) && inner.length > outer.length ? inner.slice(outer.length) : UNIT;
  return { inner, unit };
}

function indentationAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

function isInToken(file: ConfigFile, at: number): boolean {
  return tokensOf(file.tree).some((token) => token.kind !== 'blank' && token.start < at && at < token.end);
}
