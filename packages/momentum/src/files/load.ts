import { type ScopeStep, stepOf } from '../ast/scopes.js';
import { parse } from '../syntax/parse.js';
import type { IncludeNode, Item, OptionNode, ScopeNode, Tree } from '../syntax/tree.js';
import { wordOf } from '../syntax/tree.js';
import type { Diagnostic } from '../text/diagnostic.js';

/** Bounds on one configuration; what is beyond them is reported and left out. */
export const INCLUDE_DEPTH_MAX = 32;
export const FILES_MAX = 2000;
export const TEXT_UNITS_MAX = 64 * 1024 * 1024;

/** The search order of a node (Manual, conf.ecconfigd); {NODENAME} is filled in. */
export const SEARCH_PATH = [
  '/opt/msys/ecelerity/etc',
  '/opt/msys/ecelerity/etc/conf/global',
  '/opt/msys/ecelerity/etc/conf/{NODENAME}',
  '/opt/msys/ecelerity/etc/conf/default',
] as const;

/** How files are reached. The language itself touches no disk. */
export interface Loader {
  read(path: string): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string; readonly detail: string };
  /** Names in a folder, or null where the path is not a folder. */
  list(path: string): readonly string[] | null;
}

export interface ConfigFile {
  readonly path: string;
  readonly text: string;
  readonly tree: Tree;
  /** Never edited: named by readonly_include, or included more than once (Manual, ecelerity.conf). */
  readonly readOnly: boolean;
}

export interface UnreadFile {
  readonly path: string;
  readonly problem: string;
  readonly detail: string;
  readonly from: { readonly file: string; readonly line: number } | null;
  /** The scope that includes it: what it would set, it would set there or deeper. */
  readonly scope: readonly ScopeStep[];
}

/** One statement where it takes effect, in the order in which Momentum reads it. */
export interface Placed {
  readonly file: ConfigFile;
  readonly scope: readonly ScopeStep[];
  readonly node: OptionNode | ScopeNode;
  readonly order: number;
}

export interface Config {
  readonly main: string;
  readonly files: readonly ConfigFile[];
  readonly diagnostics: readonly Diagnostic[];
  readonly unread: readonly UnreadFile[];
  readonly statements: readonly Placed[];
}

export interface LoadOptions {
  readonly searchPath?: readonly string[];
  readonly nodeName?: string;
}

/** Reads a main file with everything it includes. Never throws for anything that is in the files. */
export function loadConfig(loader: Loader, mainPath: string, options: LoadOptions = {}): Config {
  return new Loading(loader, options).run(mainPath);
}

class Loading {
  readonly #files = new Map<string, { -readonly [K in keyof ConfigFile]: ConfigFile[K] }>();
  readonly #diagnostics: Diagnostic[] = [];
  readonly #unread: UnreadFile[] = [];
  readonly #statements: Placed[] = [];
  readonly #searchPath: readonly string[];
  #units = 0;
  #localChanges: { readonly path: string; readonly file: string; readonly line: number } | null = null;

  constructor(
    readonly loader: Loader,
    options: LoadOptions,
  ) {
    this.#searchPath = (options.searchPath ?? SEARCH_PATH).map((p) => p.replaceAll('{NODENAME}', options.nodeName ?? 'default'));
  }

  run(main: string): Config {
    this.#enter(main, { from: null, scope: [], trail: [], isReadOnly: false });
    const local = this.#localChanges;
    if (local && !this.#files.has(local.path)) {
      const exists = this.loader.read(local.path);
      // It is made when the first change is written back: that it is missing says nothing.
      if (exists.ok || exists.problem !== 'missing') this.#enter(local.path, { from: local, scope: [], trail: [], isReadOnly: false });
    }
    return { main, files: [...this.#files.values()], diagnostics: this.#diagnostics, unread: this.#unread, statements: this.#statements };
  }

  #enter(path: string, place: IncludePlace): void {
    if (place.trail.includes(path)) return this.#complain('include-cycle', place, `${path} includes itself: ${[...place.trail, path].join(' -> ')}`);
    if (place.trail.length >= INCLUDE_DEPTH_MAX) return this.#complain('include-depth', place, `includes nest deeper than ${INCLUDE_DEPTH_MAX}`);
    const file = this.#file(path, place);
    if (file) this.#walk(file, file.tree.items, place.scope, [...place.trail, path]);
  }

  #file(path: string, place: IncludePlace): ConfigFile | null {
    const known = this.#files.get(path);
    if (known) {
      known.readOnly = true;
      return known;
    }
    if (this.#files.size >= FILES_MAX) {
      this.#complain('files-many', place, `more than ${FILES_MAX} files are included`);
      return null;
    }
    const read = this.loader.read(path);
    if (!read.ok || this.#units + read.text.length > TEXT_UNITS_MAX) {
      const problem = read.ok ? { problem: 'too-large', detail: `the files together are larger than ${TEXT_UNITS_MAX} characters` } : read;
      this.#unread.push({ path, problem: problem.problem, detail: problem.detail, from: place.from, scope: place.scope });
      return null;
    }
    this.#units += read.text.length;
    const { tree, diagnostics } = parse(read.text, path);
    this.#diagnostics.push(...diagnostics);
    const file = { path, text: read.text, tree, readOnly: place.isReadOnly };
    this.#files.set(path, file);
    return file;
  }

