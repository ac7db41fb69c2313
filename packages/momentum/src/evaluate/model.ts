import { nodeValue, type ScopeStep, scopeKey, stepOf, type Value } from '../ast/scopes.js';
import type { Config, Placed } from '../files/config.js';
import { type OptionNode, type ScopeNode, wordOf } from '../syntax/tree.js';

/** One place that sets an option. */
export interface Assignment {
  readonly value: Value;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly placed: Placed & { readonly node: OptionNode };
}

/** A scope with everything that its several openings, in several files, put into it. */
export interface Scope {
  readonly step: ScopeStep | null;
  readonly path: readonly ScopeStep[];
  /** Where it is opened first. */
  readonly at: { readonly file: string; readonly line: number } | null;
  /** By lower-case name; the last assignment counts (Manual: the file included last overrides). */
  readonly options: ReadonlyMap<string, readonly Assignment[]>;
  readonly children: ReadonlyMap<string, Scope>;
  /** Every opening, for edits. */
  readonly openings: readonly (Placed & { readonly node: ScopeNode })[];
}

interface Building extends Scope {
  readonly options: Map<string, Assignment[]>;
  readonly children: Map<string, Building>;
  readonly openings: (Placed & { readonly node: ScopeNode })[];
  at: Scope['at'];
}

const models = new WeakMap<Config, Scope>();

/** The configuration as one tree of merged scopes. Made once for each configuration. */
export function modelOf(config: Config): Scope {
  let root = models.get(config);
  if (!root) {
    root = build(config);
    models.set(config, root);
  }
  return root;
}

function build(config: Config): Scope {
  const root = emptyScope(null, []);
  for (const placed of config.statements) {
    const scope = descend(root, placed.scope);
    const at = { file: placed.file.path, ...placed.file.tree.lines.position(placed.node.start) };
    if (placed.node.kind === 'scope') {
      const opened = descend(scope, [stepOf(placed.file.tree, placed.node.type, placed.node.name)]);
      opened.openings.push(placed as Placed & { node: ScopeNode });
      opened.at ??= { file: at.file, line: at.line };
    } else if (placed.node.value) {
      const name = wordOf(placed.file.tree.text, placed.node.name).toLowerCase();
      const list = scope.options.get(name) ?? [];
      list.push({
        value: nodeValue(placed.file.tree, placed.node.value),
        ...at,
        placed: placed as Placed & { node: OptionNode },
      });
      scope.options.set(name, list);
    }
  }
  return root;
}

function emptyScope(step: ScopeStep | null, path: readonly ScopeStep[]): Building {
  return { step, path, at: null, options: new Map(), children: new Map(), openings: [] };
}

function descend(from: Building, steps: readonly ScopeStep[]): Building {
  let scope = from;
  for (const step of steps) {
    const key = scopeKey(step);
    let child = scope.children.get(key);
    if (!child) {
      child = emptyScope(step, [...scope.path, step]);
      scope.children.set(key, child);
    }
    scope = child;
  }
  return scope;
}

/** The scope at a path by its exact steps, or null. */
export function scopeAt(root: Scope, path: readonly ScopeStep[]): Scope | null {
  let scope: Scope | null = root;
  for (const step of path) scope = scope?.children.get(scopeKey(step)) ?? null;
  return scope;
}

const byType = new WeakMap<Scope, ReadonlyMap<string, readonly Scope[]>>();

/** The scopes of one type right inside a scope, in the order in which they were first opened. */
export function childrenOfType(scope: Scope, type: string): readonly Scope[] {
  let types = byType.get(scope);
  if (!types) {
    types = groupByType(scope);
    byType.set(scope, types);
  }
  return types.get(type) ?? [];
}

function groupByType(scope: Scope): Map<string, Scope[]> {
  const types = new Map<string, Scope[]>();
  for (const child of scope.children.values()) {
    const type = child.step?.type ?? '';
    const same = types.get(type);
    if (same) same.push(child);
    else types.set(type, [child]);
  }
  return types;
}

/** Every scope of a type, wherever it stands. */
export function scopesOfType(root: Scope, type: string): Scope[] {
  const wanted = type.toLowerCase();
  const found: Scope[] = [];
  const walk = (scope: Scope): void => {
    for (const child of scope.children.values()) {
      if (child.step?.type === wanted) found.push(child);
      walk(child);
    }
  };
  walk(root);
  return found;
}
