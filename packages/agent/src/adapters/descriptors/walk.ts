import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { FileProblem, WalkEnd, WalkLimits, WalkVisitor } from '../../ports/files.js';
import { problemOf } from '../file-problems.js';
import { fileStat } from '../file-stat.js';
import { nameOf } from './fd.js';
import { byCodeUnit, namesOf } from './names.js';
import { Standing } from './standing.js';
import { type PartState, WalkHelper } from './walk-helper.js';
import { entriesOf, retell } from './walk-part.js';

/** Other work gets its turn after this long. Synchronous calls in slices: an asynchronous one a file costs five times. */
const SLICE_MS = 10;
const SLICE_CHECKED_EVERY = 32;
/** What Node puts for bytes that are not UTF-8: such a name cannot be looked up again, and must not go unseen. */
const NOT_UTF8 = '\uFFFD';

const NO_ENTRY_IS_NO_ERROR = { throwIfNoEntry: false } as const;

/** How long a walk that has nothing else left waits before it asks again for what was handed over. */
const TOLD_ASKED_EVERY_MS = 1;

interface Folder {
  readonly fd: number;
  /** As the caller names it; empty for `/`. */
  readonly path: string;
  readonly names: readonly string[];
  next: number;
  /** Where those that were handed over begin. */
  end: number;
  /** The last one is told first: each was the end of what was left. */
  readonly handedOver: Part[];
}

interface Part {
  readonly state: PartState;
  /** Of its folder's names, the first one behind it. */
  readonly end: number;
}

/**
 * Closes `start.fd`. One descriptor is held for each level, so what is below was below when its folder was opened.
 * `isAlone`: this process does nothing else meanwhile, so it may go into the folders itself (see `Standing`), and a second
 * thread of it may look at half of a large tree. `thread`: the program of that thread.
 */
export async function walkTree(
  start: { readonly fd: number; readonly path: string; readonly isAlone: boolean; readonly thread?: URL },
  visitor: WalkVisitor,
  limits: WalkLimits,
): Promise<WalkEnd> {
  const standing = start.isAlone ? Standing.begin() : null;
  const helper = start.isAlone ? new WalkHelper(start.thread) : null;
  const walk = new Walk(visitor, limits, standing);
  const giveWay = async (wait: () => Promise<unknown>) => {
    standing?.leave();
    await wait();
    limits.signal.throwIfAborted();
  };
  try {
    walk.open(start.fd, start.path, fstatSync(start.fd).size);
    let sliceEnd = performance.now() + SLICE_MS;
    for (let count = 1, next = walk.step(); next !== 'end'; count += 1, next = walk.step()) {
      if (next === 'waits') await giveWay(() => delay(TOLD_ASKED_EVERY_MS));
      else if (count % SLICE_CHECKED_EVERY !== 0) continue;
      helper?.poll();
      if (helper?.isFree(walk.entriesSeen)) walk.handOver(helper);
      if (performance.now() < sliceEnd) continue;
      await giveWay(nextTurn);
      sliceEnd = performance.now() + SLICE_MS;
    }
    return { entriesSeen: walk.entriesSeen, isTruncated: walk.isTruncated };
  } finally {
    helper?.end();
    walk.close();
    standing?.close();
  }
}

/** `waits`: what comes next is being looked at elsewhere. */
type Step = 'went' | 'waits' | 'end';

/** The levels of a walk: what it is in, and what is left there. */
export class Walk {
  entriesSeen = 0;
  isTruncated = false;
  readonly #levels: Folder[] = [];
  readonly #skipped: ReadonlySet<string>;

  constructor(
    private readonly visitor: WalkVisitor,
    private readonly limits: Omit<WalkLimits, 'signal'>,
    private readonly standing: Standing | null,
  ) {
    this.#skipped = new Set(limits.skipNames);
  }

