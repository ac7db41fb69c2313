import type { ScopeStep } from '../ast/scopes.js';
import { type Evaluation, evaluate } from '../evaluate/evaluate.js';
import { modelOf, type Scope } from '../evaluate/model.js';
import type { Config } from '../files/config.js';
import { optionInfo } from '../options/table.js';
import { parseBoolean } from '../values/boolean.js';

/** One option whose value changes by one cause, and every scope that feels it. */
export interface Change {
  readonly option: string;
  /** In the outermost scope that the change reaches. */
  readonly before: Evaluation;
  readonly after: Evaluation;
  /** The scopes, the outermost first; those after the first fall back to the same place before and after. */
  readonly scopes: readonly (readonly ScopeStep[])[];
}

/** What changes between two configurations, by cause. Empty lists where Momentum would notice nothing. */
export interface Comparison {
  readonly changes: readonly Change[];
  /** Scopes that only one configuration opens: a module that is switched on sets no option. */
  readonly opened: readonly (readonly ScopeStep[])[];
  readonly gone: readonly (readonly ScopeStep[])[];
}

/**
 * What differs between two configurations for Momentum: effective values, not lines. Only options that some scope sets
 * differently are asked about, in the scopes that can have them.
 */
export function compare(before: Config, after: Config): Comparison {
  const [from, to] = [scopesByKey(modelOf(before)), scopesByKey(modelOf(after))];
  const pairs = [...new Set([...from.keys(), ...to.keys()])].map(
    (key) => new Pair(from.get(key), to.get(key)),
  );
  const changes = [...differingOptions(pairs)].flatMap((option) => changesOf(option, pairs, before, after));
  return { changes, opened: onlyIn(to, from), gone: onlyIn(from, to) };
}

type Scopes = ReadonlyMap<string, Scope>;

function scopesByKey(root: Scope): Scopes {
  const found = new Map<string, Scope>();
  const walk = (scope: Scope, key: string): void => {
    found.set(key, scope);
    for (const [name, child] of scope.children) walk(child, `${key}\u0001${name}`);
  };
  walk(root, '');
  return found;
}

function onlyIn(these: Scopes, those: Scopes): (readonly ScopeStep[])[] {
  return [...these].flatMap(([key, scope]) => (those.has(key) ? [] : [scope.path]));
}

/** One scope as the two configurations have it; one of them need not. */
class Pair {
  readonly step: ScopeStep | null;
  readonly path: readonly ScopeStep[];

  constructor(
    readonly before: Scope | undefined,
    readonly after: Scope | undefined,
  ) {
    const scope = after ?? before;
    this.step = scope?.step ?? null;
    this.path = scope?.path ?? [];
  }

  /** The options that either sets. */
  get options(): Set<string> {
    return new Set([...(this.before?.options.keys() ?? []), ...(this.after?.options.keys() ?? [])]);
  }

  sets(option: string): boolean {
    return (this.before?.options.has(option) ?? false) || (this.after?.options.has(option) ?? false);
  }
}

function differingOptions(pairs: readonly Pair[]): Set<string> {
  const options = new Set<string>();
  for (const pair of pairs) {
    for (const name of pair.options)
      if (ownText(pair.before, name) !== ownText(pair.after, name)) options.add(name);
  }
  return options;
}

function ownText(scope: Scope | undefined, option: string): string | null {
  const last = scope?.options.get(option)?.at(-1);
  return last ? JSON.stringify(last.value) : null;
}

function changesOf(option: string, scopes: readonly Pair[], before: Config, after: Config): Change[] {
  const byCause = new Map<
    string,
    { before: Evaluation; after: Evaluation; scopes: (readonly ScopeStep[])[] }
  >();
  for (const scope of scopes) {
    if (!canHave(scope, option)) continue;
    const [a, b] = [evaluate(before, scope.path, option), evaluate(after, scope.path, option)];
    if (isSame(option, a, b)) continue;
    const cause = [a, b]
      .map((one) => `${JSON.stringify(one.origin)}${one.text}${one.indeterminate}`)
      .join('\u0000');
    const known = byCause.get(cause);
    if (known) known.scopes.push(scope.path);
    else byCause.set(cause, { before: a, after: b, scopes: [scope.path] });
  }
  return [...byCause.values()].map((change) => ({ option, ...change }));
}

/** A scope that sets it, before or after, or one of a type that the manual's table names for it. */
function canHave(scope: Pair, option: string): boolean {
  return scope.sets(option) || (optionInfo(option)?.scopes.includes(scope.step?.type ?? 'global') ?? false);
}

function isSame(option: string, a: Evaluation, b: Evaluation): boolean {
  if (a.indeterminate !== b.indeterminate) return false;
  if (a.text === b.text && shapeOf(a) === shapeOf(b)) return true;
  if (optionInfo(option)?.type !== 'boolean' || a.text === null || b.text === null) return false;
  const [x, y] = [parseBoolean(a.text), parseBoolean(b.text)];
  return x !== null && x === y;
}

/** `( "a b" )` and `( a b )` have the same text and are not the same. A list of one is what a scalar is. */
function shapeOf({ value }: Evaluation): string {
  if (Array.isArray(value) && value.length === 1) return JSON.stringify(value[0]);
  return JSON.stringify(value);
}
