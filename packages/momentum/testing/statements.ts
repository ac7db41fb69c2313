import { type ScopeStep, stepOf } from '../src/ast/scopes.js';
import type { Config, Part, Placed } from '../src/files/config.js';

/** Every statement of a configuration, one by one, in the order in which Momentum reads them. */
export function statementsOf({ parts }: Config): (Placed & { readonly scope: readonly ScopeStep[] })[] {
  const found: ReturnType<typeof statementsOf> = [];
  const walk = (
    { file, items, itemCount, within }: Omit<Part, 'order' | 'size'>,
    scope: readonly ScopeStep[],
  ) => {
    for (const item of items.slice(0, itemCount)) {
      const parts = within?.get(item);
      const isScope = item.kind === 'scope';
      if (isScope || item.kind === 'option') found.push({ file, node: item, order: found.length, scope });
      const inner = isScope ? [...scope, stepOf(file.tree, item)] : scope;
      if (parts) for (const part of parts) walk(part, inner);
      else if (isScope) walk({ file, items: item.items, itemCount: item.items.length, within: null }, inner);
    }
  };
  for (const part of parts) walk(part, []);
  return found;
}
