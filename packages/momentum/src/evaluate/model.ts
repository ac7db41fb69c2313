import { nodeValue, type ScopeStep, scopeKey, stepOf, type Value } from '../ast/scopes.js';
import type { Config, ConfigFile, Part, Placed } from '../files/config.js';
import { type OptionNode, type ScopeNode, wordOf } from '../syntax/tree.js';
import type { Position } from '../text/span.js';

/** One place that sets an option. What it says is read when somebody asks: a large site sets far more than that. */
export class Assignment {
  constructor(readonly placed: Placed<OptionNode>) {}

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

  mayName({ name }: OptionNode): boolean {
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
  readonly openings: readonly Placed<ScopeNode>[];
}

/** What a scope has is found when somebody asks for it: of a large site's tens of thousands, and of an edited text, hardly any is. */
class FoundScope implements Scope {
  #options: ReadonlyMap<string, readonly Assignment[]> | null = null;
  /** Most scopes are opened once. */
  #opening: Opening | null = null;
  #later: Opening[] | null = null;
  #areChildrenFound = false;
  /** Most that hold a scope hold one. */
  #only: FoundScope | null = null;
  #children: Map<string, FoundScope> | null = null;
  #byType: ReadonlyMap<string, readonly Scope[]> | null = null;

  constructor(
    readonly step: ScopeStep | null,
    readonly path: readonly ScopeStep[],
    /** Of the whole configuration; of a scope they stand in its openings. */
    private readonly parts: readonly Part[],
  ) {}

  get openings(): readonly Opening[] {
    if (this.#opening === null) return NO_OPENINGS;
    return this.#later === null ? [this.#opening] : [this.#opening, ...this.#later];
  }

  get children(): ReadonlyMap<string, FoundScope> {
    this.#findChildren();
    if (this.#children !== null) return this.#children;
    return this.#only === null ? NONE : new Map([[keyOf(this.#only), this.#only]]);
  }

  get(step: ScopeStep): FoundScope | null {
    this.#findChildren();
    return this.#child(scopeKey(step));
  }

  childrenOf(type: string): readonly Scope[] {
    this.#findChildren();
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

  get options(): ReadonlyMap<string, readonly Assignment[]> {
    if (this.#options) return this.#options;
    const options = new Map<string, Assignment[]>();
    this.#eachStatement((file, node, order) => {
      if (node.kind !== 'option' || !node.value) return;
      const name = nameOf(file, node);
      const assignment = new Assignment({ file, node, order });
      const known = options.get(name);
      if (known) known.push(assignment);
      else options.set(name, [assignment]);
    });
    this.#options = options;
    return options;
  }

  /** The opening whose items are all that the scope has, where they are few: they are looked through each time. */
  get #few(): Opening | null {
    if (this.#options !== null || this.#later !== null || this.#opening?.parts !== null) return null;
    return this.#opening.node.items.length <= LOOKED_THROUGH_MAX ? this.#opening : null;
  }

  last(option: string): Assignment | null {
    const few = this.#few;
    if (few === null) return this.options.get(option)?.at(-1) ?? null;
    const { file, node } = few;
    for (let i = node.items.length - 1; i >= 0; i -= 1) {
      const item = node.items[i];
      if (item?.kind === 'option' && isNamed(file, item, option) && item.value)
        return new Assignment({ file, node: item, order: orderIn(few, i) });
    }
    return null;
  }

  setsAny(options: OptionNames): boolean {
    const few = this.#few;
    if (few === null) return [...this.options.keys()].some((name) => options.has(name));
    const { file, node } = few;
    return node.items.some(
      (item) =>
        item.kind === 'option' &&
        options.mayName(item) &&
        options.has(nameOf(file, item)) &&
        item.value !== null,
    );
  }

  #findChildren(): void {
    if (this.#areChildrenFound) return;
    this.#areChildrenFound = true;
    this.#eachStatement((file, node, order, parts) => {
      if (node.kind !== 'scope') return;
      const step = stepOf(file.tree, node);
      const key = scopeKey(step);
      const child = this.#child(key) ?? this.#addChild(key, new FoundScope(step, this.path.concat(step), []));
      child.#open({ file, node, order, parts });
    });
  }

