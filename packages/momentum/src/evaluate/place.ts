import type { ScopeStep } from '../ast/scopes.js';
import { type Assignment, type Scope, scopeAt } from './model.js';

/** One place that is asked for an option. It need not exist: a file that was not read could make it. */
export interface Place {
  readonly scope: readonly ScopeStep[];
  /** What the files put there; null where no file opens it. */
  readonly found: Scope | null;
  /** Whether an option takes effect where it stands here; absent: every option does. */
  honours?(option: string): boolean;
  /** What the place answers where it does not set the option, instead of handing the question on. */
  answers?(option: string): { readonly text: string; readonly note: string } | null;
}

/** The places in the order in which they are asked, global last; the default is no place. */
export interface Reading {
  readonly places: readonly Place[];
  /** Which of several possible orders this is, where the manual leaves it open; null for the likeliest. */
  readonly because: string | null;
  /** Beyond a bound: what it would answer is not known, whatever its places say. */
  readonly isUnknown?: true;
}

export function placeAt(root: Scope, scope: readonly ScopeStep[]): Place {
  return { scope, found: scopeAt(root, scope) };
}

/** The last of several assignments in one scope counts. */
export function assignmentIn(place: Place, option: string): Assignment | null {
  return place.found?.last(option) ?? null;
}

export function stepNamed(path: readonly ScopeStep[], type: string): ScopeStep | undefined {
  return path.find((step) => step.type.toLowerCase() === type);
}
