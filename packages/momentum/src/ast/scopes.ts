import type { ScopeType } from '../options/scopes.js';
import { type Item, type ScopeNode, type Tree, type ValueNode, wordOf } from '../syntax/tree.js';

/** A value as data: text without quotes, a list, or a dictionary of texts. */
export type Value = string | readonly string[] | { readonly [key: string]: string };

declare const anyScope: unique symbol;
/** A type that is known only when the program runs: a module's own name, or what somebody wrote (`scopeType`). */
export type WrittenScopeType = string & { readonly [anyScope]: true };

/**
 * One step into the configuration: `{type: 'binding', name: 'bulk'}`. The outermost step comes first. A type that the
 * manual does not know does not compile, unless it comes from `scopeType`.
 */
export interface ScopeStep {
  readonly type: ScopeType | WrittenScopeType;
  readonly name: string | null;
}

/** The type of a scope from a text: a module's name, or what somebody wrote. Upper and lower case are one. */
export function scopeType(text: string): WrittenScopeType {
  return text as WrittenScopeType;
}

export function nodeValue(tree: Tree, node: ValueNode): Value {
  if (node.kind === 'scalar') return wordOf(tree.text, node.token);
  if (node.kind === 'array') return node.elements.map((token) => wordOf(tree.text, token));
  return Object.fromEntries(
    node.entries.map((entry) => {
      const value = entry.value ? nodeValue(tree, entry.value) : '';
      return [
        wordOf(tree.text, entry.key),
        typeof value === 'string' ? value : Object.values(value).join(' '),
      ];
    }),
  );
}

/** A value in one line: the elements of a list with blanks between, a dictionary as `key=value`. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.join(' ');
  return Object.entries(value)
    .map(([key, text]) => `${key}=${text}`)
    .join(' ');
}

/** Types whose instance names tell upper from lower case (Manual, conf.ref.binding and conf.ref.binding_group). */
const CASE_SENSITIVE = new Set(['binding', 'binding_group']);

/** A step as a file writes it. Its key is made once: it is asked for with each option of each scope. */
class WrittenStep implements ScopeStep {
  #key: string | null = null;

  constructor(
    readonly type: WrittenScopeType,
    readonly name: string | null,
  ) {}

  get key(): string {
    this.#key ??= keyOf(this);
    return this.#key;
  }
}

/** What makes two openings of a scope the same scope. */
export function scopeKey(step: ScopeStep): string {
  return step instanceof WrittenStep ? step.key : keyOf(step);
}

function keyOf(step: ScopeStep): string {
  const type = step.type.toLowerCase();
  if (step.name === null) return type;
  const name =
    type === 'listen'
      ? canonicalListen(step.name)
      : CASE_SENSITIVE.has(type)
        ? step.name
        : step.name.toLowerCase();
  return `${type}\u0000${name}`;
}

/** `:25`, `*:25` and `0.0.0.0:25` are one address (Manual, ecelerity.conf). */
function canonicalListen(name: string): string {
  return name.replace(/^(\*|0\.0\.0\.0)?:(\d+)$/, '*:$2').toLowerCase();
}

/** A scope's path as `config locate` prints it: `Esmtp_Listener::Listen:\:25:` (Manual, console_commands.config). */
export function formatScope(scope: readonly ScopeStep[]): string {
  if (scope.length === 0) return 'Global';
  return `${scope.map((step) => `${capitalised(step.type)}:${(step.name ?? '').replaceAll(':', '\\:')}`).join(':')}:`;
}

function capitalised(type: string): string {
  return type
    .toLowerCase()
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('_');
}

/** Visits every item of a tree, outermost first, with the path of the scopes around it. */
export function visit(tree: Tree, see: (item: Item, path: readonly ScopeStep[]) => void): void {
  const walk = (items: readonly Item[], path: readonly ScopeStep[]): void => {
    for (const item of items) {
      see(item, path);
      if (item.kind === 'scope') walk(item.items, [...path, stepOf(tree, item)]);
    }
  };
  walk(tree.items, []);
}

/** Made once for each scope of a text, and kept where the scope is only moved by an edit. */
export function stepOf({ text }: Tree, scope: ScopeNode): ScopeStep {
  if (scope.made instanceof WrittenStep) return scope.made;
  const { type, name } = scope;
  const step = new WrittenStep(scopeType(wordOf(text, type).toLowerCase()), name ? wordOf(text, name) : null);
  scope.made = step;
  return step;
}
