import { dirname } from 'node:path';
import type { Access } from '@castellan/shared/model/plan';
import type { Acl, FileReader, WalkedStat, WalkLimits } from '../../ports/files.js';
import type { PrincipalIds } from './passwd.js';
import { accessOf, grants, isBelow, isListAsked, PathAccess } from './path-access.js';

/** Of entries, ten times the largest tree that was thought of. `.svn` is Subversion's own. */
export const SCAN_LIMITS: Omit<WalkLimits, 'signal'> = {
  entriesMax: 1_000_000,
  depthMax: 64,
  skipNames: ['.svn'],
};
/** How many of each kind are named. */
export const SCAN_NAMED_MAX = 10_000;
/** Folders outside the roots that links of the tree lead to. */
export const SCAN_LINKED_MAX = 64;

export interface DeniedEntry {
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
  readonly denied: readonly DeniedEntry[];
  /** Owned by another user. */
  readonly foreign: readonly { readonly path: string; readonly access: Access; readonly readable: boolean }[];
  readonly brokenLinks: readonly string[];
  readonly unseen: readonly { readonly path: string; readonly problem: string }[];
  /** A limit was reached (entries, depth, denied places): more may be denied than is named. */
  readonly isTruncated: boolean;
}

export interface ScanRequest {
  readonly roots: readonly string[];
  /** Files that are read by name, wherever they stand. */
  readonly files?: readonly string[];
}

/**
 * How a user meets everything below `roots`, and the named files: which folders it cannot enter and list, which files it
 * cannot read. What does not exist is passed over.
 */
export async function scanTree(
  files: FileReader,
  request: ScanRequest,
  principal: PrincipalIds,
  signal: AbortSignal,
): Promise<TreeScan> {
  const scan = new Scan(files, principal, NO_LISTS);
  await scan.all(request, signal);
  const lists = await listsOf(files, scan.asked, signal);
  if (lists.size === 0) return scan.result();
  // Lists are rare, and tell only when all is walked: what they change (who is inside of a denied folder) is found anew.
  const again = new Scan(files, principal, lists);
  await again.all(request, signal);
  return again.result();
}

type Lists = ReadonlyMap<string, Acl | 'unread'>;

const NO_LISTS: Lists = new Map();

/** The access lists of these names below each start, by path. */
async function listsOf(
  files: FileReader,
  asked: ReadonlyMap<string, readonly string[]>,
  signal: AbortSignal,
): Promise<Lists> {
  const all = new Map<string, Acl | 'unread'>();
  for (const [start, names] of asked) {
    if (names.length === 0) continue;
    const found = await files.acls(start, names, signal);
    if (!found.ok) for (const name of names) all.set(`${start}/${name}`, 'unread');
    else for (const [name, list] of found.value) all.set(`${start}/${name}`, list);
  }
  return all;
}

class Scan {
  readonly #paths: PathAccess;
  readonly #denied = new Map<string, DeniedEntry>();
  readonly #foreign: { path: string; access: Access; readable: boolean }[] = [];
  readonly #brokenLinks: string[] = [];
  readonly #unseen: { path: string; problem: string }[] = [];
  /** Names below each start of a walk whose access list, if there is one, decides. */
  readonly asked = new Map<string, string[]>();
  readonly #walked: string[] = [];
  readonly #linked = new Set<string>();
  /** Barring folders by path, with the outermost one above each: entries come after their folder. */
  readonly #barring = new Map<string, string>();
  /** Of a file of which there is nothing to say, wherever it stands, unless a folder above it bars the user. */
  #unremarkable: WalkedStat | null = null;
  #entriesSeen = 0;
  #isTruncated = false;

  constructor(
    private readonly files: FileReader,
    private readonly principal: PrincipalIds,
    private readonly lists: Lists,
  ) {
    this.#paths = new PathAccess(files, principal);
  }

  async all({ roots, files = [] }: ScanRequest, signal: AbortSignal): Promise<void> {
    for (const root of roots) await this.root(root, signal);
    await this.linkedFolders(signal);
    this.named(files);
  }

  async root(path: string, signal: AbortSignal): Promise<void> {
    const real = this.files.realpath(path);
    if (!real.ok) {
      if (real.problem !== 'missing') this.#unseen.push({ path, problem: real.problem });
      return;
    }
    const outermost = this.#way(path, 'search');
    if (outermost !== null) this.#barring.set(real.value.path, outermost);
    await this.#walk(real.value.path, signal);
  }

