import { type FSWatcher, lstatSync, type Stats, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** The most folders of trees that are watched; beyond it the full rescan has to do, and it is told. */
export const TREE_FOLDERS_MAX = 50_000;

export interface TreeFoldersOptions {
  readonly roots: Iterable<string>;
  isNoise(name: string): boolean;
  changed(path: string): void;
  failed(error: unknown): void;
}

/** Folders whose identity is asked before other work gets its turn. */
const SLICE_FOLDERS = 1000;

interface Watched {
  readonly watcher: FSWatcher;
  readonly identity: string | null;
}

/** One watch for each folder of trees on the host. New folders are taken up as they appear. */
export class TreeFolders {
  readonly #options: TreeFoldersOptions;
  readonly #watchers = new Map<string, Watched>();
  #isClosed = false;

  constructor(options: TreeFoldersOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#watchers.size;
  }

  async start(): Promise<void> {
    for (const root of this.#options.roots) await this.#takeUp(root);
  }

  /**
   * Watches anew what stands in the place of a folder that was watched: one that is mounted over, or whose events were
   * lost, changes without a word. Gives the paths of those; they are to be inspected.
   */
  async renewReplaced(): Promise<string[]> {
    const replaced: string[] = [];
    let count = 0;
    for (const [folder, { identity }] of [...this.#watchers]) {
      count += 1;
      if (count % SLICE_FOLDERS === 0) await nextTurn();
      if (this.#isClosed || identityOf(folder) === identity) continue;
      replaced.push(folder);
      this.#drop(folder);
      await this.#takeUp(folder);
    }
    return replaced;
  }

  close(): void {
    this.#isClosed = true;
    for (const { watcher } of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  async #takeUp(root: string): Promise<void> {
    const ahead = [root];
    for (let folder = ahead.pop(); folder !== undefined; folder = ahead.pop()) {
      // Armed before it is read: what appears in between is then seen by one or the other.
      if (!this.#arm(folder)) continue;
      for (const entry of await this.#foldersIn(folder)) ahead.push(join(folder, entry));
    }
  }

  async #foldersIn(folder: string): Promise<string[]> {
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      return entries
        .filter((entry) => entry.isDirectory() && !this.#options.isNoise(entry.name))
        .map((entry) => entry.name);
    } catch (error) {
      if (!isGone(error)) this.#options.failed(error);
      return [];
    }
  }

  /** False: it is watched already, or cannot be. */
  #arm(folder: string): boolean {
    if (this.#isClosed || this.#watchers.has(folder)) return false;
    if (this.#watchers.size >= TREE_FOLDERS_MAX) {
      this.#options.failed(
        new Error(`more than ${TREE_FOLDERS_MAX} folders: the rest is seen at the full rescan only`),
      );
      return false;
    }
    try {
      // Asked before: a folder that is exchanged in between differs at the next question.
      const identity = identityOf(folder);
      const watcher = watch(folder, { persistent: true }, (event, name) => this.#heard(folder, event, name));
      watcher.on('error', (error) => {
        this.#drop(folder);
        if (!isGone(error)) this.#options.failed(error);
      });
      this.#watchers.set(folder, { watcher, identity });
      return true;
    } catch (error) {
      if (!isGone(error)) this.#options.failed(error);
      return false;
    }
  }

  #heard(folder: string, event: string, name: string | null): void {
    if (name === null) return this.#options.changed(folder);
    if (this.#options.isNoise(name)) return;
    const path = join(folder, name);
    if (event !== 'rename') return this.#options.changed(path);
    // It may have been replaced: what is watched below is of the old one.
    this.#drop(path);
    if (!isFolder(path)) return this.#options.changed(path);
    this.#takeUp(path).then(
      () => this.#options.changed(path),
      (error: unknown) => this.#options.failed(error),
    );
  }

  #drop(folder: string): void {
    for (const [path, { watcher }] of this.#watchers) {
      if (path !== folder && !path.startsWith(`${folder}/`)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
  }
}

/** With when it was made: the number of a folder that was removed is given to the next one. */
function identityOf(path: string): string | null {
  const stats: Stats | undefined = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isDirectory() ? `${stats.dev}:${stats.ino}:${stats.birthtimeMs}` : null;
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
