import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { FileProblem, FileStat, WalkEnd, WalkLimits, WalkVisitor } from '../../ports/files.js';
import { nameOf } from './fd.js';
import { byCodeUnit, namesOf } from './names.js';
import { walkTree } from './walk.js';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** Entries kept until the walk from the beginning has come so far; about 300 bytes each. */
const ENTRIES_MAX = 250_000;
/** What the other tells is taken in between: it waits for that. */
const SLICE_MS = 2;
/** Names to a part: one while each is a large folder, more while they hold few entries. */
const NAMES_MAX = 256;
const ENTRIES_SOUGHT = 128;
const SLASH = 0x2f;

interface Start {
  /** An open folder, which stays the caller's. */
  readonly fd: number;
  readonly path: string;
  readonly isAlone: boolean;
}

/**
 * Walks a tree from its end, part by part, while somebody else walks it from its beginning, until the two meet. Whoever
 * comes from the beginning does not wait: a part that it comes to is its own, and what was seen of it here is dropped.
 */
export class WalkFromEnd {
  /** The last of the tree first. */
  readonly #parts: Part[] = [];
  #kept = 0;
  /** How far the other has come; null: it has told nothing. */
  #position: string | null = null;
  #at: { readonly from: string; readonly stop: AbortController } | null = null;
  #isStopped = false;

  constructor(
    private readonly start: Start,
    private readonly limits: Omit<WalkLimits, 'signal'>,
    private readonly entriesMax = ENTRIES_MAX,
  ) {}

  /** Of what the other comes to: whether it was seen here, as then all was that comes after it. */
  hasSeen(path: string): boolean {
    const last = this.#parts.at(-1);
    if (last && !isBefore(path, last.from)) return true;
    this.#position = path;
    if (this.#at && !isBefore(path, this.#at.from)) this.stop();
    return false;
  }

  /** Takes part after part. What the system refuses here is left to the other, who says so. */
  async run(): Promise<void> {
    const [way, { fd, path }] = [this.#way(), this.start];
    const open: number[] = [];
    try {
      let folder = { fd, path, depth: 0 };
      while (await this.#takeFrom(folder)) {
        const name = way[folder.depth];
        if (name === undefined) return;
        open.push(openSync(nameOf(folder.fd, name), FOLDER));
        folder = { fd: open.at(-1) ?? -1, path: `${folder.path}/${name}`, depth: folder.depth + 1 };
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
    } finally {
      for (const one of open) closeSync(one);
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#at?.stop.abort();
  }

  /** Tells what was seen here, in the order of a walk. */
  tell(visitor: WalkVisitor, entriesMax: number): WalkEnd {
    let entriesSeen = 0;
    let isTruncated = false;
    for (const part of this.#parts.toReversed()) {
      entriesSeen += part.tell(visitor, entriesMax - entriesSeen);
      isTruncated ||= part.isTruncated;
    }
    return { entriesSeen, isTruncated: isTruncated || entriesSeen < this.#kept };
  }

  /** Where the other is, name by name: what comes behind each in the order of a walk is still to be seen. */
  #way(): readonly string[] {
    const below = this.#position?.slice(this.start.path.length + 1) ?? '';
    return below.split('/');
  }

  /** False: no more is to be taken, here or further in. */
  async #takeFrom(folder: {
    readonly fd: number;
    readonly path: string;
    readonly depth: number;
  }): Promise<boolean> {
    const names = namesOf(nameOf(folder.fd), fstatSync(folder.fd).size)?.sort(byCodeUnit);
    if (!names) return false;
    for (let [end, count] = [names.length, 1]; end > 0; ) {
      const first = this.#firstOpen(folder.path, names, Math.max(0, end - count), end);
      if (first === end) return true;
      const part = await this.#take(folder, names.slice(first, end));
      if (part === null) return false;
      this.#parts.push(part);
      this.#kept += part.entriesSeen;
      end = first;
      count = part.entriesSeen < ENTRIES_SOUGHT ? Math.min(NAMES_MAX, count * 2) : Math.ceil(count / 2);
    }
    return true;
  }

  /** The first of these names that the other has not come to; `end`: none. */
  #firstOpen(folder: string, names: readonly string[], from: number, end: number): number {
    let first = from;
    while (first < end && !isBefore(this.#position ?? '', `${folder}/${names[first]}`)) first += 1;
    return first;
  }

  /** Null: the other came to it, or it was too much to keep. */
  async #take(
    { fd, path, depth }: { readonly fd: number; readonly path: string; readonly depth: number },
    names: readonly string[],
  ): Promise<Part | null> {
    if (this.#isStopped) return null;
    const part = new Part(`${path}/${names[0]}`);
    const stop = new AbortController();
    this.#at = { from: part.from, stop };
    try {
      const own = openSync(nameOf(fd), constants.O_RDONLY | constants.O_DIRECTORY);
      const { isTruncated } = await walkTree(
        { fd: own, path, isAlone: this.start.isAlone, names, sliceMs: SLICE_MS },
        part,
        {
          ...this.limits,
          entriesMax: this.entriesMax - this.#kept,
          depthMax: this.limits.depthMax - depth,
          signal: stop.signal,
        },
      );
      part.isTruncated = isTruncated;
      return this.#kept + part.entriesSeen < this.entriesMax && !this.#isStopped ? part : null;
    } catch (error) {
      if (stop.signal.aborted) return null;
      throw error;
    } finally {
      this.#at = null;
    }
  }
}

/** Neighbours in a folder, and all that is below them. */
class Part implements WalkVisitor {
  isTruncated = false;
  readonly #told: (
    | readonly [path: string, stat: FileStat, folder: string, name: string]
    | readonly [path: string, problem: FileProblem, detail: string]
  )[] = [];
  entriesSeen = 0;

  /** Where it begins in the order of a walk. */
  constructor(readonly from: string) {}

  entry(path: string, stat: FileStat, folder: string, name: string): void {
    this.entriesSeen += 1;
    this.#told.push([path, stat, folder, name]);
  }

  problem(path: string, problem: FileProblem, detail: string): void {
    this.#told.push([path, problem, detail]);
  }

  /** How many entries were told. */
  tell(visitor: WalkVisitor, entriesMax: number): number {
    let entries = 0;
    for (const one of this.#told) {
      if (one.length === 3) visitor.problem(...one);
      else if (entries === entriesMax) return entries;
      else {
        entries += 1;
        visitor.entry(...one);
      }
    }
    return entries;
  }
}

/** In the order of a walk: a folder, what is below it, then its next neighbour by code units. */
function isBefore(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const ofA = a.charCodeAt(index);
    const ofB = b.charCodeAt(index);
    if (ofA !== ofB) return ofA === SLASH || (ofB !== SLASH && ofA < ofB);
  }
  return a.length < b.length;
}
