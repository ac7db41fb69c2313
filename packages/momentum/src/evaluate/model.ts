import { nodeValue, type ScopeStep, scopeKey, type Value } from '../ast/scopes.js';
import type { Config, Placed } from '../files/config.js';
import { type OptionNode, type ScopeNode, wordOf } from '../syntax/tree.js';
import type { Position } from '../text/span.js';

/** One place that sets an option. What it says is read when somebody asks: a large site sets far more than that. */
export class Assignment {
  constructor(readonly placed: Placed & { readonly node: OptionNode }) {}

  get value(): Value {
    const { file, node } = this.placed;
    return node.value ? nodeValue(file.tree, node.value) : '';
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

/** Options by their lower-case names: of a large site nearly every other one is told by its length alone. */
export class OptionNames {
  readonly #names: ReadonlySet<string>;
  readonly #lengths: ReadonlySet<number>;

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
    this.#lengths = new Set(names.map(({ length }) => length));
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  mayName({ node: { name } }: { readonly node: OptionNode }): boolean {
    return name.kind !== 'word' || this.#lengths.has(name.end - name.start);
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
  /** What counts of an option, by lower-case name; null where the scope does not set it. */
  last(option: string): Assignment | null;
  /** Whether the scope sets one of these options itself. */
  setsAny(options: OptionNames): boolean;
  readonly children: ReadonlyMap<string, Scope>;
  /** The child of this step, or null. */
  get(step: ScopeStep): Scope | null;
  /** The children of one type, in lower case, in the order in which they were first opened. */
  childrenOf(type: string): readonly Scope[];
  /** Every opening, for edits. */
  readonly openings: readonly (Placed & { readonly node: ScopeNode })[];
}

/** A scope that is being built; what most scopes do not have is made when it comes. */
class Building implements Scope {
  #options: ReadonlyMap<string, readonly Assignment[]> | null = null;
  /** What sets an option stands in these statements, from an index to before another; most scopes have one such row. */
  #from = 0;
  #to = 0;
  #before: (readonly [from: number, to: number])[] | null = null;
  /** Most scopes are opened once. */
  #opening: Opening | null = null;
  #later: Opening[] | null = null;
  /** Most that hold a scope hold one. */
  #only: Building | null = null;
  #children: Map<string, Building> | null = null;
  #byType: ReadonlyMap<string, readonly Scope[]> | null = null;

  constructor(
    private readonly statements: readonly Placed[],
    readonly step: ScopeStep | null,
    readonly path: readonly ScopeStep[],
  ) {}

  get openings(): readonly Opening[] {
    if (this.#opening === null) return NO_OPENINGS;
    return this.#later === null ? [this.#opening] : [this.#opening, ...this.#later];
  }

  get children(): ReadonlyMap<string, Building> {
    if (this.#children !== null) return this.#children;
    return this.#only === null ? NONE : new Map([[keyOf(this.#only), this.#only]]);
  }

  get(step: ScopeStep): Building | null {
    return this.#find(scopeKey(step));
  }

  childrenOf(type: string): readonly Scope[] {
    if (this.#only !== null) return this.#only.step?.type === type ? [this.#only] : NO_SCOPES;
    if (this.#children === null) return NO_SCOPES;
    if (this.#children.size <= FEW)
      return [...this.#children.values()].filter(({ step }) => step?.type === type);
    this.#byType ??= groupByType(this);
    return this.#byType.get(type) ?? NO_SCOPES;
  }

  get at(): Scope['at'] {
    if (this.#opening === null) return null;
    const { file, node } = this.#opening;
    return { file: file.path, line: file.tree.lines.position(node.start).line };
  }

  /** The child that these steps lead to, the last of them its own; made where it is not there. */
  child(step: ScopeStep, path: readonly ScopeStep[]): Building {
    const key = scopeKey(step);
    const known = this.#find(key);
    if (known) return known;
    const child = new Building(this.statements, step, path);
    if (this.#children !== null) this.#children.set(key, child);
    else if (this.#only === null) this.#only = child;
    else {
      this.#children = new Map([[keyOf(this.#only), this.#only]]).set(key, child);
      this.#only = null;
    }
    return child;
  }

  open(opening: Opening): void {
    if (this.#opening === null) this.#opening = opening;
    else {
      this.#later ??= [];
      this.#later.push(opening);
    }
  }

  /** The statement of this index sets an option here. */
  set(index: number): void {
    if (index !== this.#to) {
      if (this.#to > 0) {
        this.#before ??= [];
        this.#before.push([this.#from, this.#to]);
      }
      this.#from = index;
    }
    this.#to = index + 1;
  }

  /** Told apart by name when the first is asked for: of an edited text hardly any scope is. */
  get options(): ReadonlyMap<string, readonly Assignment[]> {
    if (this.#options) return this.#options;
    const options = new Map<string, Assignment[]>();
    for (const [from, to] of this.#before ?? []) this.#name(from, to, options);
    this.#name(this.#from, this.#to, options);
    this.#options = options;
    return options;
  }

  /** Whether its options are told apart by name, or are too many to be looked through each time. */
  get #isNamed(): boolean {
    return this.#options !== null || this.#before !== null || this.#to - this.#from > LOOKED_THROUGH_MAX;
  }

  /** Looked up among a few statements as they stand: a large site has tens of thousands of scopes that are asked little. */
  last(option: string): Assignment | null {
    if (this.#isNamed) return this.options.get(option)?.at(-1) ?? null;
    for (let i = this.#to - 1; i >= this.#from; i -= 1) {
      const placed = this.statements[i];
      if (placed && isOption(placed) && isNamed(placed, option) && placed.node.value)
        return new Assignment(placed);
    }
    return null;
  }

  setsAny(options: OptionNames): boolean {
    if (this.#isNamed) return [...this.options.keys()].some((name) => options.has(name));
    for (let i = this.#from; i < this.#to; i += 1) {
      const placed = this.statements[i];
      if (
        placed &&
        isOption(placed) &&
        options.mayName(placed) &&
        placed.node.value &&
        options.has(nameOf(placed))
      )
        return true;
    }
    return false;
  }

  #name(from: number, to: number, options: Map<string, Assignment[]>): void {
    for (let i = from; i < to; i += 1) {
      const placed = this.statements[i];
      if (!placed || !isOption(placed) || !placed.node.value) continue;
      const name = nameOf(placed);
      const assignment = new Assignment(placed);
      const known = options.get(name);
      if (known) known.push(assignment);
      else options.set(name, [assignment]);
    }
  }

  #find(key: string): Building | null {
    if (this.#children !== null) return this.#children.get(key) ?? null;
    return this.#only !== null && keyOf(this.#only) === key ? this.#only : null;
  }
}

type Opening = Placed & { readonly node: ScopeNode };
type Setting = Placed & { readonly node: OptionNode };

function keyOf({ step }: Scope): string {
  return step === null ? '' : scopeKey(step);
}

/** So many options of one scope are looked through each time; of more it is remembered what they are. */
const LOOKED_THROUGH_MAX = 16;

function isNamed(placed: Setting, option: string): boolean {
  const { name } = placed.node;
  if (name.kind === 'word' && name.end - name.start !== option.length) return false;
  return nameOf(placed) === option;
}

function nameOf({ file, node }: Setting): string {
  return wordOf(file.tree.text, node.name).toLowerCase();
}

function isOption(placed: Placed): placed is Setting {
  return placed.node.kind === 'option';
}

function isOpening(placed: Placed): placed is Opening {
  return placed.node.kind === 'scope';
}

const NO_OPENINGS: readonly Opening[] = [];
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

function build({ statements }: Config): Scope {
  const root = new Building(statements, null, []);
  // Statements of one scope follow each other and share its path, which its opening has as `inner`.
  let last = { path: root.path, scope: root };
  const around: (typeof last)[] = [last];
  let index = -1;
  for (const placed of statements) {
    index += 1;
    if (last.path !== placed.scope) last = scopeOf(placed.scope, around, root);
    if (isOpening(placed)) {
      const { inner } = placed;
      const step = inner?.at(-1);
      if (!inner || !step) continue;
      const opened = last.scope.child(step, inner);
      opened.open(placed);
      last = { path: inner, scope: opened };
      around.length = placed.scope.length + 1;
      around.push(last);
    } else last.scope.set(index);
  }
  return root;
}

/** Where statements go on after a scope that stood among them, and where an included file is read again. */
function scopeOf(
  path: readonly ScopeStep[],
  around: readonly { readonly path: readonly ScopeStep[]; readonly scope: Building }[],
  root: Building,
): { path: readonly ScopeStep[]; scope: Building } {
  const known = around[path.length];
  if (known && known.path === path) return known;
  const scope = path.reduce((outer, step, i) => outer.child(step, path.slice(0, i + 1)), root);
  return { path, scope };
}

/** The scope at a path by its exact steps, or null. */
export function scopeAt(root: Scope, path: readonly ScopeStep[]): Scope | null {
  let scope: Scope | null = root;
  for (const step of path) scope = scope?.get(step) ?? null;
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
