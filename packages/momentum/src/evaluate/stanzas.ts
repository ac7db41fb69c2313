import type { ScopeStep } from '../ast/scopes.js';
import { childrenOfType, type Scope, scopeAt } from './model.js';
import type { Place } from './place.js';

/** A longer name is no domain and no host (RFC 1035); it is matched with no regular expression. */
const NAME_UNITS_MAX = 255;
const PATTERN_UNITS_MAX = 1024;
/** Patterns of one container that each name is matched with; the others count as unreadable. */
export const PATTERNS_MAX = 256;
/** With so many repetitions without an end, the longest name takes some thousand steps for each; with more, years. */
const REPETITIONS_MAX = 2;

/**
 * The stanzas of one container that a domain or a host is looked for in: the exact one first, then the patterns as
 * declared.
 */
export interface Stanzas {
  readonly exact: Place;
  /** Patterns that match, in the order of declaration (Manual, conf.ref.domain; hosts: conf.ref.host). */
  readonly patterns: readonly Place[];
  /** The same with the patterns that this program cannot read, as if they matched; null where there is none. */
  readonly withUnreadable: readonly Place[] | null;
}

/** A container's regular expressions, compiled once; `pattern` is null for one that cannot be read here. */
interface Pattern {
  readonly place: Place;
  readonly pattern: RegExp | null;
}

/** A type whose instances can be named by a regular expression. */
type PatternType = 'domain' | 'host';

const patternsByContainer: Readonly<Record<PatternType, WeakMap<Scope, readonly Pattern[]>>> = {
  domain: new WeakMap(),
  host: new WeakMap(),
};

/** `step` is a domain or a host with its name. */
export function stanzasOf(root: Scope, container: readonly ScopeStep[], step: ScopeStep): Stanzas {
  const scope = scopeAt(root, container);
  const exact = {
    scope: [...container, step],
    found: scope && scopeAt(scope, [step]),
  };
  const type = step.type.toLowerCase() === 'host' ? 'host' : 'domain';
  const patterns = scope ? patternsIn(scope, type).filter(({ place }) => place.found !== exact.found) : [];
  if (patterns.length === 0) return { exact, patterns: NO_PLACES, withUnreadable: null };
  const name = step.name ?? '';
  const matching = name.length > NAME_UNITS_MAX ? [] : patterns.filter((p) => p.pattern?.test(name));
  const possible = patterns.filter((p) => p.pattern === null || matching.includes(p));
  return {
    exact,
    patterns: matching.map(({ place }) => place),
    withUnreadable: possible.length > matching.length ? possible.map(({ place }) => place) : null,
  };
}

const NO_PLACES: readonly Place[] = [];
const NO_PATTERNS: readonly Pattern[] = [];

function patternsIn(container: Scope, type: PatternType): readonly Pattern[] {
  // Most bindings hold one domain or none, and no pattern: nothing is kept of them.
  const all = childrenOfType(container, type);
  if (all.length === 0 || (all.length === 1 && !isPattern(all[0]?.step?.name ?? ''))) return NO_PATTERNS;
  let patterns = patternsByContainer[type].get(container);
  if (!patterns) {
    const named = all.filter((found) => isPattern(found.step?.name ?? ''));
    patterns = named.slice(0, PATTERNS_MAX + 1).map((found, index) => ({
      place: { scope: found.path, found },
      pattern: index < PATTERNS_MAX ? compile((found.step?.name ?? '').slice(1, -1)) : null,
    }));
    patternsByContainer[type].set(container, patterns);
  }
  return patterns;
}

function isPattern(name: string): boolean {
  return name.length > 1 && name.startsWith('/') && name.endsWith('/');
}

/** A substring match unless it is anchored (Manual, conf.ref.domain). ASSUMED: without regard to case, as names of domains and hosts are. */
function compile(source: string): RegExp | null {
  if (source.length > PATTERN_UNITS_MAX || mayNotEnd(source)) return null;
  try {
    return new RegExp(source, 'i');
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Whoever writes the configuration must not be able to stop who reads it: an engine that goes back has no bound of its own. */
function mayNotEnd(source: string): boolean {
  const plain = source.replace(/\\./gs, 'x').replace(/\[[^\]]*\]/g, 'x');
  const repeatsGroup = /\)(?:[*+]|\{)/.test(plain);
  const repetitions = plain.match(/[*+]|\{\d*,/g)?.length ?? 0;
  return repeatsGroup || repetitions > REPETITIONS_MAX;
}
