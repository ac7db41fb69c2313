import { existsSync } from 'node:fs';
import type { FSWatcher } from 'chokidar';
import type { Clock } from '../ports/clock.js';
import { type FileReader, identityOf } from '../ports/files.js';
import type { Log } from '../ports/log.js';
import { StateProblem, type StateStore } from '../ports/state-store.js';
import { CANARY_FOLDER, Canary } from './canary.js';
import { type Batch, Coalescer } from './coalesce.js';
import { watchFewFiles } from './few-files.js';
import { TreeFolders } from './tree-folders.js';
import {
  foldersOf,
  isNoise,
  isSameLooked,
  isSameSet,
  join,
  type Looked,
  matters,
  missingFrom,
  selfAndAbove,
  split,
  type WatchSet,
  watchSetOf,
} from './watch-set.js';
import type { Watching } from './watching.js';

export interface WatcherDeps {
  readonly files: FileReader;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: StateStore;
  readonly quietMs: number;
  readonly signal: AbortSignal;
  /** Where the tree stands on this host: empty for `/`. */
  readonly prefix: string;
  /** Paths inside the tree at which something changed; `overflow`: look at everything. */
  changed(batch: Batch): void;
}

/** Watches what the engine inspected. Changes that happen while watches are renewed are not missed: they are inspected after. */
export class Watcher implements Watching {
  readonly #deps: WatcherDeps;
  readonly #coalescer: Coalescer;
  readonly #canaries: { readonly few: Canary; readonly trees: Canary };
  #set: WatchSet = { names: new Map(), whole: new Set(), trees: new Set() };
  #looked: Looked | null = null;
  /** What each watched folder was when its watch was made: `dev:ino`, or null where it was not there. */
  #armed = new Map<string, string | null>();
  #few: FSWatcher | null = null;
  #trees: TreeFolders | null = null;
  #turn: Promise<void> = Promise.resolve();
  #problem: string | null = null;
  /** On the host: the root of the tree, or what is missing on the way to it. */
  #above: string | null = null;

