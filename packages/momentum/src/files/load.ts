import { type ScopeStep, stepOf } from '../ast/scopes.js';
import { type Parsed, parse } from '../syntax/parse.js';
import { reparse } from '../syntax/reparse.js';
import type { Dialect } from '../syntax/report.js';
import { type IncludeNode, type Item, type OptionNode, wordOf } from '../syntax/tree.js';
import type { Diagnostic } from '../text/diagnostic.js';
import type { Config, ConfigFile, Part, UnreadFile } from './config.js';
import { type Loader, RememberingLoader } from './loader.js';
import { folderOf, joinPath, normalise } from './path.js';

/** Bounds on one configuration; what is beyond them is reported, left out and recorded as unread. */
export const INCLUDE_DEPTH_MAX = 32;
export const FILES_MAX = 2000;
export const TEXT_UNITS_MAX = 64 * 1024 * 1024;
/** A file that is included again and again is walked again each time: together no more statements than this. */
export const STATEMENTS_MAX = 2_000_000;
/** Includes carried out, whether of one file or of many. */
export const INCLUSIONS_MAX = 20_000;

/** The search order of a node (Manual, conf.ecconfigd); {NODENAME} is filled in. */
export const SEARCH_PATH = [
  '/opt/msys/ecelerity/etc',
  '/opt/msys/ecelerity/etc/conf/global',
  '/opt/msys/ecelerity/etc/conf/{NODENAME}',
  '/opt/msys/ecelerity/etc/conf/default',
] as const;

/** Where included files are looked for, and how strictly they are read. */
export interface LoadOptions {
  readonly searchPath?: readonly string[];
  readonly nodeName?: string;
  /** Default: permissive. */
  readonly dialect?: Dialect;
}

/** Reads a main file with everything it includes. Never throws for anything that is in the files. */
export function loadConfig(loader: Loader, mainPath: string, options: LoadOptions = {}): Config {
  return new Loading(new RememberingLoader(loader), mainPath, options, new Map()).run();
}

/** What was made of the files before. */
type ReadBefore = ReadonlyMap<string, Parsed>;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

interface IncludePlace {
  readonly from: { readonly file: string; readonly line: number } | null;
  readonly scope: readonly ScopeStep[];
  readonly trail: readonly string[];
  readonly isReadOnly: boolean;
}

/** Not a plain object: whoever freezes those all the way down need not walk its statements. */
class ReadConfig implements Config {
  constructor(
    readonly main: string,
    readonly files: readonly ConfigFile[],
    readonly diagnostics: readonly Diagnostic[],
    readonly unread: readonly UnreadFile[],
    readonly parts: readonly Part[],
    readonly withTexts: Config['withTexts'],
  ) {}
}

class Loading {
  readonly #files = new Map<string, Writable<ConfigFile>>();
  readonly #parsed = new Map<string, Parsed>();
  #again: { readonly texts: ReadonlyMap<string, string>; readonly config: Config } | null = null;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #unread: UnreadFile[] = [];
  /** Of the statements so far. */
  #count = 0;
  readonly #searchPath: readonly string[];
  #units = 0;
  #inclusions = 0;
  #localChanges: { readonly path: string; readonly file: string; readonly line: number } | null = null;

  constructor(
    readonly loader: RememberingLoader,
    readonly main: string,
    readonly options: LoadOptions,
    private readonly before: ReadBefore,
  ) {
    const { searchPath = searchPathOf(main), nodeName = 'default' } = options;
    this.#searchPath = searchPath.map((folder) => folder.replaceAll('{NODENAME}', nodeName));
  }

