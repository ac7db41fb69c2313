import { type ScopeStep, textOf } from '../ast/scopes.js';
import type { Config } from '../files/config.js';
import { assignmentsAround, evaluate } from './evaluate.js';
import { type Assignment, modelOf, type Scope } from './model.js';
import { isOutbound } from './outbound.js';

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
  const root = modelOf(config);
  let all: ReadonlySet<Scope> | null = null;
  const isWithin = (scope: Scope): boolean => {
    all ??= new Set(paths.flatMap((path) => scopesAlong(root, path)));
    return all.has(scope);
  };
  const name = option.toLowerCase();
  /** The orders of what was found. */
  const seen = new Set<number>();
  const own: OwnSetting[] = [];
  const isNew = (last: Assignment | null): boolean => last !== null && !seen.has(last.placed.order);
  for (const path of paths) {
    // Most scopes of a large site set nothing of their own, and what is around them was found before.
    const along = scopesAlong(root, path);
    if (!along.some((scope) => isNew(scope.last(name)))) continue;
    for (const { scope, assignment } of settingsAround(config, path, along, name)) {
      if (seen.has(assignment.placed.order) || !(along.includes(scope) || isWithin(scope))) continue;
      seen.add(assignment.placed.order);
      own.push({ path: scope.path, text: textOf(assignment.value) });
    }
  }
  return own;
}

interface SettingAround {
  readonly scope: Scope;
  readonly assignment: Assignment;
}

function settingsAround(
  config: Config,
  path: readonly ScopeStep[],
  along: readonly Scope[],
  option: string,
): SettingAround[] {
  const types = new Set(path.map(({ type }) => type.toLowerCase()));
  if (!isOutbound(types) || types.has('host'))
    return assignmentsAround(evaluate(config, path, option)).flatMap(({ place: { found }, assignment }) =>
      found ? [{ scope: found, assignment }] : [],
    );
  // Going out, each scope around another hands everything down; what hosts and listeners take is for their fallback to say.
  return along.toReversed().flatMap((scope) => {
    const assignment = scope.last(option);
    return assignment ? [{ scope, assignment }] : [];
  });
}

/** The scopes of a path, global first. What a fallback finds elsewhere (a pattern, another group) is no scope of the path. */
function scopesAlong(root: Scope, path: readonly ScopeStep[]): Scope[] {
  const along = [root];
  let scope: Scope | null = root;
  for (const step of path) {
    scope = scope.get(step);
    if (scope === null) break;
    along.push(scope);
  }
  return along;
}
