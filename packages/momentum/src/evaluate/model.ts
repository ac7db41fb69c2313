import { nodeValue, type ScopeStep, scopeKey, stepOf, type Value } from '../ast/scopes.js';
import type { Config, Placed } from '../files/config.js';
import { type OptionNode, type ScopeNode, type ValueNode, wordOf } from '../syntax/tree.js';
import type { Position } from '../text/span.js';

/** One place that sets an option. What it says is read when somebody asks: a large site sets far more than that. */
export class Assignment {
  constructor(
    readonly placed: Placed & { readonly node: OptionNode },
    private readonly node: ValueNode,
  ) {}

  get value(): Value {
    return nodeValue(this.placed.file.tree, this.node);
  }

  get file(): string {
    return this.placed.file.path;
  }

  get line(): number {
    return this.#position().line;
  }

  get column(): number {
    return this.#position().column;
  }

  #position(): Position {
    return this.placed.file.tree.lines.position(this.placed.node.start);
  }
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
  /** The children of one type, in lower case, in the order in which they were first opened. */
  childrenOf(type: string): readonly Scope[];
  /** Every opening, for edits. */
  readonly openings: readonly (Placed & { readonly node: ScopeNode })[];
}

/** A scope that is being built; what most scopes do not have is made when it comes. */
class Building implements Scope {
  #options: ReadonlyMap<string, readonly Assignment[]> | null = null;
  /** What sets an option, as it comes. */
  #set: (Placed & { readonly node: OptionNode })[] | null = null;
  readonly openings: (Placed & { readonly node: ScopeNode })[] = [];
  #children: Map<string, Building> | null = null;
  #byType: ReadonlyMap<string, readonly Scope[]> | null = null;

  constructor(
    readonly step: ScopeStep | null,
    readonly path: readonly ScopeStep[],
  ) {}

  get children(): ReadonlyMap<string, Building> {
    return this.#children ?? NONE;
  }

  childrenOf(type: string): readonly Scope[] {
    if (this.#children === null) return NO_SCOPES;
    if (this.#children.size <= FEW)
      return [...this.#children.values()].filter(({ step }) => step?.type === type);
    this.#byType ??= groupByType(this);
    return this.#byType.get(type) ?? NO_SCOPES;
  }

  get at(): Scope['at'] {
    const [opening] = this.openings;
    if (!opening) return null;
    const { file, node } = opening;
    return { file: file.path, line: file.tree.lines.position(node.start).line };
  }

  /** The child of this step, made where it is not there. */
  child(step: ScopeStep): Building {
    this.#children ??= new Map();
    const key = scopeKey(step);
    let child = this.#children.get(key);
    if (!child) {
      child = new Building(step, [...this.path, step]);
      this.#children.set(key, child);
    }
    return child;
  }

  set(placed: Placed & { readonly node: OptionNode }): void {
    this.#set ??= [];
    this.#set.push(placed);
  }

  /** Told apart by name when the first is asked for: of an edited text hardly any scope is. */
  get options(): ReadonlyMap<string, readonly Assignment[]> {
    if (this.#options) return this.#options;
    const options = new Map<string, Assignment[]>();
    for (const placed of this.#set ?? []) {
      if (!placed.node.value) continue;
      const name = wordOf(placed.file.tree.text, placed.node.name).toLowerCase();
      const assignment = new Assignment(placed, placed.node.value);
      const known = options.get(name);
      if (known) known.push(assignment);
      else options.set(name, [assignment]);
    }
    this.#options = options;
    this.#set = null;
    return options;
  }
}

const NONE: ReadonlyMap<string, Building> = new Map();
/** So many children are looked through each time; of more it is remembered which are of a type. */
const FEW = 4;
const NO_SCOPES: readonly Scope[] = [];

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

/** `other` has the same statements. */
export function shareModel(config: Config, other: Config): void {
  models.set(other, modelOf(config));
}

function build(config: Config): Scope {
  const root = new Building(null, []);
  // Statements of one scope follow each other and share its path.
  let last = { path: root.path, scope: root };
  for (const placed of config.statements) {
    if (last.path !== placed.scope)
      last = { path: placed.scope, scope: placed.scope.reduce((scope, step) => scope.child(step), root) };
    const { node, file } = placed;
    if (node.kind === 'scope') {
      const opened = last.scope.child(stepOf(file.tree, node.type, node.name));
      opened.openings.push(placed as Placed & { node: ScopeNode });
    } else if (node.value) last.scope.set(placed as Placed & { node: OptionNode });
  }
  return root;
}

/** The scope at a path by its exact steps, or null. */
export function scopeAt(root: Scope, path: readonly ScopeStep[]): Scope | null {
  let scope: Scope | null = root;
  for (const step of path) scope = scope?.children.get(scopeKey(step)) ?? null;
  return scope;
}

/** The scopes of one type right inside a scope, in the order in which they were first opened. */
export function childrenOfType(scope: Scope, type: string): readonly Scope[] {
  return scope.childrenOf(type);
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
