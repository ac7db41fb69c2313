import type { ScopeStep } from '../ast/scopes.js';
import type { OptionNode, ScopeNode, Tree } from '../syntax/tree.js';
import type { Diagnostic } from '../text/diagnostic.js';

/** One file of a configuration, by the path that it was read by. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
  readonly tree: Tree;
  /** Never edited: named by readonly_include, or included more than once (Manual, ecelerity.conf). */
  readonly readOnly: boolean;
}

/** A file that is included and was not read: what it would say is unknown. */
export interface UnreadFile {
  readonly path: string;
  /** `missing`, `denied`, `uri`, `too-large`, `too-many` or what the loader said. */
  readonly problem: string;
  readonly detail: string;
  readonly from: { readonly file: string; readonly line: number } | null;
  /** The scope that includes it: what it would set, it would set there or deeper. */
  readonly scope: readonly ScopeStep[];
  /** Its place among the statements: it would come before the statement of the same order. */
  readonly order: number;
}

/** One statement where it takes effect, in the order in which Momentum reads it. */
export interface Placed {
  readonly file: ConfigFile;
  readonly scope: readonly ScopeStep[];
  readonly node: OptionNode | ScopeNode;
  readonly order: number;
  /** Of a scope: the path of what stands in it; null for an option. */
  readonly inner: readonly ScopeStep[] | null;
}

/** A configuration as it was read once: all its files, what is wrong with them, and its statements in their order. */
export interface Config {
  readonly main: string;
  readonly files: readonly ConfigFile[];
  readonly diagnostics: readonly Diagnostic[];
  readonly unread: readonly UnreadFile[];
  readonly statements: readonly Placed[];
  /** The same configuration with the texts of some files replaced: what Momentum would read after an edit. */
  withTexts(texts: ReadonlyMap<string, string>): Config;
}
