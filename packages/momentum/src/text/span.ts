/** A piece of a text by UTF-16 offsets; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Line and column count from 1; the column counts UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Offsets to lines, by one pass over the text when the first question comes, and a binary search for each. */
export class LineMap {
  #starts: readonly number[] | null = null;

  constructor(private readonly text: string) {}

  position(offset: number): Position {
    const starts = this.#known();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  lineStart(line: number): number {
    return this.#known()[line - 1] ?? 0;
  }

  #known(): readonly number[] {
    if (this.#starts) return this.#starts;
    const { text } = this;
    const starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
    return starts;
  }
}
