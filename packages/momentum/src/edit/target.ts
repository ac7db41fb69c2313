import { type ScopeStep, scopeKey } from '../ast/scopes.js';
import { isListener } from '../evaluate/inbound.js';
import { childrenOfType, modelOf, scopeAt } from '../evaluate/model.js';
import type { Config } from '../files/config.js';

/** Scopes that are often asked for without the one around them. */
const AROUND: Readonly<Record<string, (type: string) => boolean>> = {
  binding: (type) => type === 'binding_group',
  pathway: (type) => type === 'pathway_group',
  listen: isListener,
};

/**
 * Where a scope really stands: a binding that is declared only inside one group is edited there, not beside it. A path
 * that leads to nothing, or to several, is kept.
 */
export function targetOf(config: Config, path: readonly ScopeStep[]): readonly ScopeStep[] {
  const root = modelOf(config);
  const [outer] = path;
  const isAround = outer && AROUND[outer.type.toLowerCase()];
  if (!outer || !isAround || scopeAt(root, [outer])) return path;
  const holders = [...root.children.values()].filter(
    (child) =>
      isAround(child.step?.type ?? '') &&
      childrenOfType(child, outer.type.toLowerCase()).some(
        (inner) => inner.step && scopeKey(inner.step) === scopeKey(outer),
      ),
  );
  const [holder] = holders;
  return holder && holders.length === 1 ? [...holder.path, ...path] : path;
}