  #open(opening: Opening): void {
    if (this.#opening === null) this.#opening = opening;
    else {
      this.#later ??= [];
      this.#later.push(opening);
    }
  }

  #addChild(key: string, child: FoundScope): FoundScope {
    if (this.#children !== null) this.#children.set(key, child);
    else if (this.#only === null) this.#only = child;
    else {
      this.#children = new Map([[keyOf(this.#only), this.#only]]).set(key, child);
      this.#only = null;
    }
    return child;
  }

  #child(key: string): FoundScope | null {
    if (this.#children !== null) return this.#children.get(key) ?? null;
    return this.#only !== null && keyOf(this.#only) === key ? this.#only : null;
  }

  #eachStatement(see: SeeStatement): void {
    for (const part of this.parts) eachStatement(part, see);
    for (const { file, node, order, parts } of this.openings) {
      if (parts !== null) for (const part of parts) eachStatement(part, see);
      else {
        const { items, size } = node;
        eachStatement({ file, items, itemCount: items.length, order: order + 1, size, within: null }, see);
      }
    }
  }
}

interface Opening extends Placed<ScopeNode> {
  /** Null: what stands in it is what the node has, and no include. */
  readonly parts: readonly Part[] | null;
}

type SeeStatement = (
  file: ConfigFile,
  node: OptionNode | ScopeNode,
  order: number,
  parts: readonly Part[] | null,
) => void;

/** The statements of one scope, without those of the scopes in it; what is included in their place, in its order. */
function eachStatement({ file, items, itemCount, order: first, within }: Part, see: SeeStatement): void {
  let order = first;
  let left = itemCount;
  for (const item of items) {
    if (left === 0) return;
    left -= 1;
    // Asked once: it is a question to each of several classes.
    const { kind } = item;
    if (kind === 'option') {
      see(file, item, order, null);
      order += 1;
      continue;
    }
    const parts = within?.get(item) ?? null;
    if (kind === 'scope') {
      see(file, item, order, parts);
      order += 1 + (parts === null ? item.size : sizeOf(parts));
    } else if (parts !== null) {
      for (const part of parts) eachStatement(part, see);
      order += sizeOf(parts);
    }
  }
}

function sizeOf(parts: readonly Part[]): number {
  let size = 0;
  for (const part of parts) size += part.size;
  return size;
}

/** Of one of the items of an opening in which nothing is included. */
function orderIn({ node, order }: Opening, index: number): number {
  let found = order + 1;
  for (const item of node.items.slice(0, index))
    found += item.kind === 'scope' ? 1 + item.size : item.kind === 'option' ? 1 : 0;
  return found;
}

function keyOf({ step }: Scope): string {
  return step === null ? '' : scopeKey(step);
}

/** So many statements of one scope are looked through each time; of more it is remembered what they are. */
const LOOKED_THROUGH_MAX = 16;

function isNamed(file: ConfigFile, node: OptionNode, option: string): boolean {
  const { name } = node;
  if (name.kind === 'word' && name.end - name.start !== option.length) return false;
  return nameOf(file, node) === option;
}

function nameOf({ tree }: ConfigFile, { name }: OptionNode): string {
  return wordOf(tree.text, name).toLowerCase();
}

const NO_OPENINGS: readonly Opening[] = [];
const NONE: ReadonlyMap<string, FoundScope> = new Map();
/** So many children are looked through each time; of more it is remembered which are of a type. */
const FEW = 4;
const NO_SCOPES: readonly Scope[] = [];

const models = new WeakMap<Config, Scope>();

/** The configuration as one tree of merged scopes. Made once for each configuration. */
export function modelOf(config: Config): Scope {
  let root = models.get(config);
  if (!root) {
    root = new FoundScope(null, [], config.parts);
    models.set(config, root);
  }
  return root;
}

/** `other` has the same statements. */
export function shareModel(config: Config, other: Config): void {
  models.set(other, modelOf(config));
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
