import { createTwoFilesPatch } from 'diff';

const CONTEXT_LINES = 3;

/** A unified diff with three lines of context; empty where nothing differs. The caller masks secrets before. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const head = sameHead(before, after);
  const name = `${path.startsWith('/') ? '' : '/'}${path}`;
  const patch = createTwoFilesPatch(`a${name}`, `b${name}`, before.slice(head.at), after.slice(head.at), '', '', {
    context: CONTEXT_LINES,
  }).replace(/^=+\n/, '');
  if (head.lines === 0) return patch;
  return patch.replace(
    /^@@ -(\d+)(,\d+)? \+(\d+)(,\d+)? @@$/gm,
    (_whole, from: string, fromCount = '', to: string, toCount = '') =>
      `@@ -${Number(from) + head.lines}${fromCount} +${Number(to) + head.lines}${toCount} @@`,
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

const NEWLINE = '\n'.charCodeAt(0);
