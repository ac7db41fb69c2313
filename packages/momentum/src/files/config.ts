import type { ScopeStep } from '../ast/scopes.js';
import type { Item, OptionNode, ScopeNode, Tree } from '../syntax/tree.js';
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

/** One statement where it takes effect. */
export interface Placed<N extends OptionNode | ScopeNode = OptionNode | ScopeNode> {
  readonly file: ConfigFile;
  readonly node: N;
  /** Its place among all statements, in the order in which Momentum reads them. */
  readonly order: number;
}

/** Statements that stand together, in one file and one scope. */
export interface Part {
  readonly file: ConfigFile;
  readonly items: readonly Item[];
  /** Only so many of the items are read: behind them a bound was reached. */
  readonly itemCount: number;
  /** The order of the first statement, and how many there are, with all that is in them. */
  readonly order: number;
  readonly size: number;
  /** What stands in the place of an include, and in a scope in which something is included. Null: there is neither. */
  readonly within: ReadonlyMap<Item, readonly Part[]> | null;
}

/** A configuration as it was read once: all its files, what is wrong with them, and what they say in its order. */
export interface Config {
  readonly main: string;
  readonly files: readonly ConfigFile[];
  readonly diagnostics: readonly Diagnostic[];
  readonly unread: readonly UnreadFile[];
  /** The main file, with all that it includes, and what is read after it. */
  readonly parts: readonly Part[];
  /** The same configuration with the texts of some files replaced: what Momentum would read after an edit. */
  withTexts(texts: ReadonlyMap<string, string>): Config;
}
