import type { ScopeStep } from '../ast/scopes.js';
import { childrenOfType, type Scope, scopeAt } from './model.js';
import { assignmentIn, type Place } from './place.js';

/** A longer name is no domain (RFC 1035); it is matched with no regular expression. */
const DOMAIN_UNITS_MAX = 255;
const PATTERN_UNITS_MAX = 1024;

const patterns = new WeakMap<Scope, RegExp | null>();

/** How far the search goes through the stanzas of one container. The manual does not say all of it. */
export interface DomainReading {
  /** Whether a second regular expression is asked when the first that matches is silent. */
  readonly asksLaterPatterns: boolean;
  /** Whether a pattern that this program cannot read is taken to match. */
  readonly takesUnreadable: boolean;
}

/** The exact stanza first, then the regular expressions that match, as declared (Manual, conf.ref.domain). */
export function domainPlaces(
  root: Scope,
  container: readonly ScopeStep[],
  domain: ScopeStep,
  option: string,
  reading: DomainReading,
): Place[] {
  const scope = scopeAt(root, container);
  const exact = { scope: [...container, domain], assignment: null };
  if (!scope) return [exact];
  const exactScope = scopeAt(scope, [domain]);
  const matching = childrenOfType(scope, 'domain').filter(
    (child) => child !== exactScope && matches(child, domain.name ?? '', reading),
  );
  const asked = reading.asksLaterPatterns ? matching : matching.slice(0, 1);
  const first = exactScope ? placeOf(exactScope, option) : exact;
  return [first, ...asked.map((child) => placeOf(child, option))];
}

/** Whether a container holds a pattern that this program cannot read: then it may match or not. */
export function hasUnreadablePattern(root: Scope, container: readonly ScopeStep[]): boolean {
  const scope = scopeAt(root, container);
  return (
    scope !== null &&
    childrenOfType(scope, 'domain').some((child) => isPattern(child) && patternOf(child) === null)
  );
}

function placeOf(scope: Scope, option: string): Place {
  return { scope: scope.path, assignment: assignmentIn(scope, option) };
}

function isPattern(scope: Scope): boolean {
  return /^\/.*\/$/s.test(scope.step?.name ?? '');
}

function matches(scope: Scope, domain: string, { takesUnreadable }: DomainReading): boolean {
  if (!isPattern(scope) || domain.length > DOMAIN_UNITS_MAX) return false;
  const pattern = patternOf(scope);
  return pattern === null ? takesUnreadable : pattern.test(domain);
}

/** A substring match unless it is anchored (Manual, conf.ref.domain). ASSUMED: without regard to case, as domains are. */
function patternOf(scope: Scope): RegExp | null {
  const known = patterns.get(scope);
  if (known !== undefined) return known;
  const source = (scope.step?.name ?? '').slice(1, -1);
  const pattern = source.length > PATTERN_UNITS_MAX ? null : compile(source);
  patterns.set(scope, pattern);
  return pattern;
}

function compile(source: string): RegExp | null {
  try {
    return new RegExp(source, 'i');
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