  #walk(file: ConfigFile, items: readonly Item[], scope: readonly ScopeStep[], trail: readonly string[]): void {
    for (const item of items) {
      if (item.kind === 'include') this.#include(file, item, scope, trail);
      else if (item.kind === 'option' || item.kind === 'scope') {
        this.#statements.push({ file, scope, node: item, order: this.#statements.length });
        if (item.kind === 'scope') this.#walk(file, item.items, [...scope, stepOf(file.tree, item.type, item.name)], trail);
        else this.#noteLocalChanges(file, item, scope);
      }
    }
  }

  #include(file: ConfigFile, node: IncludeNode, scope: readonly ScopeStep[], trail: readonly string[]): void {
    const written = wordOf(file.tree.text, node.path);
    const from = { file: file.path, line: file.tree.lines.position(node.start).line };
    const place: IncludePlace = { from, scope, trail, isReadOnly: node.isReadOnly || file.readOnly };
    const uri = /^([a-z][a-z0-9_]*):\/\//i.exec(written);
    if (uri && uri[1]?.toLowerCase() !== 'file') {
      this.#unread.push({ path: written, problem: 'uri', detail: `what ${uri[1]}:// gives is not on this disk`, from, scope });
      return;
    }
    const path = this.#resolve(uri ? written.slice('file://'.length) : written, file.path);
    const names = this.loader.list(path);
    if (names === null) return this.#enter(path, place);
    // A folder: every file in lexical order, hidden ones skipped, folders not entered (Manual, ecelerity.conf).
    for (const name of [...names].sort()) {
      const child = `${path.replace(/\/$/, '')}/${name}`;
      if (!name.startsWith('.') && this.loader.list(child) === null) this.#enter(child, place);
    }
  }

  /** A relative path is looked for beside the including file, then along the search path. */
  #resolve(written: string, from: string): string {
    if (written.startsWith('/')) return normalise(written);
    const beside = normalise(`${folderOf(from)}/${written}`);
    const candidates = [beside, ...this.#searchPath.map((folder) => normalise(`${folder}/${written}`))];
    return candidates.find((path) => this.#files.has(path) || this.loader.list(path) !== null || this.#exists(path)) ?? beside;
  }

  #exists(path: string): boolean {
    const read = this.loader.read(path);
    return read.ok || read.problem !== 'missing';
  }

  #noteLocalChanges(file: ConfigFile, item: OptionNode, scope: readonly ScopeStep[]): void {
    if (scope.length > 0 || item.value?.kind !== 'scalar') return;
    if (wordOf(file.tree.text, item.name).toLowerCase() !== 'local_changes_file') return;
    const written = wordOf(file.tree.text, item.value.token);
    this.#localChanges = { path: this.#resolve(written, file.path), file: file.path, line: file.tree.lines.position(item.start).line };
  }

  #complain(code: string, place: IncludePlace, message: string): void {
    this.#diagnostics.push({ severity: 'error', code, file: place.from?.file ?? '', line: place.from?.line ?? 1, column: 1, message, hint: null });
  }
}

interface IncludePlace {
  readonly from: { readonly file: string; readonly line: number } | null;
  readonly scope: readonly ScopeStep[];
  readonly trail: readonly string[];
  readonly isReadOnly: boolean;
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '.' : path.slice(0, slash) || '/';
}

function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}
