import { createTwoFilesPatch, formatPatch, type StructuredPatchHunk } from 'diff';
import { type ChangedLines, changedLines } from './text/changed-lines.js';
import { sameAtEnd, sameAtStart } from './text/same.js';

const CONTEXT_LINES = 3;
/** Lines behind the last difference that are compared all the same. */
const TAIL_LINES_KEPT = 1000;
/** Lines taken away and added up to which the fewest are looked for: that takes time by their square. */
const FEWEST_LINES_MAX = 400;

/** A unified diff with three lines of context; empty where nothing differs. The caller masks secrets before. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const head = sameHead(before, after);
  const name = `${path.startsWith('/') ? '' : '/'}${path}`;
  const tail = sameTail(before, after, head.at);
  const from = before.slice(head.at, before.length - tail);
  const to = after.slice(head.at, after.length - tail);
  const names = [`a${name}`, `b${name}`] as const;
  const fewest = createTwoFilesPatch(...names, from, to, '', '', {
    context: CONTEXT_LINES,
    maxEditLength: FEWEST_LINES_MAX,
  });
  const patch = (fewest ?? patchOfMany(names, from, to)).replace(/^=+\n/, '');
  if (head.lines === 0) return patch;
  return patch.replace(
    /^@@ -(\d+)(,\d+)? \+(\d+)(,\d+)? @@$/gm,
    (_whole, start: string, count = '', startAfter: string, countAfter = '') =>
      `@@ -${Number(start) + head.lines}${count} +${Number(startAfter) + head.lines}${countAfter} @@`,
  );
}

function patchOfMany(
  [oldFileName, newFileName]: readonly [string, string],
  before: string,
  after: string,
): string {
  const [from, to] = [linesOf(before), linesOf(after)];
  const hunks: StructuredPatchHunk[] = [];
  let near: ChangedLines[] = [];
  for (const change of changedLines(from, to)) {
    const last = near.at(-1);
    if (last && change.start - last.end > 2 * CONTEXT_LINES) {
      hunks.push(hunkOf(near, from, to));
      near = [];
    }
    near.push(change);
  }
  hunks.push(hunkOf(near, from, to));
  return formatPatch({ oldFileName, newFileName, oldHeader: '', newHeader: '', index: undefined, hunks });
}

/** Changes so near each other that their contexts meet. */
function hunkOf(
  changes: readonly ChangedLines[],
  from: readonly string[],
  to: readonly string[],
): StructuredPatchHunk {
  const [first, last] = [changes[0], changes.at(-1)];
  const context = Math.min(CONTEXT_LINES, first?.start ?? 0);
  const start = (first?.start ?? 0) - context;
  const otherStart = (first?.otherStart ?? 0) - context;
  const end = Math.min(from.length, (last?.end ?? 0) + CONTEXT_LINES);
  const lines: string[] = [];
  const add = (mark: string, all: readonly string[], begin: number, stop: number) => {
    for (const line of all.slice(begin, stop)) {
      if (line.endsWith('\n')) lines.push(`${mark}${line.slice(0, -1)}`);
      else lines.push(`${mark}${line}`, '\\ No newline at end of file');
    }
  };
  let at = start;
  for (const change of changes) {
    add(' ', from, at, change.start);
    add('-', from, change.start, change.end);
    add('+', to, change.otherStart, change.otherEnd);
    at = change.end;
  }
  add(' ', from, at, end);
  const otherEnd = (last?.otherEnd ?? 0) + end - at;
  return {
    oldStart: start + 1,
    oldLines: end - start,
    newStart: otherStart + 1,
    newLines: otherEnd - otherStart,
    lines,
  };
}

/** Each with its line feed; the last may have none. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The lines that both begin with, less the context of the first change: a large text differs in few. */
function sameHead(before: string, after: string): { at: number; lines: number } {
  const same = sameAtStart(before, after);
  let at = same === 0 ? 0 : before.lastIndexOf('\n', same - 1) + 1;
  // A position before the text counts as its begin.
  for (let line = 0; line < CONTEXT_LINES && at > 0; line += 1)
    at = at === 1 ? 0 : before.lastIndexOf('\n', at - 2) + 1;
  let lines = 0;
  for (let feed = before.indexOf('\n'); feed !== -1 && feed < at; feed = before.indexOf('\n', feed + 1))
    lines += 1;
  return { at, lines };
}

/**
 * Length of the whole lines that both end with behind `from`, less some: where lines repeat, one change can be told in
 * several ways, and which is told should not depend on what is cut off.
 */
function sameTail(before: string, after: string, from: number): number {
  let at = before.length - sameAtEnd(before, after, from) - 1;
  for (let line = 0; line < TAIL_LINES_KEPT; line += 1) {
    at = before.indexOf('\n', at + 1);
    if (at === -1) return 0;
  }
  return before.length - at - 1;
}
