/** A line of a diff with its number on either side; `null` where that side has no such line. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

export interface Hunk {
  readonly header: string;
  readonly lines: readonly DiffLine[];
}

/** Two lines that stand beside each other; a gap where one side has more lines than the other. */
export interface Pair {
  readonly left: DiffLine | null;
  readonly right: DiffLine | null;
}

/** Reads a unified diff of one file. File headers and "no newline" notes are left out; all else keeps its order. */
export function readDiff(diff: string): Hunk[] {
  const hunks: { header: string; lines: DiffLine[] }[] = [];
  let before = 0;
  let after = 0;
  for (const line of diff.split('\n')) {
    const start = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (start) {
      before = Number(start[1]);
      after = Number(start[2]);
      hunks.push({ header: line, lines: [] });
      continue;
    }
    const hunk = hunks.at(-1);
    if (!hunk) continue;
    const text = line.slice(1);
    if (line.startsWith('+')) hunk.lines.push({ kind: 'added', before: null, after: after++, text });
    else if (line.startsWith('-')) hunk.lines.push({ kind: 'removed', before: before++, after: null, text });
    else if (line.startsWith(' ')) hunk.lines.push({ kind: 'same', before: before++, after: after++, text });
  }
  return hunks;
}

/** Removed lines face the added lines that took their place. */
export function besides(lines: readonly DiffLine[]): Pair[] {
  const pairs: Pair[] = [];
  let removed: DiffLine[] = [];
  let added: DiffLine[] = [];
  const settle = () => {
    for (let i = 0; i < Math.max(removed.length, added.length); i++)
      pairs.push({ left: removed[i] ?? null, right: added[i] ?? null });
    removed = [];
    added = [];
  };
  for (const line of lines) {
    if (line.kind === 'removed') {
      if (added.length > 0) settle();
      removed.push(line);
    } else if (line.kind === 'added') {
      added.push(line);
    } else {
      settle();
      pairs.push({ left: line, right: line });
    }
  }
  settle();
  return pairs;
}
