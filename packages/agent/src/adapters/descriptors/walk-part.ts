import type { FileKind, FileProblem, FileStat, WalkVisitor } from '../../ports/files.js';
import { whole } from '../file-stat.js';

/** What a thread is asked: to look at these names of an open folder, and at everything below them. */
export interface PartAsked {
  readonly fd: number;
  readonly path: string;
  readonly names: readonly string[];
  readonly entriesMax: number;
  readonly depthMax: number;
  readonly skipNames: readonly string[];
}

/** What it tells, in the order of a walk and in a few large pieces: an object for each entry would cost more than its look. */
export interface PartTold {
  /** Joined by NUL, which no name holds. */
  readonly paths: string;
  /** `COLUMNS` for each path. */
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly problems: readonly PartProblem[];
  readonly isTruncated: boolean;
}

interface PartProblem {
  /** Entries told before it. */
  readonly after: number;
  readonly path: string;
  readonly problem: FileProblem;
  readonly detail: string;
}

const KINDS: readonly FileKind[] = ['file', 'directory', 'symlink', 'socket', 'other'];
/** A kind by its place in `KINDS`, then ten numbers of a `FileStat`. */
const COLUMNS = 11;
const FIRST_ENTRIES = 1024;

/** Takes down what a walk tells. */
export class PartWriter implements WalkVisitor {
  readonly #paths: string[] = [];
  readonly #problems: PartProblem[] = [];
  #numbers = new Float64Array(FIRST_ENTRIES * COLUMNS);

  entry(path: string, stat: FileStat): void {
    const at = this.#paths.length * COLUMNS;
    if (at === this.#numbers.length) {
      const grown = new Float64Array(at * 2);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    const to = this.#numbers;
    to[at] = KINDS.indexOf(stat.kind);
    to[at + 1] = stat.uid;
    to[at + 2] = stat.gid;
    to[at + 3] = stat.mode;
    to[at + 4] = stat.sizeBytes;
    to[at + 5] = stat.mtimeMs;
    to[at + 6] = stat.ctimeMs;
    to[at + 7] = stat.dev;
    to[at + 8] = stat.ino;
    to[at + 9] = stat.birthtimeMs ?? Number.NaN;
    to[at + 10] = stat.nlink;
    this.#paths.push(path);
  }

  problem(path: string, problem: FileProblem, detail: string): void {
    this.#problems.push({ after: this.#paths.length, path, problem, detail });
  }

  told(isTruncated: boolean): PartTold {
    return {
      paths: this.#paths.join('\0'),
      numbers: this.#numbers.slice(0, this.#paths.length * COLUMNS),
      problems: this.#problems,
      isTruncated,
    };
  }
}

export function entriesOf({ numbers }: PartTold): number {
  return numbers.length / COLUMNS;
}

/** Tells it to a visitor. Gives how many entries; `entriesMax` of them at most. */
export function retell(told: PartTold, visitor: WalkVisitor, entriesMax: number): number {
  const count = Math.min(entriesOf(told), entriesMax);
  const paths = count === 0 ? [] : told.paths.split('\0', count);
  let next = 0;
  const problemsUpTo = (seen: number) => {
    for (let one = told.problems[next]; one && one.after <= seen; one = told.problems[++next])
      visitor.problem(one.path, one.problem, one.detail);
  };
  for (const [index, path] of paths.entries()) {
    problemsUpTo(index);
    visitor.entry(path, statAt(told.numbers, index * COLUMNS));
  }
  problemsUpTo(count);
  return count;
}

function statAt(from: Float64Array, at: number): FileStat {
  const number = (column: number) => from[at + column] ?? Number.NaN;
  return {
    kind: KINDS[number(0)] ?? 'other',
    uid: whole(number(1)),
    gid: whole(number(2)),
    mode: whole(number(3)),
    sizeBytes: whole(number(4)),
    mtimeMs: number(5),
    ctimeMs: number(6),
    dev: whole(number(7)),
    ino: whole(number(8)),
    ...(Number.isNaN(number(9)) ? {} : { birthtimeMs: number(9) }),
    nlink: whole(number(10)),
  };
}
