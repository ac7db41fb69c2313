import type { FileKind, FileProblem, FileStat, WalkEnd, WalkVisitor } from '../../ports/files.js';

/**
 * What a walk tells, as bytes for another process: frames of a head, numbers, names and problems. An object for each entry
 * would cost as much as its look.
 */
const HEAD = 5;
/** Of a head: how many entries; bytes of their names, joined by NUL; bytes of the problems (JSON); entries so far; how it ends. */
const [COUNT, NAMES_BYTES, PROBLEMS_BYTES, TOTAL, END] = [0, 1, 2, 3, 4];
const [GOES_ON, WHOLE, TRUNCATED] = [0, 1, 2];
const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT;
const HEAD_BYTES = HEAD * NUMBER_BYTES;
/** How deep it stands, its kind by its place in `KINDS`, then the numbers of a `FileStat`. */
const COLUMNS = 12;
const PROBLEMS: readonly FileProblem[] = [
  'missing',
  'denied',
  'directory',
  'not-directory',
  'loop',
  'too-large',
  'failed',
];
const KINDS: readonly FileKind[] = ['file', 'directory', 'symlink', 'socket', 'other'];

const FRAME_ENTRIES = 1024;
const FRAME_PROBLEMS = 64;
/** Of one part of a frame. A name has 255 bytes at most, a path in a problem some thousand. */
const PART_BYTES_MAX = 4 * 1024 * 1024;

type Problem = readonly [entriesBefore: number, path: string, problem: FileProblem, detail: string];

/** Takes down what a walk of `start` tells, and gives it away frame by frame. */
export class FrameWriter implements WalkVisitor {
  readonly #numbers = new Float64Array(FRAME_ENTRIES * COLUMNS);
  #names: string[] = [];
  #problems: Problem[] = [];
  #total = 0;
  /** Lengths of the paths of the folders that the walk is in. */
  readonly #levels: number[];

  constructor(
    start: string,
    private readonly give: (bytes: Uint8Array) => void,
  ) {
    this.#levels = [start.length];
  }

