import { type ScopeStep, scopeKey } from '../ast/scopes.js';
import type { Config, UnreadFile } from '../files/config.js';
import type { Assignment } from './model.js';
import type { Place } from './place.js';

/**
 * Files that could not be read and could change the answer: they stand in, or around, a place that is asked before the
 * deciding one, or in the deciding one and later than its assignment.
 * `places` are those that were asked, the deciding one last if there is one.
 */
export function unreadThatMatter(
  config: Config,
  scope: readonly ScopeStep[],
  places: readonly Place[],
  deciding: Assignment | null,
): UnreadFile[] {
  return config.unread.filter((unread) => {
    if (couldHoldTheScope(unread, scope)) return true;
    return places.some((place, i) => {
      if (!isPrefix(unread.scope, place.scope)) return false;
      const decides = deciding !== null && i === places.length - 1;
      return !decides || unread.order > deciding.placed.order;
    });
  });
}

/** Whether a file that was not read stands in a scope, or deeper: what it holds may be set there. */
export function holdsUnread(config: Config, path: readonly ScopeStep[]): boolean {
  return config.unread.some((unread) => isPrefix(path, unread.scope));
}

/** A group that is being included may hold the binding that is asked about: which group that is, was not read. */
function couldHoldTheScope(unread: UnreadFile, scope: readonly ScopeStep[]): boolean {
  const [outer] = unread.scope;
  const holds =
    outer?.type === 'binding_group' ? 'binding' : outer?.type === 'pathway_group' ? 'pathway' : null;
  const types = scope.map((step) => step.type.toLowerCase());
  return (
    unread.scope.length === 1 && holds !== null && types.includes(holds) && !types.includes(outer?.type ?? '')
  );
}

function isPrefix(outer: readonly ScopeStep[], inner: readonly ScopeStep[]): boolean {
  return (
    outer.length <= inner.length &&
    outer.every((step, i) => {
      const other = inner[i];
      return other !== undefined && scopeKey(step) === scopeKey(other);
    })
  );
}