  constructor(deps: WatcherDeps) {
    this.#deps = deps;
    this.#coalescer = new Coalescer(deps.clock, deps.quietMs, deps.signal, (batch) =>
      this.#inTurn(() => this.#flush(batch)),
    );
    this.#canaries = {
      few: new Canary('files', deps.store, deps.clock),
      trees: new Canary('trees', deps.store, deps.clock),
    };
  }

  /** For heartbeats: each kind of watch, and when it last proved itself. */
  get proofs(): { readonly name: string; readonly provenAt: string | null }[] {
    return Object.values(this.#canaries).map(({ name, provenAt }) => ({ name, provenAt }));
  }

  /** Why not everything is watched, or null. */
  get problem(): string | null {
    return this.#problem ?? Object.values(this.#canaries).find(({ problem }) => problem)?.problem ?? null;
  }

  /**
   * Watches what was inspected. What is new in it is told as changed once: it may have changed before its watch stood.
   * `all`: everything was inspected, so that every watch is asked as well whether it is still of what stands there.
   */
  follow(looked: Looked, all = false): Promise<void> {
    return this.#inTurn(async () => {
      if (!all && this.#few && this.#looked && isSameLooked(this.#looked, looked)) return;
      this.#looked = looked;
      const next = watchSetOf(looked, this.#deps.files);
      const replaced = all ? await this.#trees?.renewReplaced() : undefined;
      for (const path of replaced ?? []) this.#heard(path, 'trees');
      const isSame = isSameSet(this.#set, next);
      // Where nothing is armed anew, what is swapped is told by the watch of the folder above it.
      const swapped = all || !isSame ? this.#swapped() : [];
      if (this.#few && swapped.length === 0 && isSame) return;
      const added = missingFrom(this.#set, next);
      this.#set = next;
      await this.#arm(swapped.length > 0);
      for (const path of [...added, ...swapped]) this.#coalescer.add(path);
    });
  }

  /** Proves again and again that events come; a deaf watch is made anew and everything is inspected. */
  async run(): Promise<void> {
    const deaf = (canary: Canary) => () => {
      this.#deps.log.warn(
        { event: 'watch.deaf', watcher: canary.name },
        'a watcher did not see its canary; watching anew',
      );
      void this.#inTurn(() => this.#arm(true)).then(() => this.#coalescer.overflow());
    };
    await Promise.all(
      Object.values(this.#canaries).map((canary) => canary.run(this.#deps.signal, deaf(canary))),
    );
  }

  async close(): Promise<void> {
    await this.#turn;
    this.#trees?.close();
    await this.#few?.close();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work).catch((error: unknown) => this.#failed(error));
    return this.#turn;
  }

  /** A folder that is no longer the one that was watched is watched anew, before its change is told. */
  async #flush(batch: Batch): Promise<void> {
    const swapped = this.#swapped(batch.overflow ? null : batch.paths);
    if (swapped.length > 0) await this.#arm(true);
    this.#deps.changed({ paths: new Set([...batch.paths, ...swapped]), overflow: batch.overflow });
  }

  /**
   * `isAnew`: the watches that stand may be of what stands there no more. chokidar shares the kernel's watch of a path
   * between its watchers, so those must be closed first; what happens until the new ones stand is inspected after.
   */
  async #arm(isAnew: boolean): Promise<void> {
    const { prefix, log, store } = this.#deps;
    const folders = foldersOf(this.#set);
    this.#armed = new Map([...folders].map((folder) => [folder, this.#identityOf(folder)]));
    const host = (path: string) => (path === '/' ? prefix || '/' : `${prefix}${path}`);
    const here = [...this.#armed].filter(([, identity]) => identity !== null).map(([folder]) => folder);
    const names = (folder: string) => this.#set.names.get(folder) ?? new Set<string>();
    // Written first, so that the folder is there to be watched.
    const hasCanaries = this.#layCanaries();
    const canaryFolders = hasCanaries ? [`${store.path}/${CANARY_FOLDER}`] : [];
    const [oldFew, oldTrees] = [this.#few, this.#trees];
    if (isAnew) await oldFew?.close();
    const trees = new TreeFolders({
      roots: [...[...this.#set.trees].filter((root) => here.includes(root)).map(host), ...canaryFolders],
      isNoise,
      changed: (path) => this.#heard(path, 'trees'),
      failed: (error) => this.#failed(error),
    });
    this.#problem = null;
    await trees.start();
    this.#few = await watchFewFiles({
      folders: new Map<string, ReadonlySet<string>>([
        ...here.map((folder) => [host(folder), names(folder)] as const),
        ...canaryFolders.map((folder) => [folder, new Set<string>()] as const),
        ...this.#aboveRoot(),
      ]),
      changed: (path) => this.#heard(path, 'few'),
      failed: (error) => this.#failed(error),
    });
    this.#trees = trees;
    oldTrees?.close();
    await oldFew?.close();
    if (isAnew && oldFew) this.#coalescer.overflow();
    log.debug(
      { event: 'watch.armed', folders: here.length, treeFolders: trees.size },
      'watches are in place',
    );
  }

  /** Watched folders that are no longer what their watch was made for. `changed`: only at and below these paths. */
  #swapped(changed: ReadonlySet<string> | null = null): string[] {
    return [...this.#armed]
      .filter(([folder]) => changed === null || selfAndAbove(folder).some((path) => changed.has(path)))
      .filter(([folder, identity]) => this.#identityOf(folder) !== identity)
      .map(([folder]) => folder);
  }

  /** Null: it is no folder. */
  #identityOf(folder: string): string | null {
    const stat = this.#deps.files.stat(folder);
    if (!stat.ok || stat.value.kind !== 'directory') return null;
    return identityOf(stat.value);
  }

  /** The nearest folder above the tree's own root that exists: a root that goes and comes back is seen from there. */
  #aboveRoot(): [string, ReadonlySet<string>][] {
    const { prefix } = this.#deps;
    this.#above = null;
    for (let path = prefix; path !== '' && path !== '/'; path = split(path)[0]) {
      const [folder, name] = split(path);
      if (!existsSync(folder)) continue;
      this.#above = join(folder, name);
      return [[folder, new Set([name])]];
    }
    return [];
  }

  /** False: the state folder refuses, so that nothing can be proved; the watches themselves need no disk. */
  #layCanaries(): boolean {
    const { store } = this.#deps;
    try {
      for (const { name } of Object.values(this.#canaries)) store.replace(`${CANARY_FOLDER}/${name}`, '');
      return true;
    } catch (error) {
      if (!(error instanceof StateProblem)) throw error;
      this.#deps.log.warn({ event: 'watch.unproven', problem: error.message }, 'no canary can be written');
      return existsSync(`${store.path}/${CANARY_FOLDER}`);
    }
  }

  #heard(path: string, by: 'few' | 'trees'): void {
    const { prefix, store } = this.#deps;
    if (path.startsWith(`${store.path}/${CANARY_FOLDER}/`)) {
      if (path.endsWith(`/${this.#canaries[by].name}`)) this.#canaries[by].sang();
      return;
    }
    if (path.startsWith(`${store.path}/`)) return;
    if (path === this.#above) return this.#coalescer.overflow();
    if (prefix !== '' && !path.startsWith(`${prefix}/`)) return;
    const inside = path.slice(prefix.length);
    if (inside !== '' && matters(inside, this.#set)) this.#coalescer.add(inside);
  }

  #failed(error: unknown): void {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    const limit =
      code === 'ENOSPC'
        ? '; raise fs.inotify.max_user_watches'
        : code === 'EMFILE'
          ? '; raise fs.inotify.max_user_instances'
          : '';
    this.#problem = `${error instanceof Error ? error.message : String(error)}${limit}`;
    this.#deps.log.error(
      { event: 'watch.failed', problem: this.#problem },
      'not everything can be watched; the full rescan has to do',
    );
  }
}
