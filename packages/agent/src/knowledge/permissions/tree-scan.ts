import type { Access } from '@castellan/shared/model/plan';
import type { FileReader, FileStat } from '../../ports/files.js';
import type { PrincipalIds } from './passwd.js';
import { accessOf, grants, PathAccess, parentOf } from './path-access.js';

/** Ten times the largest tree that was thought of. */
export const SCAN_ENTRIES_MAX = 1_000_000;
export const SCAN_DEPTH_MAX = 64;
/** How many of each kind are named. */
export const SCAN_NAMED_MAX = 10_000;
/** Folders outside the roots that links of the tree lead to. */
export const SCAN_LINKED_MAX = 64;

export interface BarredEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  readonly access: Access;
  /** `read` of a file, `search` of a folder (r and x). */
  readonly lacks: 'read' | 'search';
  /** The outermost folder above it that bars the user too; null: there is none, so this is what to open first. */
  readonly within: string | null;
}

export interface TreeScan {
  readonly entriesSeen: number;
  readonly barred: readonly BarredEntry[];
  /** Owned by another user. */
  readonly foreign: readonly { readonly path: string; readonly access: Access; readonly readable: boolean }[];
  readonly brokenLinks: readonly string[];
  readonly unseen: readonly { readonly path: string; readonly problem: string }[];
  /** A limit was reached (entries, depth, barred places): more may be barred than is named. */
  readonly isTruncated: boolean;
}

/**
 * How a user meets everything below `roots`: which folders it cannot enter and list, which files it cannot read.
 * Roots that do not exist are passed over. `.svn` is Subversion's own.
 */
export async function scanTree(
  files: FileReader,
  roots: readonly string[],
  principal: PrincipalIds,
  signal: AbortSignal,
): Promise<TreeScan> {
  const scan = new Scan(files, principal);
  for (const root of roots) await scan.root(root, signal);
  await scan.linkedFolders(signal);
  return scan.result();
}

class Scan {
  readonly #paths: PathAccess;
  readonly #barred = new Map<string, BarredEntry>();
  readonly #foreign: { path: string; access: Access; readable: boolean }[] = [];
  readonly #brokenLinks: string[] = [];
  readonly #unseen: { path: string; problem: string }[] = [];
  readonly #walked: string[] = [];
  readonly #linked = new Set<string>();
  /** Barring folders by path, with the outermost one above each: entries come after their folder. */
  readonly #barring = new Map<string, string>();
  #entriesSeen = 0;
  #isTruncated = false;

  constructor(
    private readonly files: FileReader,
    private readonly principal: PrincipalIds,
  ) {
    this.#paths = new PathAccess(files, principal);
  }

  async root(path: string, signal: AbortSignal): Promise<void> {
    const real = this.files.realpath(path);
    if (!real.ok) {
      if (real.problem !== 'missing') this.#unseen.push({ path, problem: real.problem });
      return;
    }
    const way = this.#paths.check(path, 'search');
    if (way.kind === 'unknown') this.#unseen.push({ path: way.path, problem: way.problem });
    if (way.kind === 'barred') this.#bar(way.path, way.isFolder ? 'directory' : 'file', way.access, null);
    const outermost = way.kind === 'barred' ? way.path : null;
    if (outermost !== null) this.#barring.set(real.value.path, outermost);
    // What stands on the way to the root may hide that the root bars as well: both have to be opened.
    if (outermost !== null && outermost !== real.value.path) this.#rootItself(real.value.path, outermost);
    await this.#walk(real.value.path, signal);
  }

  #rootItself(path: string, outermost: string): void {
    const stat = this.files.stat(path);
    if (stat.ok && !grants(accessOf(stat.value), this.principal, 'search'))
      this.#bar(path, 'directory', accessOf(stat.value), outermost);
  }

  /** A folder that a link leads to is part of the configuration as well, wherever it stands. */
  async linkedFolders(signal: AbortSignal): Promise<void> {
    for (const path of this.#linked) {
      if (this.#walked.some((root) => path === root || path.startsWith(`${root}/`))) continue;
      if (this.#walked.length >= SCAN_LINKED_MAX) {
        this.#isTruncated = true;
        return;
      }
      await this.#walk(path, signal);
    }
  }

  async #walk(path: string, signal: AbortSignal): Promise<void> {
    this.#walked.push(path);
    const end = await this.files.walk(
      path,
      {
        entry: (entry, stat) => this.#entry(entry, stat),
        problem: (at, problem) => this.#name(this.#unseen, { path: at, problem }),
      },
      {
        entriesMax: SCAN_ENTRIES_MAX - this.#entriesSeen,
        depthMax: SCAN_DEPTH_MAX,
        skipNames: ['.svn'],
        signal,
      },
    );
    this.#entriesSeen += end.entriesSeen;
    this.#isTruncated ||= end.isTruncated;
  }

  #entry(path: string, stat: FileStat): void {
    if (stat.kind === 'symlink') {
      this.#link(path);
      return;
    }
    const isFolder = stat.kind === 'directory';
    if (!isFolder && stat.kind !== 'file') return;
    const readable = grants(stat, this.principal, isFolder ? 'search' : 'read');
    const within = this.#barring.size > 0 ? (this.#barring.get(parentOf(path)) ?? null) : null;
    if (!readable) this.#bar(path, isFolder ? 'directory' : 'file', accessOf(stat), within);
    if (isFolder && (!readable || within !== null)) this.#barring.set(path, within ?? path);
    if (stat.uid !== this.principal.uid)
      this.#name(this.#foreign, { path, access: accessOf(stat), readable: readable && within === null });
  }

  #link(path: string): void {
    const target = this.files.stat(path);
    if (!target.ok) {
      if (target.problem === 'missing' || target.problem === 'loop') this.#name(this.#brokenLinks, path);
      else this.#name(this.#unseen, { path, problem: target.problem });
      return;
    }
    const isFolder = target.value.kind === 'directory';
    const real = this.files.realpath(path);
    if (isFolder && real.ok) this.#linked.add(real.value.path);
    const reach = this.#paths.check(path, isFolder ? 'search' : 'read');
    if (reach.kind === 'barred')
      this.#bar(reach.path, reach.isFolder ? 'directory' : 'file', reach.access, null);
    if (reach.kind === 'unknown') this.#name(this.#unseen, { path: reach.path, problem: reach.problem });
  }

  #bar(path: string, kind: 'file' | 'directory', access: Access, within: string | null): void {
    if (this.#barred.size >= SCAN_NAMED_MAX) this.#isTruncated = true;
    else if (!this.#barred.has(path)) {
      this.#barred.set(path, { path, kind, access, lacks: kind === 'file' ? 'read' : 'search', within });
    }
  }

  #name<T>(list: T[], item: T): void {
    // One of these is enough to tell that there are such places; none of them hides a barred one.
    if (list.length < SCAN_NAMED_MAX) list.push(item);
  }

  result(): TreeScan {
    return {
      entriesSeen: this.#entriesSeen,
      barred: [...this.#barred.values()],
      foreign: this.#foreign,
      brokenLinks: this.#brokenLinks,
      unseen: this.#unseen,
      isTruncated: this.#isTruncated,
    };
  }
}
