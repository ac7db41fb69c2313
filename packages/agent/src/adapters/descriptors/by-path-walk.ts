import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileProblem, WalkEnd, WalkLimits, WalkVisitor } from '../../ports/files.js';
import { problemOf } from '../file-problems.js';
import { WalkedStats } from '../file-stat.js';

/**
 * Entries inspected before other work gets its turn: about 10 ms. Synchronous calls in slices, because an asynchronous
 * call for each file costs five times as much.
 */
const SLICE_ENTRIES = 2000;
/** What Node puts for bytes that are not UTF-8: such a name cannot be looked up again, and must not go unseen. */
const NOT_UTF8 = '\uFFFD';

interface Folder {
  readonly host: string;
  /** As the caller names it; empty for `/`. */
  readonly path: string;
  readonly depth: number;
}

/** The same as the walk by descriptor, where descriptors have no names. */
export async function walkByPath(
  start: { readonly host: string; readonly path: string },
  visitor: WalkVisitor,
  limits: WalkLimits,
): Promise<WalkEnd> {
  const skipped = new Set(limits.skipNames);
  const waiting: Folder[] = [{ host: start.host === '/' ? '' : start.host, path: start.path, depth: 1 }];
  const walked = new WalkedStats();
  let entriesSeen = 0;
  let isTruncated = false;
  let sliceEnd = SLICE_ENTRIES;
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    for (const name of namesIn(folder, visitor)) {
      if (skipped.has(name)) continue;
      const stats = statsOf(folder, name, visitor);
      if (!stats) continue;
      if (entriesSeen >= limits.entriesMax) return { entriesSeen, isTruncated: true };
      entriesSeen += 1;
      const path = `${folder.path}/${name}`;
      visitor.entry(folder.path, name, walked.of(stats));
      if (stats.isDirectory()) {
        if (folder.depth >= limits.depthMax) isTruncated = true;
        else waiting.push({ host: `${folder.host}/${name}`, path, depth: folder.depth + 1 });
      }
      if (entriesSeen >= sliceEnd) {
        await nextTurn();
        limits.signal.throwIfAborted();
        sliceEnd = entriesSeen + SLICE_ENTRIES;
      }
    }
  }
  return { entriesSeen, isTruncated };
}

function namesIn(folder: Folder, visitor: WalkVisitor): string[] {
  try {
    return readdirSync(folder.host || '/');
  } catch (error) {
    tell(error, folder.path || '/', visitor);
    return [];
  }
}

function statsOf(folder: Folder, name: string, visitor: WalkVisitor): Stats | null {
  const path = `${folder.path}/${name}`;
  try {
    const stats = lstatSync(`${folder.host}/${name}`, { throwIfNoEntry: false });
    if (stats) return stats;
    if (name.includes(NOT_UTF8)) visitor.problem(path, 'failed', `${path}: the name is not UTF-8`);
    return null;
  } catch (error) {
    tell(error, path, visitor);
    return null;
  }
}

function tell(error: unknown, path: string, visitor: WalkVisitor): void {
  const told = problemOf<never>(error, path);
  if (told.ok) return;
  const vanished: FileProblem = 'missing';
  if (told.problem !== vanished) visitor.problem(path, told.problem, told.detail);
}