  open(fd: number, path: string, sizeBytes: number): void {
    this.goInto(fd, path, this.#namesIn(fd, path, sizeBytes));
  }

  /** Its descriptor is closed behind it. */
  goInto(fd: number, path: string, names: readonly string[]): void {
    this.#levels.push({ fd, path, names, next: 0, end: names.length, handedOver: [] });
  }

  /** Half of what is left of the outermost folder that has some left: most of the work is there. */
  handOver(helper: WalkHelper): void {
    const level = this.#levels.findIndex(({ next, end }) => end - next > 1);
    const folder = this.#levels[level];
    if (!folder) return;
    const { fd, path, end } = folder;
    folder.end -= Math.floor((end - folder.next) / 2);
    const state = helper.give({
      fd,
      path,
      names: folder.names.slice(folder.end, end),
      entriesMax: this.limits.entriesMax - this.entriesSeen,
      depthMax: this.limits.depthMax - level,
      skipNames: this.limits.skipNames,
    });
    folder.handedOver.push({ state, end });
  }

  /** Looks at one entry, or tells a part that was handed over. `end`: there is none left, or no more are wanted. */
  step(): Step {
    const folder = this.#levels.at(-1);
    if (!folder) return 'end';
    if (folder.next >= folder.end) return this.#endOf(folder);
    const name = folder.names[folder.next] ?? '';
    folder.next += 1;
    if (this.#skipped.has(name)) return 'went';
    const path = `${folder.path}/${name}`;
    const seen = this.#look(folder, name, path);
    if (!seen) return 'went';
    if (this.entriesSeen >= this.limits.entriesMax) {
      this.isTruncated = true;
      if (seen.fd !== null) closeSync(seen.fd);
      return 'end';
    }
    this.entriesSeen += 1;
    this.#tellEntry(path, seen);
    return 'went';
  }

  #endOf(folder: Folder): Step {
    const part = folder.handedOver.at(-1);
    if (!part) {
      this.standing?.forget(folder.fd);
      closeSync(folder.fd);
      this.#levels.pop();
      return 'went';
    }
    const { told } = part.state;
    if (told === null) return 'waits';
    folder.handedOver.pop();
    folder.end = part.end;
    if (told === 'lost') return 'went';
    folder.next = part.end;
    const wanted = this.limits.entriesMax - this.entriesSeen;
    const isMore = entriesOf(told) > wanted;
    this.entriesSeen += retell(told, this.visitor, wanted);
    this.isTruncated ||= told.isTruncated || isMore;
    return isMore ? 'end' : 'went';
  }

  close(): void {
    for (const { fd } of this.#levels) closeSync(fd);
    this.#levels.length = 0;
  }

  #nameOf(folder: number, name: string): string {
    return this.standing?.nameOf(folder, name) ?? nameOf(folder, name);
  }

  #tellEntry(path: string, { stats, fd }: { readonly stats: Stats; readonly fd: number | null }): void {
    try {
      this.visitor.entry(path, fileStat(stats));
    } catch (error) {
      if (fd !== null) closeSync(fd);
      throw error;
    }
    if (fd === null) {
      if (stats.isDirectory() && this.#levels.length >= this.limits.depthMax) this.isTruncated = true;
      return;
    }
    this.open(fd, path, stats.size);
  }

  /** A folder is opened before it is told, so that what is told is what is gone into. */
  #look(
    folder: Folder,
    name: string,
    path: string,
  ): { readonly stats: Stats; readonly fd: number | null } | null {
    try {
      const stats = lstatSync(this.#nameOf(folder.fd, name), NO_ENTRY_IS_NO_ERROR);
      if (!stats) {
        if (name.includes(NOT_UTF8)) this.visitor.problem(path, 'failed', `${path}: the name is not UTF-8`);
        return null;
      }
      if (!stats.isDirectory() || this.#levels.length >= this.limits.depthMax) return { stats, fd: null };
      return this.#openFolder(folder, name, path, stats);
    } catch (error) {
      this.#tell(error, path);
      return null;
    }
  }

  #openFolder(
    folder: Folder,
    name: string,
    path: string,
    stats: Stats,
  ): { stats: Stats; fd: number | null } | null {
    try {
      const fd = openSync(
        this.#nameOf(folder.fd, name),
        constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
      );
      return { stats: fstatSync(fd), fd };
    } catch (error) {
      // Its names are not known; that it is there is.
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
