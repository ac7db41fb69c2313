import { lex } from '../lex/lex.js';
import type { Token } from '../lex/token.js';
import type { TextEdit } from '../text/edit.js';

/** What an edit of the layout is for. */
export type LayoutRule = 'indentation' | 'trailing-blanks' | 'equals' | 'brace' | 'end-of-file';

/** One edit of blanks, and the rule that asks for it. */
export interface LayoutEdit extends TextEdit {
  readonly rule: LayoutRule;
}

/** What the layout depends on. */
export interface LayoutOptions {
  /** Text of one level of indentation. Default: two spaces. */
  readonly indent?: string;
}

const OPENING = new Set(['{', '(', '[']);
const CLOSING = new Set(['}', ')', ']']);

/**
 * The edits that bring a text into the common layout: each line indented by its depth, one blank around `=` and before
 * `{`, no blanks at the end of a line, one line feed at the end of the file. Only blanks change: words, texts, comments,
 * the breaks between lines and the blanks before a comment stay as they are. Bound: one edit a blank or bracket, linear.
 */
export function layoutEdits(text: string, { indent = '  ' }: LayoutOptions = {}): LayoutEdit[] {
  const tokens = lex(text);
  const edits: LayoutEdit[] = [];
  let depth = 0;
  let before: Token | null = null;
  for (const [i, token] of tokens.entries()) {
    if (token.kind === 'blank') continue;
    const blank = tokens[i - 1]?.kind === 'blank' ? tokens[i - 1] : undefined;
    const gap = { start: blank?.start ?? token.start, end: token.start };
    if (CLOSING.has(token.kind)) depth = Math.max(0, depth - 1);
    const level = depth + (before?.kind === '=' ? 1 : 0);
    const wanted = layoutOf({
      text: text.slice(gap.start, gap.end),
      before,
      token,
      indentation: indent.repeat(level),
    });
    if (wanted) edits.push(...minimal({ ...gap, ...wanted }, text));
    if (OPENING.has(token.kind)) depth += 1;
    before = token;
  }
  return edits;
}

interface Gap {
  readonly text: string;
  /** Null at the beginning of the file. */
  readonly before: Token | null;
  readonly token: Token;
  readonly indentation: string;
}

interface Wanted {
  readonly content: string;
  readonly rule: LayoutRule;
}

/** What should stand in a gap; null where it is left as it is. */
function layoutOf({ text, before, token, indentation }: Gap): Wanted | null {
  // A byte order mark, a NUL and the like are somebody else's to judge.
  if (/[^ \t\r\n]/.test(text)) return null;
  if (token.kind === 'end') {
    const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
    return { content: before === null ? '' : eol, rule: 'end-of-file' };
  }
  const breaks = text.match(/\r?\n/g) ?? [];
  if (breaks.length > 0 || before === null)
    return { content: breaks.join('') + indentation, rule: 'indentation' };
  if (token.kind === 'comment') return null;
  if (token.kind === '=' || before.kind === '=') return { content: ' ', rule: 'equals' };
  return token.kind === '{' ? { content: ' ', rule: 'brace' } : null;
}

/** An edit of a gap as one edit a line that differs, so that each is reported where it stands. */
function minimal(edit: LayoutEdit, text: string): LayoutEdit[] {
  const old = text.slice(edit.start, edit.end);
  if (old === edit.content) return [];
  const oldLines = old.split('\n');
  const newLines = edit.content.split('\n');
  if (oldLines.length !== newLines.length) return [edit];
  let at = edit.start;
  return oldLines.flatMap((line, i) => {
    const start = at;
    at += line.length + 1;
    const content = newLines[i] ?? '';
    if (line === content) return [];
    const isLast = i === oldLines.length - 1;
    return [{ start, end: start + line.length, content, rule: isLast ? edit.rule : 'trailing-blanks' }];
  });
}
