import type { Parsed } from '../src/syntax/parse.js';
import type { Item, ValueNode } from '../src/syntax/tree.js';

/** All that a parsed text says, as plain data: every span of every node and token. */
export function plainOf({ tree, diagnostics }: Parsed): object {
  return { text: tree.text, comments: tree.comments, items: tree.items.map(plainItem), diagnostics };
}

function plainItem(item: Item): object {
  const { kind, start, end } = item;
  switch (item.kind) {
    case 'option':
      return { kind, start, end, name: item.name, value: item.value && plainValue(item.value) };
    case 'scope': {
      const { type, name, open, close, items } = item;
      return { kind, start, end, type, name, open, close, items: items.map(plainItem) };
    }
    case 'include':
      return { kind, start, end, keyword: item.keyword, path: item.path, isReadOnly: item.isReadOnly };
    default:
      return { kind, start, end };
  }
}

function plainValue(value: ValueNode): object {
  const { kind, start, end } = value;
  if (value.kind === 'scalar') return { kind, start, end, token: value.token };
  if (value.kind === 'array') return { kind, start, end, elements: value.elements };
  const entries = value.entries.map((entry) => ({ ...entry, value: entry.value && plainValue(entry.value) }));
  return { kind, start, end, entries };
}
