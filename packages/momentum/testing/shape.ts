import type { Token } from '../src/lex/token.js';
import type { Item, Tree, ValueNode } from '../src/syntax/tree.js';
import { wordOf } from '../src/syntax/tree.js';

/** A tree in one line: `a = b; scope "name" { … }`; what a text lacks is told in words. */
export function shapeOf(tree: Tree): string {
  return shapeOfItems(tree, tree.items);
}

function shapeOfItems(tree: Tree, items: readonly Item[]): string {
  return items.map((item) => shapeOfItem(tree, item)).join('; ');
}

function shapeOfItem(tree: Tree, item: Item): string {
  const word = (token: Token) => wordOf(tree.text, token);
  switch (item.kind) {
    case 'option':
      return `${word(item.name)} = ${shapeOfValue(tree, item.value)}`;
    case 'include':
      return `${item.isReadOnly ? 'read-only ' : ''}include <${word(item.path)}>`;
    case 'scope': {
      const name = item.name ? ` <${word(item.name)}>` : '';
      return `${word(item.type)}${name} {${shapeOfItems(tree, item.items)}}${item.close ? '' : ' unclosed'}`;
    }
    default:
      return `junk <${tree.text.slice(item.start, item.end)}>`;
  }
}

function shapeOfValue(tree: Tree, value: ValueNode | null): string {
  if (!value) return 'nothing';
  if (value.kind === 'scalar') return `<${wordOf(tree.text, value.token)}>`;
  if (value.kind === 'array') return `(${value.elements.map((e) => `<${wordOf(tree.text, e)}>`).join(' ')})`;
  const entries = value.entries.map((e) => `${wordOf(tree.text, e.key)} = ${shapeOfValue(tree, e.value)}`);
  return `[${entries.join(', ')}]`;
}