  run(): Config {
    const { main } = this;
    const place: IncludePlace = { from: null, scope: [], trail: [], isReadOnly: false };
    const parts = [...this.#enter(main, place), ...this.#enterLocalChanges()];
    return new ReadConfig(main, [...this.#files.values()], this.#diagnostics, this.#unread, parts, (texts) =>
      this.#withTexts(texts),
    );
  }

  /** Whoever edits looks at what the edit makes, and goes on from it: that is one configuration. */
  #withTexts(texts: ReadonlyMap<string, string>): Config {
    if (this.#again === null || !areSame(this.#again.texts, texts)) {
      const loader = new RememberingLoader(this.loader.replay(texts));
      const config = new Loading(loader, this.main, this.options, this.#parsed).run();
      this.#again = { texts, config };
    }
    return this.#again.config;
  }

  /** Loaded after everything else, wherever the option stands (Manual, conf.ref.local_changes_file). */
  #enterLocalChanges(): Part[] {
    const local = this.#localChanges ?? defaultLocalChanges(this.main);
    if (!local) return [];
    const place: IncludePlace = {
      from: local.line === 0 ? null : local,
      scope: [],
      trail: [],
      isReadOnly: false,
    };
    if (this.#files.has(local.path)) {
      this.#complain(
        'local-changes',
        place,
        `Local_Changes_File names ${local.path}, which is the main file or is included`,
      );
      return [];
    }
    const answer = this.loader.read(local.path);
    // It is made when the first change is written back: that it is missing says nothing.
    return answer.ok || answer.problem !== 'missing' ? this.#enter(local.path, place) : [];
  }

