import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Acl,
  type FileReader,
  type FileResult,
  type FileStat,
  identityOf,
  type WalkEnd,
  type WalkedStat,
  type WalkLimits,
  type WalkVisitor,
} from '../ports/files.js';
import { type WalkedEntry, WalkedFolder } from '../ports/walked-folder.js';

/** Entries of all trees together that one scan keeps, so that a tree is walked once for all who ask. */
export const SCAN_KEPT_MAX = 250_000;
/** Entries that are kept from one scan to the next; more are walked anew. */
export const BETWEEN_SCANS_KEPT_MAX = 50_000;
/** Asking for more changed paths of a tree than this is no less work than a walk. */
export const CHANGED_MAX = 1_000;
/** Other work gets its turn after this long. */
const SLICE_MS = 10;
const SLICE_CHECKED_EVERY = 256;

interface Tree {
  readonly path: string;
  readonly top: WalkedFolder;
  /** Of the folder that the walk began in. */
  readonly identity: string;
  /** Paths below it that changed since. */
  readonly changed: Set<string>;
  readonly limits: WalkLimits;
  size: number;
}

/**
 * Keeps what walks saw and gives it to the next walk of the same folder: within a scan a tree is read once, and after a
 * change only what changed is asked again. What is kept is as true as the watches; `forget` before a full scan. Walks
 * that had a problem or reached a limit, or whose start is behind a link, are not kept.
 */
export class WalkCache {
  readonly files: FileReader;
  readonly #trees = new Map<string, Tree>();

  constructor(private readonly reader: FileReader) {
    this.files = {
      ...reader,
      walk: (path, visitor, limits) => this.#walk(path, visitor, limits),
      acls: (folder, names, signal) => this.#acls(folder, names, signal),
    };
  }

  /** The next walk of every tree is a real one. */
  forget(): void {
    this.#trees.clear();
  }