  /** What bars the user on the way to a path, all of it: what is nested comes into sight only when the outer is open. */
  #way(path: string, want: 'search' | 'read'): string | null {
    let outermost: string | null = null;
    for (const reach of this.#paths.obstacles(path, want)) {
      if (reach.kind === 'unknown') this.#name(this.#unseen, { path: reach.path, problem: reach.problem });
      else {
        this.#bar(reach.path, reach.isFolder ? 'directory' : 'file', reach.access, outermost);
        outermost ??= reach.path;
      }
    }
    return outermost;
  }

  /** Files by name, wherever they stand: those below a folder that was walked are known already. */
  named(paths: readonly string[]): void {
    for (const path of paths) {
      const real = this.files.realpath(path);
      if (!real.ok && real.problem === 'missing') continue;
      const isWalked = real.ok && real.value.links.length === 0 && this.#isWalked(real.value.path);
      if (!isWalked) this.#way(path, 'read');
    }
  }

  #isWalked(path: string): boolean {
    return this.#walked.some((root) => isBelow(path, root));
  }

  /** A folder that a link leads to is part of the configuration as well, wherever it stands. */
  async linkedFolders(signal: AbortSignal): Promise<void> {
    for (const path of this.#linked) {
      if (this.#isWalked(path)) continue;
      if (this.#walked.length >= SCAN_LINKED_MAX) {
        this.#isTruncated = true;
        return;
      }
      await this.#walk(path, signal);
    }
  }

  async #walk(path: string, signal: AbortSignal): Promise<void> {
    this.#walked.push(path);
    const asked: string[] = [];
    this.asked.set(path, asked);
    const end = await this.files.walk(
      path,
      {
        entry: (folder, name, stat) => {
          if (stat === this.#unremarkable && this.#barring.size === 0) return;
          const entry = `${folder}/${name}`;
          if (stat.kind !== 'symlink' && isListAsked(stat, this.principal))
            asked.push(entry.slice(path.length + 1));
          this.#entry(entry, stat);
        },
        problem: (at, problem) => this.#name(this.#unseen, { path: at, problem }),
      },
      {
        ...SCAN_LIMITS,
        entriesMax: SCAN_LIMITS.entriesMax - this.#entriesSeen,
        signal,
      },
    );
    this.#entriesSeen += end.entriesSeen;
    this.#isTruncated ||= end.isTruncated;
  }

  #entry(path: string, stat: WalkedStat): void {
    if (stat.kind === 'symlink') {
      this.#link(path);
      return;
    }
    const isFolder = stat.kind === 'directory';
    if (!isFolder && stat.kind !== 'file') return;
    // Most often there are none, and to look a path up costs more than all the rest that is done with it.
    const list = this.lists.size > 0 ? (this.lists.get(path) ?? null) : null;
    if (list === 'unread') this.#name(this.#unseen, { path, problem: 'its access list could not be read' });
    const acl = list === 'unread' ? null : list;
    const readable = grants(stat, this.principal, isFolder ? 'search' : 'read', acl);
    const within = this.#barring.size > 0 ? (this.#barring.get(dirname(path)) ?? null) : null;
    if (!readable) this.#bar(path, isFolder ? 'directory' : 'file', accessOf(stat), within);
    if (isFolder && (!readable || within !== null)) this.#barring.set(path, within ?? path);
    if (stat.uid === this.principal.uid) {
      if (readable && !isFolder && this.lists.size === 0) this.#unremarkable = stat;
    } else this.#name(this.#foreign, { path, access: accessOf(stat), readable: readable && within === null });
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
    this.#way(path, isFolder ? 'search' : 'read');
  }

  #bar(path: string, kind: 'file' | 'directory', access: Access, within: string | null): void {
    if (this.#denied.size >= SCAN_NAMED_MAX) this.#isTruncated = true;
    else if (!this.#denied.has(path)) {
      this.#denied.set(path, { path, kind, access, lacks: kind === 'file' ? 'read' : 'search', within });
    }
  }

  #name<T>(list: T[], item: T): void {
    // One of these is enough to tell that there are such places; none of them hides a denied one.
    if (list.length < SCAN_NAMED_MAX) list.push(item);
  }

  result(): TreeScan {
    return {
      entriesSeen: this.#entriesSeen,
      denied: [...this.#denied.values()],
      foreign: this.#foreign,
      brokenLinks: this.#brokenLinks,
      unseen: this.#unseen,
      isTruncated: this.#isTruncated,
    };
  }
}
