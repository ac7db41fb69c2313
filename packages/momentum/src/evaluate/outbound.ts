import type { ScopeStep } from '../ast/scopes.js';
import { optionInfo } from '../options/table.js';
import { type DomainReading, domainPlaces, hasUnreadablePattern } from './domains.js';
import { childrenOfType, type Scope, scopeAt } from './model.js';
import { type Place, placeAt, type Reading, stepNamed } from './place.js';

const LIKELIEST: DomainReading = { asksLaterPatterns: true, takesUnreadable: false };
const GROUP_OR_DOMAIN = 'the manual does not say whether a binding_group or a global domain comes first';
const LATER_PATTERNS =
  'the manual does not say whether a second matching pattern is asked when the first is silent';
const UNREADABLE = 'a regular expression in the name of a domain is not understood here';

interface Question {
  readonly root: Scope;
  readonly option: string;
  /** Paths of the bindings, of the groups, and of both together, as far as they are asked about. */
  readonly nested: readonly (readonly ScopeStep[])[];
  readonly bindings: readonly (readonly ScopeStep[])[];
  readonly groups: readonly (readonly ScopeStep[])[];
  readonly domain: ScopeStep | undefined;
  readonly host: ScopeStep | undefined;
}

/**
 * Manual, ecelerity.conf.fallback: domain in binding in group, domain in binding, domain in group, binding, (group,)
 * global domain, global. Where the list is silent every order is a reading, the likeliest first.
 */
export function outboundReadings(root: Scope, path: readonly ScopeStep[], option: string): Reading[] {
  const question = questionOf(root, path, option);
  const readings = [reading(question, LIKELIEST, false, null)];
  if (question.domain) {
    readings.push(reading(question, { ...LIKELIEST, asksLaterPatterns: false }, false, LATER_PATTERNS));
    if (question.groups.length > 0) {
      readings.push(reading(question, LIKELIEST, true, GROUP_OR_DOMAIN));
      readings.push(reading(question, { ...LIKELIEST, asksLaterPatterns: false }, true, GROUP_OR_DOMAIN));
    }
    const containers = [...question.nested, ...question.bindings, ...question.groups, []];
    if (containers.some((container) => hasUnreadablePattern(root, container))) {
      readings.push(reading(question, { ...LIKELIEST, takesUnreadable: true }, false, UNREADABLE));
    }
  }
  return readings;
}

function questionOf(root: Scope, path: readonly ScopeStep[], option: string): Question {
  const binding = stepNamed(path, 'binding');
  const group = stepNamed(path, 'binding_group');
  const groups = group ? [[group]] : binding ? groupsOf(root, binding) : [];
  return {
    root,
    option,
    nested: binding ? groups.map((g) => [...g, binding]) : [],
    bindings: binding ? [[binding]] : [],
    groups,
    domain: stepNamed(path, 'domain'),
    host: stepNamed(path, 'host'),
  };
}

const groupsByBinding = new WeakMap<Scope, ReadonlyMap<string, readonly (readonly ScopeStep[])[]>>();

/** Groups that hold a binding of this name, for a path that names the binding alone. */
function groupsOf(root: Scope, binding: ScopeStep): readonly (readonly ScopeStep[])[] {
  let index = groupsByBinding.get(root);
  if (!index) {
    const building = new Map<string, (readonly ScopeStep[])[]>();
    for (const group of childrenOfType(root, 'binding_group')) {
      for (const child of childrenOfType(group, 'binding')) {
        const name = child.step?.name ?? '';
        building.set(name, [...(building.get(name) ?? []), group.path]);
      }
    }
    index = building;
    groupsByBinding.set(root, index);
  }
  return index.get(binding.name ?? '') ?? [];
}

function reading(
  question: Question,
  domains: DomainReading,
  domainBeforeGroup: boolean,
  because: string | null,
): Reading {
  const { root, option, nested, bindings, groups, domain } = question;
  const inDomain = (container: readonly ScopeStep[]) =>
    domain ? domainPlaces(root, container, domain, option, domains) : [];
  const plain = (paths: readonly (readonly ScopeStep[])[]) =>
    paths.map((path) => placeAt(root, path, option));
  const grouped = plain(groups);
  const global = inDomain([]);
  const places = [
    ...hostPlaces(question),
    ...nested.flatMap(inDomain),
    ...bindings.flatMap(inDomain),
    ...groups.flatMap(inDomain),
    ...plain(nested),
    ...plain(bindings),
    ...(domainBeforeGroup ? [...global, ...grouped] : [...grouped, ...global]),
    placeAt(root, [], option),
  ];
  return hostException(question) ?? { places, because, notes: [] };
}

/** A host takes only the options of the tables' `host` scope; any other that stands there does nothing. */
function isHostOption(option: string): boolean {
  return optionInfo(option)?.scopes.includes('host') ?? false;
}

function hostPaths({ nested, bindings, groups, host }: Question): ScopeStep[][] {
  return host ? [...nested, ...bindings, ...groups, []].map((container) => [...container, host]) : [];
}

function hostPlaces(question: Question): Place[] {
  const { root, option } = question;
  return isHostOption(option) ? hostPaths(question).map((path) => placeAt(root, path, option)) : [];
}

/** A declared host that does not set it has -1, not the fallback's value (Manual, conf.ref.max_outbound_connections). */
function hostException(question: Question): Reading | null {
  const { root, option } = question;
  if (option !== 'max_outbound_connections') return null;
  const isDeclared = hostPaths(question).some((path) => scopeAt(root, path));
  const places = hostPlaces(question);
  if (!isDeclared || places.some((place) => place.assignment)) return null;
  return {
    places,
    because: null,
    fallback: '-1',
    notes: ['a host that is declared and does not set it has no limit of its own'],
  };
}

/** Whether a scope of this type takes part in the outbound fallback. */
export function isOutbound(types: ReadonlySet<string>): boolean {
  return ['binding', 'binding_group', 'domain', 'host'].some((type) => types.has(type));
}