  /** Something happened at these paths of the node's tree. */
  changed(paths: Iterable<string>): void {
    for (const path of paths) {
      for (const [key, tree] of this.#trees) {
        if (isBelow(path, tree.path)) tree.changed.add(path);
        else if (path === tree.path || isBelow(tree.path, path)) this.#trees.delete(key);
      }
    }
    for (const [key, { changed }] of this.#trees) if (changed.size > CHANGED_MAX) this.#trees.delete(key);
  }

  /** A scan has ended: what is too much to be kept until the next one is let go. */
  settle(): void {
    if (this.#size > BETWEEN_SCANS_KEPT_MAX) this.forget();
  }

  get #size(): number {
    return [...this.#trees.values()].reduce((sum, { size }) => sum + size, 0);
  }

  async #walk(path: string, visitor: WalkVisitor, limits: WalkLimits): Promise<WalkEnd> {
    const key = [path, ...limits.skipNames].join('\0');
    const identity = this.#identityOf(path);
    if (identity === null) return this.reader.walk(path, visitor, limits);
    const known = this.#trees.get(key);
    if (known?.identity === identity && (await this.#renew(known))) return replay(known, visitor, limits);
    this.#trees.delete(key);
    const sizeMax = SCAN_KEPT_MAX - this.#size;
    const tree = { path, identity, changed: new Set<string>(), limits };
    const ahead = (await this.reader.walkedAhead?.(path, limits)) ?? null;
    if (ahead) {
      const seen = { ...tree, ...ahead };
      if (ahead.size <= sizeMax) this.#trees.set(key, seen);
      return replay(seen, visitor, limits);
    }
    const record = new Recorder(path, sizeMax);
    const end = await this.reader.walk(path, record.beside(visitor), limits);
    if (record.isWhole && !end.isTruncated)
      this.#trees.set(key, { ...tree, top: record.top, size: record.size });
    return end;
  }

  /** Only of what changed since it was asked last. A list that could not be read is asked again. */
  async #acls(
    folder: string,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<FileResult<ReadonlyMap<string, Acl | 'unread'>>> {
    const tree = [...this.#trees.values()].find(({ path }) => path === folder);
    if (!tree) return this.reader.acls(folder, names, signal);
    const found = new Map<string, Acl | 'unread'>();
    const open: string[] = [];
    for (const name of names) {
      const known = placeOf(tree.top, name);
      const list = known?.below.list(known.name);
      if (list === undefined) open.push(name);
      else if (list !== null) found.set(name, list);
    }
    if (open.length === 0) return { ok: true, value: found };
    const places = open.map((name) => placeOf(tree.top, name));
    const asked = await this.reader.acls(folder, open, signal);
    if (!asked.ok) return asked;
    for (const [index, name] of open.entries()) {
      const list = asked.value.get(name) ?? null;
      if (list !== null) found.set(name, list);
      const place = places[index];
      if (place && list !== 'unread') place.below.keepList(place.name, list);
    }
    return { ok: true, value: found };
  }

  /** Null: it is not there, or a link is on the way, so that events name it otherwise. */
  #identityOf(path: string): string | null {
    const real = this.reader.realpath(path);
    const stat = real.ok && real.value.path === path ? this.reader.lstat(path) : null;
    return stat?.ok ? identityOf(stat.value) : null;
  }

  /** False: only a walk can tell. */
  async #renew(tree: Tree): Promise<boolean> {
    const renewal = new Renewal(this.reader, tree);
    // What is above comes first: what was exchanged whole is read whole.
    const paths = [...tree.changed].sort((a, b) => a.length - b.length);
    tree.changed.clear();
    for (const path of paths) if (!(await renewal.at(path))) return false;
    return true;
  }
}

/** Builds a tree of the entries that a walk tells: each folder before what is in it. */
class Recorder {
  top = new WalkedFolder();
  size = 0;
  isWhole = true;
  readonly #levels: { path: string; readonly below: WalkedFolder }[];
  #last: WalkedEntry | null = null;

  constructor(
    path: string,
    private readonly sizeMax: number,
  ) {
    this.#levels = [{ path: path === '/' ? '' : path, below: this.top }];
  }

  beside(visitor: WalkVisitor | null): WalkVisitor {
    return {
      entry: (folder, name, stat) => {
        this.#add(folder, name, stat);
        visitor?.entry(folder, name, stat);
      },
      problem: (path, problem, detail) => {
        this.isWhole = false;
        visitor?.problem(path, problem, detail);
      },
    };
  }

  #add(folder: string, name: string, stat: WalkedStat): void {
    if (this.size >= this.sizeMax) {
      this.isWhole = false;
      this.top = new WalkedFolder();
    }
    if (!this.isWhole) return;
    let level = this.#levels.at(-1);
    while (level && level.path !== folder) {
      this.#levels.pop();
      level = this.#levels.at(-1);
    }
    // The very string that comes again with the next entry: the two are not read then.
    if (level) level.path = folder;
    // A walk that goes through its folders in another order (by path, where there is no /proc) is not kept.
    const below = stat.kind === 'directory' ? new WalkedFolder() : null;
    if (below || this.#last?.stat !== stat) this.#last = { stat, below };
    if (!level?.below.push(name, this.#last)) {
      this.isWhole = false;
      return;
    }
    this.size += 1;
    if (below) this.#levels.push({ path: `${folder}/${name}`, below });
  }
}

/** Asks anew what changed in a tree, name by name from its start, so that a folder that was exchanged is noticed. */
class Renewal {
  readonly #verified = new Set<string>();

  constructor(
    private readonly reader: FileReader,
    private readonly tree: Tree,
  ) {}

  /** False: only a walk can tell. */
  async at(path: string): Promise<boolean> {
    const names = path.slice(this.tree.path === '/' ? 1 : this.tree.path.length + 1).split('/');
    if (names.some((name) => this.tree.limits.skipNames.includes(name))) return true;
    let [folder, below] = [this.tree.path === '/' ? '' : this.tree.path, this.tree.top];
    for (const [i, name] of names.entries()) {
      const here = `${folder}/${name}`;
      const known = below.get(name);
      const isLast = i === names.length - 1;
      if (isLast || !known?.below || !this.#isSame(here, known)) return this.#ask(here, name, below, i + 1);
      [folder, below] = [here, known.below];
    }
    return true;
  }

  #isSame(path: string, { stat }: WalkedEntry): boolean {
    if (this.#verified.has(path)) return true;
    const now = this.reader.lstat(path);
    if (!now.ok || now.value.kind !== 'directory' || !isThat(now.value, stat)) return false;
    this.#verified.add(path);
    return true;
  }

  async #ask(path: string, name: string, below: WalkedFolder, depth: number): Promise<boolean> {
    const now = this.reader.lstat(path);
    if (!now.ok) {
      if (now.problem !== 'missing') return false;
      this.#put(below, name, null);
      return true;
    }
    const known = below.get(name);
    if (now.value.kind !== 'directory') {
      this.#put(below, name, { stat: now.value, below: null });
      return true;
    }
    if (!known?.below || !isThat(now.value, known.stat))
      return this.#read(path, name, below, depth, now.value);
    this.#put(below, name, { stat: now.value, below: known.below });
    return this.#list(path, known.below, depth);
  }

  /** A folder that is new here. */
  async #read(
    path: string,
    name: string,
    below: WalkedFolder,
    depth: number,
    stat: WalkedStat,
  ): Promise<boolean> {
    const { limits } = this.tree;
    if (depth >= limits.depthMax) return false;
    const record = new Recorder(path, SCAN_KEPT_MAX - this.tree.size);
    const end = await this.reader.walk(path, record.beside(null), {
      ...limits,
      depthMax: limits.depthMax - depth,
      signal: new AbortController().signal,
    });
    if (end.isTruncated || !record.isWhole) return false;
    this.#put(below, name, { stat, below: record.top });
    return true;
  }

  /** A folder that is the one that it was: something in it may not be. */
  async #list(path: string, below: WalkedFolder, depth: number): Promise<boolean> {
    const listed = this.reader.list(path);
    if (!listed.ok) return false;
    const names = new Set(listed.value.filter((name) => !this.tree.limits.skipNames.includes(name)));
    for (const name of [...below.names]) if (!names.has(name)) this.#put(below, name, null);
    for (const name of names) {
      const known = below.get(name);
      const isFolder = known?.below != null && this.#isSame(`${path}/${name}`, known);
      if (!isFolder && !(await this.#ask(`${path}/${name}`, name, below, depth + 1))) return false;
    }
    return true;
  }

  #put(below: WalkedFolder, name: string, entry: WalkedEntry | null): void {
    const before = below.get(name);
    this.tree.size += sizeOf(entry) - sizeOf(before ?? null);
    if (entry === null) below.delete(name);
    else below.set(name, entry);
  }
}

/** What a walk of the same folder would tell, by the rules of its port. */
async function replay({ path, top }: Tree, visitor: WalkVisitor, limits: WalkLimits): Promise<WalkEnd> {
  let entriesSeen = 0;
  let isTruncated = false;
  let sliceEnd = performance.now() + SLICE_MS;
  const levels = [{ path: path === '/' ? '' : path, below: top, next: 0 }];
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const entry = level.below.entries[level.next];
    if (entry === undefined) {
      levels.pop();
      continue;
    }
    if (entriesSeen >= limits.entriesMax) return { entriesSeen, isTruncated: true };
    entriesSeen += 1;
    const name = level.below.names[level.next] ?? '';
    level.next += 1;
    visitor.entry(level.path, name, entry.stat);
    if (entry.below && levels.length < limits.depthMax)
      levels.push({ path: `${level.path}/${name}`, below: entry.below, next: 0 });
    else isTruncated ||= entry.below !== null;
    if (entriesSeen % SLICE_CHECKED_EVERY !== 0 || performance.now() < sliceEnd) continue;
    await nextTurn();
    limits.signal.throwIfAborted();
    sliceEnd = performance.now() + SLICE_MS;
  }
  return { entriesSeen, isTruncated };
}

/** Null: nothing is known of it. */
function placeOf(
  top: WalkedFolder,
  path: string,
): { readonly below: WalkedFolder; readonly name: string } | null {
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  let below: WalkedFolder | null = top;
  for (const folder of folders) below = below?.get(folder)?.below ?? null;
  return below?.get(name) ? { below, name } : null;
}

function isThat(now: FileStat, seen: WalkedStat): boolean {
  return seen.kind === 'directory' && identityOf(now) === identityOf(seen);
}

function isBelow(path: string, folder: string): boolean {
  return path !== folder && path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

function sizeOf(entry: WalkedEntry | null): number {
  if (entry === null) return 0;
  let size = 1;
  for (const one of entry.below?.entries ?? []) size += sizeOf(one);
  return size;
}
