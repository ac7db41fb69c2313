/** Replaces `text.slice(start, end)` by `content`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly content: string;
}

/** Applies edits given in any order. Throws on edits that overlap or leave the text: these are our own bugs. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const parts: string[] = [];
  let at = 0;
  for (const edit of ordered) {
    if (edit.start < at || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(`edit ${edit.start}..${edit.end} overlaps another one or leaves the text`);
    }
    parts.push(text.slice(at, edit.start), edit.content);
    at = edit.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
