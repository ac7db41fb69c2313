import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileProblem, WalkEnd, WalkLimits, WalkVisitor } from '../../ports/files.js';
import { problemOf } from '../file-problems.js';
import { WalkedStats } from '../file-stat.js';
import { nameOf } from './fd.js';
import { byCodeUnit, namesOf } from './names.js';
import { Standing } from './standing.js';

/** Other work gets its turn after this long. Synchronous calls in slices: an asynchronous one a file costs five times. */
const SLICE_MS = 10;
const SLICE_CHECKED_EVERY = 32;
/** What Node puts for bytes that are not UTF-8: such a name cannot be looked up again, and must not go unseen. */
const NOT_UTF8 = '\uFFFD';

const NO_ENTRY_IS_NO_ERROR = { throwIfNoEntry: false } as const;

interface Folder {
  readonly fd: number;
  /** As the caller names it; empty for `/`. */
  readonly path: string;
  readonly names: readonly string[];
  next: number;
}

/**
 * Closes `start.fd`. One descriptor is held for each level, so what is below was below when its folder was opened.
 * `isAlone`: this process does nothing else meanwhile, so it may go into the folders itself (see `Standing`).
 */
export async function walkTree(
  start: { readonly fd: number; readonly path: string; readonly isAlone: boolean },
  visitor: WalkVisitor,
  limits: WalkLimits,
): Promise<WalkEnd> {
  const standing = start.isAlone ? Standing.begin() : null;
  const walk = new Walk(visitor, limits, standing);
  try {
    walk.open(start.fd, start.path, fstatSync(start.fd).size);
    let sliceEnd = performance.now() + SLICE_MS;
    for (let count = 1; walk.step(); count += 1) {
      if (count % SLICE_CHECKED_EVERY !== 0 || performance.now() < sliceEnd) continue;
      standing?.leave();
      await nextTurn();
      limits.signal.throwIfAborted();
      sliceEnd = performance.now() + SLICE_MS;
    }
    return { entriesSeen: walk.entriesSeen, isTruncated: walk.isTruncated };
  } finally {
    walk.close();
    standing?.close();
  }
}

class Walk {
  entriesSeen = 0;
  isTruncated = false;
  readonly #levels: Folder[] = [];
  readonly #skipped: ReadonlySet<string>;
  readonly #stats = new WalkedStats();

  constructor(
    private readonly visitor: WalkVisitor,
    private readonly limits: WalkLimits,
    private readonly standing: Standing | null,
  ) {
    this.#skipped = new Set(limits.skipNames);
  }

  open(fd: number, path: string, sizeBytes: number): void {
    const folder = { fd, path, names: this.#namesIn(fd, path, sizeBytes), next: 0 };
    this.#levels.push(folder);
  }

  /** Looks at one entry. False: there is none left, or no more are wanted. */
  step(): boolean {
    const folder = this.#levels.at(-1);
    if (!folder) return false;
    const name = folder.names[folder.next];
    folder.next += 1;
    if (name === undefined) {
      this.standing?.forget(folder.fd);
      closeSync(folder.fd);
      this.#levels.pop();
      return true;
    }
    if (this.#skipped.has(name)) return true;
    const seen = this.#look(folder, name);
    if (!seen) return true;
    if (this.entriesSeen >= this.limits.entriesMax) {
      this.isTruncated = true;
      if (seen.fd !== null) closeSync(seen.fd);
      return false;
    }
    this.entriesSeen += 1;
    this.#tellEntry(folder.path, name, seen);
    return true;
  }

  close(): void {
    for (const { fd } of this.#levels) closeSync(fd);
    this.#levels.length = 0;
  }

  #nameOf(folder: number, name: string): string {
    return this.standing?.nameOf(folder, name) ?? nameOf(folder, name);
  }

  #tellEntry(
    folder: string,
    name: string,
    { stats, fd }: { readonly stats: Stats; readonly fd: number | null },
  ): void {
    try {
      this.visitor.entry(folder, name, this.#stats.of(stats));
    } catch (error) {
      if (fd !== null) closeSync(fd);
      throw error;
    }
    if (fd === null) {
      if (stats.isDirectory() && this.#levels.length >= this.limits.depthMax) this.isTruncated = true;
      return;
    }
    this.open(fd, `${folder}/${name}`, stats.size);
  }

  /** A folder is opened before it is told, so that what is told is what is gone into. */
  #look(folder: Folder, name: string): { readonly stats: Stats; readonly fd: number | null } | null {
    try {
      const stats = lstatSync(this.#nameOf(folder.fd, name), NO_ENTRY_IS_NO_ERROR);
      if (!stats) {
        const path = `${folder.path}/${name}`;
        if (name.includes(NOT_UTF8)) this.visitor.problem(path, 'failed', `${path}: the name is not UTF-8`);
        return null;
      }
      if (!stats.isDirectory() || this.#levels.length >= this.limits.depthMax) return { stats, fd: null };
      return this.#openFolder(folder, name, stats);
    } catch (error) {
      this.#tell(error, `${folder.path}/${name}`);
      return null;
    }
  }

  #openFolder(folder: Folder, name: string, stats: Stats): { stats: Stats; fd: number | null } | null {
    try {
      const fd = openSync(
        this.#nameOf(folder.fd, name),
        constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
      );
      return { stats: fstatSync(fd), fd };
    } catch (error) {
      // Its names are not known; that it is there is.
      const path = `${folder.path}/${name}`;
      this.#tell(error, path);
      const told = problemOf<never>(error, path);
      return !told.ok && told.problem === 'denied' ? { stats, fd: null } : null;
    }
  }

  #namesIn(fd: number, path: string, sizeBytes: number): readonly string[] {
    try {
      const names = namesOf(nameOf(fd), sizeBytes);
      // Sorted: two walks of the same tree tell the same in the same order.
      if (names !== null) return names.sort(byCodeUnit);
      this.isTruncated = true;
    } catch (error) {
      this.#tell(error, path || '/');
    }
    return [];
  }

  #tell(error: unknown, path: string): void {
    const told = problemOf<never>(error, path);
    if (told.ok) return;
    const vanished: FileProblem = 'missing';
    if (told.problem !== vanished) this.visitor.problem(path, told.problem, told.detail);
  }
}
