import type { ScopeStep } from '../ast/scopes.js';
import { type Assignment, type Scope, scopeAt } from './model.js';

/** One place that is asked for an option. It need not exist: a file that was not read could make it. */
export interface Place {
  readonly scope: readonly ScopeStep[];
  readonly assignment: Assignment | null;
}

/** The places in the order in which they are asked, global last; the default is no place. */
export interface Reading {
  readonly places: readonly Place[];
  /** Which of several possible orders this is, where the manual leaves it open; null for the likeliest. */
  readonly because: string | null;
  /** The answer where no place sets the option, if it is not the default of the option table. */
  readonly fallback?: string;
  /** What else a person should know about the places that were asked. */
  readonly notes: readonly string[];
}

export function placeAt(root: Scope, scope: readonly ScopeStep[], option: string): Place {
  const found = scopeAt(root, scope);
  return { scope, assignment: found ? assignmentIn(found, option) : null };
}

/** The last of several assignments in one scope counts. */
export function assignmentIn(scope: Scope, option: string): Assignment | null {
  return scope.options.get(option)?.at(-1) ?? null;
}

export function stepNamed(path: readonly ScopeStep[], type: string): ScopeStep | undefined {
  return path.find((step) => step.type.toLowerCase() === type);
}