  entry(path: string, stat: FileStat, folder: string, name: string): void {
    while (this.#levels.length > 1 && this.#levels.at(-1) !== folder.length) this.#levels.pop();
    const [at, to] = [this.#names.length * COLUMNS, this.#numbers];
    to[at] = this.#levels.length - 1;
    to[at + 1] = KINDS.indexOf(stat.kind);
    to[at + 2] = stat.uid;
    to[at + 3] = stat.gid;
    to[at + 4] = stat.mode;
    to[at + 5] = stat.sizeBytes;
    to[at + 6] = stat.mtimeMs;
    to[at + 7] = stat.ctimeMs;
    to[at + 8] = stat.dev;
    to[at + 9] = stat.ino;
    to[at + 10] = stat.birthtimeMs ?? 0;
    to[at + 11] = stat.nlink;
    this.#names.push(name);
    if (stat.kind === 'directory') this.#levels.push(path.length);
    if (this.#names.length === FRAME_ENTRIES) this.flush();
  }

  problem(path: string, problem: FileProblem, detail: string): void {
    this.#problems.push([this.#names.length, path, problem, detail]);
    if (this.#problems.length === FRAME_PROBLEMS) this.flush();
  }

  /** Also with nothing in it: then it says that the walk goes on. */
  flush(end = GOES_ON): void {
    const count = this.#names.length;
    this.#total += count;
    const names = Buffer.from(this.#names.join('\0'));
    const problems = Buffer.from(JSON.stringify(this.#problems));
    const head = Float64Array.of(count, names.length, problems.length, this.#total, end);
    this.give(
      Buffer.concat([
        new Uint8Array(head.buffer),
        new Uint8Array(this.#numbers.buffer, 0, count * COLUMNS * NUMBER_BYTES),
        names,
        problems,
      ]),
    );
    this.#names = [];
    this.#problems = [];
  }

  end({ isTruncated }: WalkEnd): void {
    this.flush(isTruncated ? TRUNCATED : WHOLE);
  }
}

/** Tells a visitor what the frames hold. */
export class FrameReader {
  /** Null: the last frame has not come. */
  end: WalkEnd | null = null;
  /** Whether the visitor was told anything. */
  hasTold = false;
  #entriesSeen = 0;
  /** What came and is no whole frame yet. */
  readonly #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** The folders that the walk is in, to #level; those behind it are of before. */
  readonly #folders: string[];
  #level = 0;

  constructor(
    start: string,
    private readonly visitor: WalkVisitor,
  ) {
    this.#folders = [start];
  }

  get entriesSeen(): number {
    return this.#entriesSeen;
  }

  /** False: these are no frames of a walk. What the visitor throws is thrown. */
  take(bytes: Uint8Array): boolean {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    while (this.#heldBytes >= HEAD_BYTES) {
      const head = numbersIn(this.#first(HEAD_BYTES), 0, HEAD);
      if (this.end || !isHead(head)) return false;
      const namesAt = HEAD_BYTES + at(head, COUNT) * COLUMNS * NUMBER_BYTES;
      const problemsAt = namesAt + at(head, NAMES_BYTES);
      const length = problemsAt + at(head, PROBLEMS_BYTES);
      if (this.#heldBytes < length) return true;
      const frame = this.#first(length);
      this.#drop(length);
      const problems = problemsOf(frame.toString('utf8', problemsAt));
      const names = at(head, COUNT) === 0 ? [] : frame.toString('utf8', namesAt, problemsAt).split('\0');
      if (problems === null || names.length !== at(head, COUNT)) return false;
      if (!this.#tell(names, numbersIn(frame, HEAD_BYTES, names.length * COLUMNS), problems)) return false;
      if (at(head, TOTAL) !== this.#entriesSeen) return false;
      if (at(head, END) !== GOES_ON)
        this.end = { entriesSeen: this.#entriesSeen, isTruncated: at(head, END) === TRUNCATED };
    }
    return true;
  }

  /** A copy of the first of what is held, in memory of its own. */
  #first(count: number): Buffer {
    const first = Buffer.from(new ArrayBuffer(count));
    let filled = 0;
    for (const bytes of this.#held) {
      if (filled === count) break;
      first.set(bytes.subarray(0, count - filled), filled);
      filled += Math.min(bytes.length, count - filled);
    }
    return first;
  }

  #drop(count: number): void {
    this.#heldBytes -= count;
    for (let left = count; left > 0; ) {
      const bytes = this.#held.shift() ?? new Uint8Array(left);
      if (bytes.length > left) this.#held.unshift(bytes.subarray(left));
      left -= Math.min(bytes.length, left);
    }
  }

  #tell(names: readonly string[], numbers: Float64Array, problems: readonly Problem[]): boolean {
    let next = 0;
    const tellProblems = (entries: number) => {
      for (let one = problems[next]; one && one[0] <= entries; one = problems[++next]) {
        this.hasTold = true;
        this.visitor.problem(one[1], one[2], one[3]);
      }
    };
    for (let index = 0; index < names.length; index += 1) {
      if (problems.length > 0) tellProblems(index);
      const from = index * COLUMNS;
      const level = at(numbers, from);
      const folder = level <= this.#level ? this.#folders[level] : undefined;
      const kind = KINDS[at(numbers, from + 1)];
      if (folder === undefined || kind === undefined) return false;
      const name = names[index] ?? '';
      const path = `${folder}/${name}`;
      this.#level = level;
      if (kind === 'directory') {
        this.#level += 1;
        this.#folders[this.#level] = path;
      }
      this.#entriesSeen += 1;
      this.hasTold = true;
      this.visitor.entry(path, new FramedStat(kind, numbers, from), folder, name);
    }
    tellProblems(names.length);
    return true;
  }
}

function isHead(head: Float64Array): boolean {
  return (
    isWithin(at(head, COUNT), FRAME_ENTRIES) &&
    isWithin(at(head, NAMES_BYTES), PART_BYTES_MAX) &&
    isWithin(at(head, PROBLEMS_BYTES), PART_BYTES_MAX) &&
    isWithin(at(head, END), TRUNCATED)
  );
}

function isWithin(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max;
}

/** Null: it is no list of problems. */
function problemsOf(json: string): readonly Problem[] | null {
  try {
    const problems: unknown = JSON.parse(json);
    return Array.isArray(problems) && problems.length <= FRAME_PROBLEMS && problems.every(isProblem)
      ? problems
      : null;
  } catch {
    return null;
  }
}

function isProblem(value: unknown): value is Problem {
  if (!Array.isArray(value)) return false;
  const [before, path, problem, detail, ...more]: unknown[] = value;
  return (
    typeof before === 'number' &&
    typeof path === 'string' &&
    PROBLEMS.some((one) => one === problem) &&
    typeof detail === 'string' &&
    more.length === 0
  );
}

/** Not copied: `bytes` begin in memory of their own, and numbers at multiples of eight in them. */
function numbersIn(bytes: Buffer, offset: number, count: number): Float64Array {
  return new Float64Array(bytes.buffer, bytes.byteOffset + offset, count);
}

function at(numbers: Float64Array, index: number): number {
  return numbers[index] ?? Number.NaN;
}

/** A row of a frame. Nearly all of them are kept and few are asked for more than owner and mode. */
class FramedStat implements FileStat {
  constructor(
    readonly kind: FileKind,
    private readonly numbers: Float64Array,
    private readonly first: number,
  ) {}

  get uid(): number {
    return this.#number(2);
  }
  get gid(): number {
    return this.#number(3);
  }
  get mode(): number {
    return this.#number(4);
  }
  get sizeBytes(): number {
    return this.#number(5);
  }
  get mtimeMs(): number {
    return this.#number(6);
  }
  get ctimeMs(): number {
    return this.#number(7);
  }
  get dev(): number {
    return this.#number(8);
  }
  get ino(): number {
    return this.#number(9);
  }
  get birthtimeMs(): number {
    return this.#number(10);
  }
  get nlink(): number {
    return this.#number(11);
  }

  #number(column: number): number {
    return at(this.numbers, this.first + column);
  }
}
