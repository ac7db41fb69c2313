import { nodeValue, textOf, type Value } from '../ast/scopes.js';
import { parse } from '../syntax/parse.js';
import type { ValueNode } from '../syntax/tree.js';

/** How a value is written, and the text that it then evaluates to. */
export interface Literal {
  readonly source: string;
  readonly text: string;
}

/**
 * The value's form: what stands there now, or what the option is known to be; null where nothing says. `one` is a list
 * of one element, which keeps its blanks: `uri = ( "pgsql:host=a; dbname=b" )`.
 */
export type Form = 'word' | 'string' | 'list' | 'one' | null;

export function formOf(node: ValueNode): Form {
  if (node.kind === 'scalar') return node.token.kind === 'word' ? 'word' : 'string';
  if (node.kind === 'dictionary') return null;
  return node.elements.length === 1 ? 'one' : 'list';
}

/** Null for a text that has no place on one line. `( … )` and `[ … ]` are taken as they are written. */
export function literalOf(value: string, form: Form): Literal | null {
  if (hasControlCharacter(value)) return null;
  const composite = /^\s*[([]/.test(value) ? compositeOf(value) : null;
  if (composite !== null) return { source: value.trim(), text: textOf(composite) };
  if (form === 'one') return { source: `( ${quote(value)} )`, text: value };
  if (form === 'list') {
    const elements = value.split(/\s+/).filter((element) => element !== '');
    return { source: `( ${elements.map(quote).join(' ')} )`, text: elements.join(' ') };
  }
  const isBare = form === 'word' ? isBareWord(value) : form === null && isPlain(value);
  return { source: isBare ? value : quote(value), text: value };
}

/** Only `\"` and `\\` are undone when it is read, so no other backslash needs a second one. */
export function quote(text: string): string {
  return `"${text.replace(/\\(?=["\\]|$)|"/g, (c) => `\\${c}`)}"`;
}

function compositeOf(value: string): Value | null {
  const { tree, diagnostics } = parse(`x = ${value}`);
  const [item, ...others] = tree.items;
  if (diagnostics.some((d) => d.severity === 'error') || others.length > 0) return null;
  if (item?.kind !== 'option' || !item.value || item.value.kind === 'scalar') return null;
  return nodeValue(tree, item.value);
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((c) => (c < ' ' && c !== '\t') || c === '\u007f');
}

function isBareWord(value: string): boolean {
  return /^[A-Za-z0-9_.:+-]+$/.test(value);
}

/** What people write without quotes: numbers and booleans. */
function isPlain(value: string): boolean {
  return /^(-?[0-9]+|true|false|on|off|yes|no|enabled|disabled)$/i.test(value);
}
