/** Lines of one text that others of another take the place of, by index from 0; `end` is exclusive. */
export interface ChangedLines {
  readonly start: number;
  readonly end: number;
  readonly otherStart: number;
  readonly otherEnd: number;
}

/** So many lines further two texts are looked at for where they go on alike. */
const LOOKED_AHEAD_MAX = 64;
/** So many lines in a row must be alike there: a brace alone stands everywhere. */
const ALIKE_MIN = 3;

/**
 * Where two texts differ, in time linear in their lines: past each difference the nearest place is taken at which both go
 * on alike. Not always the fewest lines, and always a way from one text to the other: a change of more lines than are
 * looked ahead takes the rest with it.
 */
export function changedLines(before: readonly string[], after: readonly string[]): ChangedLines[] {
  const changes: ChangedLines[] = [];
  let [at, other] = [0, 0];
  while (at < before.length || other < after.length) {
    if (at < before.length && before[at] === after[other]) {
      at += 1;
      other += 1;
      continue;
    }
    const [end, otherEnd] = nextAlike(before, at, after, other);
    changes.push({ start: at, end, otherStart: other, otherEnd });
    [at, other] = [end, otherEnd];
  }
  return changes;
}

function nextAlike(
  before: readonly string[],
  at: number,
  after: readonly string[],
  other: number,
): readonly [number, number] {
  for (let lines = 1; lines <= LOOKED_AHEAD_MAX; lines += 1) {
    for (let gone = 0; gone <= lines; gone += 1) {
      const [from, to] = [at + gone, other + lines - gone];
      if (from <= before.length && to <= after.length && areAlike(before, from, after, to)) return [from, to];
    }
  }
  return [before.length, after.length];
}

function areAlike(before: readonly string[], from: number, after: readonly string[], to: number): boolean {
  for (let n = 0; n < ALIKE_MIN; n += 1) {
    if (before[from + n] !== after[to + n]) return false;
    if (from + n >= before.length) return true;
  }
  return true;
}
