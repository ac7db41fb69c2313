import { createTwoFilesPatch } from 'diff';

const CONTEXT_LINES = 3;
/** Lines behind the last difference that are compared all the same. */
const TAIL_LINES_KEPT = 1000;

/** A unified diff with three lines of context; empty where nothing differs. The caller masks secrets before. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const head = sameHead(before, after);
  const name = `${path.startsWith('/') ? '' : '/'}${path}`;
  const tail = sameTail(before, after, head.at);
  const [from, to] = [before, after].map((text) => text.slice(head.at, text.length - tail));
  const patch = createTwoFilesPatch(`a${name}`, `b${name}`, from ?? '', to ?? '', '', '', {
    context: CONTEXT_LINES,
  }).replace(/^=+\n/, '');
  if (head.lines === 0) return patch;
  return patch.replace(
    /^@@ -(\d+)(,\d+)? \+(\d+)(,\d+)? @@$/gm,
    (_whole, start: string, count = '', startAfter: string, countAfter = '') =>
      `@@ -${Number(start) + head.lines}${count} +${Number(startAfter) + head.lines}${countAfter} @@`,
  );
}

/** The lines that both begin with, less the context of the first change: a large text differs in few. */
function sameHead(before: string, after: string): { at: number; lines: number } {
  const starts: number[] = [0];
  let lines = 0;
  const length = Math.min(before.length, after.length);
  for (let at = 0; at < length && before.charCodeAt(at) === after.charCodeAt(at); at += 1) {
    if (before.charCodeAt(at) !== NEWLINE) continue;
    lines += 1;
    starts.push(at + 1);
    if (starts.length > CONTEXT_LINES + 1) starts.shift();
  }
  return { at: starts[0] ?? 0, lines: Math.max(0, lines - CONTEXT_LINES) };
}

/**
 * Length of the whole lines that both end with behind `from`, less some: where lines repeat, one change can be told in
 * several ways, and which is told should not depend on what is cut off.
 */
function sameTail(before: string, after: string, from: number): number {
  const ends: number[] = [];
  const length = Math.min(before.length, after.length) - from;
  for (let back = 1; back <= length; back += 1) {
    const code = before.charCodeAt(before.length - back);
    if (code !== after.charCodeAt(after.length - back)) break;
    if (code !== NEWLINE) continue;
    ends.push(back - 1);
    if (ends.length > TAIL_LINES_KEPT) ends.shift();
  }
  return ends.length === TAIL_LINES_KEPT ? (ends[0] ?? 0) : 0;
}

const NEWLINE = '\n'.charCodeAt(0);
