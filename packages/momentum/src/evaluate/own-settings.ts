import { type ScopeStep, scopeKey, textOf } from '../ast/scopes.js';
import type { Config } from '../files/config.js';
import { assignmentsAround, evaluate } from './evaluate.js';
import { type Assignment, modelOf, type Scope } from './model.js';

/** A scope that sets an option itself, and what it says. */
export interface OwnSetting {
  /** From the outermost scope to the innermost; empty: global. */
  readonly path: readonly ScopeStep[];
  readonly text: string;
}

/**
 * The scopes among these paths, and around them, that set an option which counts there: each once, in the order in which
 * the paths fall back to them.
 */
export function ownSettings(
  config: Config,
  paths: readonly (readonly ScopeStep[])[],
  option: string,
): OwnSetting[] {
  const within = scopesAlong(modelOf(config), paths);
  const seen = new Set<Assignment>();
  const own: OwnSetting[] = [];
  for (const path of paths) {
    for (const { place, assignment } of assignmentsAround(evaluate(config, path, option))) {
      if (seen.has(assignment) || place.found === null || !within.has(place.found)) continue;
      seen.add(assignment);
      own.push({ path: place.scope, text: textOf(assignment.value) });
    }
  }
  return own;
}

/** Of a fallback that leads elsewhere (a pattern, a binding in another group) only what is a path of its own counts. */
function scopesAlong(root: Scope, paths: readonly (readonly ScopeStep[])[]): ReadonlySet<Scope> {
  const along = new Set([root]);
  for (const path of paths) {
    let scope: Scope | undefined = root;
    for (const step of path) {
      scope = scope?.children.get(scopeKey(step));
      if (scope === undefined) break;
      along.add(scope);
    }
  }
  return along;
}