  /** What stands in the place of the include: one part, or none. */
  #enter(path: string, place: IncludePlace): Part[] {
    this.#inclusions += 1;
    const { trail, scope } = place;
    if (this.#inclusions > INCLUSIONS_MAX)
      this.#refuse(path, place, `more than ${INCLUSIONS_MAX} includes are carried out`);
    else if (trail.length >= INCLUDE_DEPTH_MAX)
      this.#refuse(path, place, `includes nest deeper than ${INCLUDE_DEPTH_MAX}`);
    else if (trail.includes(path))
      this.#complain('include-cycle', place, `${path} includes itself: ${[...trail, path].join(' -> ')}`);
    else {
      const file = this.#file(path, place);
      if (file) return [this.#walk(file, file.tree.items, scope, [...trail, path])];
    }
    return [];
  }

  #file(path: string, place: IncludePlace): ConfigFile | null {
    const again = this.#files.get(path);
    if (again) {
      again.readOnly = true;
      return again;
    }
    if (this.#files.size >= FILES_MAX) {
      this.#refuse(path, place, `more than ${FILES_MAX} files are included`);
      return null;
    }
    const answer = this.loader.read(path);
    if (!answer.ok) {
      this.#recordUnread(path, answer.problem, answer.detail, place);
      return null;
    }
    if (this.#units + answer.text.length > TEXT_UNITS_MAX) {
      this.#recordUnread(
        path,
        'too-large',
        `the files together are larger than ${TEXT_UNITS_MAX} characters`,
        place,
      );
      return null;
    }
    this.#units += answer.text.length;
    const known = this.before.get(path);
    const parsed = known
      ? reparse(known, answer.text, path, this.options.dialect)
      : parse(answer.text, path, this.options.dialect);
    this.#parsed.set(path, parsed);
    for (const diagnostic of parsed.diagnostics) this.#diagnostics.push(diagnostic);
    const file = { path, text: answer.text, tree: parsed.tree, readOnly: place.isReadOnly };
    this.#files.set(path, file);
    return file;
  }

  /** Goes where something is included; all else is only counted. */
  #walk(
    file: ConfigFile,
    items: readonly Item[],
    scope: readonly ScopeStep[],
    trail: readonly string[],
  ): Part {
    const order = this.#count;
    const within = new Map<Item, readonly Part[]>();
    let itemCount = 0;
    for (const item of items) {
      // Asked once: it is a question to each of several classes.
      const { kind } = item;
      if (kind === 'include') within.set(item, this.#include(file, item, scope, trail));
      else if (kind === 'option' || kind === 'scope') {
        const isWalked = kind === 'scope' && item.holdsInclude;
        const size = kind === 'scope' && !isWalked ? 1 + item.size : 1;
        if (this.#count + size > STATEMENTS_MAX) {
          const from = { file: file.path, line: file.tree.lines.position(item.start).line };
          const place = { from, scope, trail, isReadOnly: true };
          this.#refuse(file.path, place, `more than ${STATEMENTS_MAX} statements`);
          break;
        }
        this.#count += size;
        if (isWalked) {
          const inner = scope.concat(stepOf(file.tree, item));
          within.set(item, [this.#walk(file, item.items, inner, trail)]);
        } else if (kind === 'option' && scope.length === 0) this.#noteLocalChanges(file, item);
      }
      itemCount += 1;
    }
    const size = this.#count - order;
    return { file, items, itemCount, order, size, within: within.size === 0 ? null : within };
  }

  #include(
    file: ConfigFile,
    node: IncludeNode,
    scope: readonly ScopeStep[],
    trail: readonly string[],
  ): readonly Part[] {
    const written = wordOf(file.tree.text, node.path);
    const from = { file: file.path, line: file.tree.lines.position(node.start).line };
    const place: IncludePlace = { from, scope, trail, isReadOnly: node.isReadOnly || file.readOnly };
    const uri = /^([a-z][a-z0-9_]*):\/\//i.exec(written)?.[1]?.toLowerCase();
    if (uri !== undefined && uri !== 'file') {
      this.#recordUnread(written, 'uri', `what ${uri}:// gives is not in a file here`, place);
      return [];
    }
    const path = this.#resolve(uri ? written.slice('file://'.length) : written, file.path);
    const names = this.loader.list(path);
    if (names === null) return this.#enter(path, place);
    // A folder: every file in lexical order, hidden ones skipped, folders not entered (Manual, ecelerity.conf).
    return [...names].sort().flatMap((name) => {
      const child = joinPath(path, name);
      return !name.startsWith('.') && this.loader.list(child) === null ? this.#enter(child, place) : [];
    });
  }

  /** A relative path is looked for beside the including file, then along the search path. */
  #resolve(written: string, from: string): string {
    if (written.startsWith('/')) return normalise(written);
    const beside = joinPath(folderOf(from), written);
    const candidates = [beside, ...this.#searchPath.map((folder) => joinPath(folder, written))];
    return candidates.find((path) => this.#exists(path)) ?? beside;
  }

  #exists(path: string): boolean {
    if (this.#files.has(path) || this.loader.list(path) !== null) return true;
    const answer = this.loader.read(path);
    return answer.ok || answer.problem !== 'missing';
  }

  #noteLocalChanges(file: ConfigFile, item: OptionNode): void {
    if (item.value?.kind !== 'scalar') return;
    if (wordOf(file.tree.text, item.name).toLowerCase() !== 'local_changes_file') return;
    const written = wordOf(file.tree.text, item.value.token);
    const { line } = file.tree.lines.position(item.start);
    this.#localChanges = { path: this.#resolve(written, file.path), file: file.path, line };
  }

  /** Beyond a bound: an error, and what it would have said stays unknown. */
  #refuse(path: string, place: IncludePlace, why: string): void {
    // One bound is reported once; every further file would say the same.
    if (this.#unread.some((unread) => unread.detail === why)) return;
    this.#complain('bound', place, `${why}: ${path} is left out`);
    this.#recordUnread(path, 'too-many', why, { ...place, scope: [] });
  }

  #recordUnread(path: string, problem: string, detail: string, { from, scope }: IncludePlace): void {
    this.#unread.push({ path, problem, detail, from, scope, order: this.#count });
  }

  #complain(code: string, { from }: IncludePlace, message: string): void {
    const place = { file: from?.file ?? '', line: from?.line ?? 1, column: 1 };
    this.#diagnostics.push({ severity: 'error', code, ...place, message, hint: null });
  }
}

function areSame(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([path, text]) => b.get(path) === text);
}

/** The folder above `conf` of `…/conf/default/ecelerity.conf`; undefined for a main file that stands elsewhere. */
function configRootOf(main: string): string | undefined {
  return /^(.*)\/conf\/[^/]+\/[^/]+$/.exec(main)?.[1];
}

function searchPathOf(main: string): readonly string[] {
  const root = configRootOf(main);
  return root === undefined ? SEARCH_PATH : SEARCH_PATH.map((folder) => folder.replace(SEARCH_PATH[0], root));
}

/** Beside `conf`, where the default of the option puts it: /opt/msys/ecelerity/etc/local_changes.conf. */
function defaultLocalChanges(main: string): { path: string; file: string; line: number } | null {
  const root = configRootOf(main);
  return root === undefined ? null : { path: `${root}/local_changes.conf`, file: '', line: 0 };
}
