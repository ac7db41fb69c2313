import type { ScopeStep } from '../ast/scopes.js';
import { optionInfo } from '../options/table.js';
import { type DomainPlaces, domainPlaces } from './domains.js';
import { childrenOfType, type Scope } from './model.js';
import { type Place, placeAt, type Reading, stepNamed } from './place.js';

const GROUP_OR_DOMAIN = 'the manual does not say whether a binding_group or a global domain comes first';
const LATER_PATTERNS =
  'the manual does not say whether a second matching pattern is asked when the first is silent';
const UNREADABLE = 'a regular expression in the name of a domain is not understood here';

type Path = readonly ScopeStep[];

/** The places of one lane of outgoing mail, by kind. */
interface Lane {
  readonly hosts: readonly Place[];
  /** The domain in the binding in its group, in the binding, in the group: in the order of the documented list. */
  readonly domains: readonly DomainPlaces[];
  readonly bindings: readonly Place[];
  readonly groups: readonly Place[];
  readonly globalDomain: DomainPlaces | null;
  readonly global: Place;
}

interface Order {
  readonly patternsOf: (domain: DomainPlaces) => readonly Place[];
  readonly isDomainFirst?: true;
  readonly because: string | null;
}

/**
 * Manual, ecelerity.conf.fallback: domain in binding in group, domain in binding, domain in group, binding, (group,)
 * global domain, global. Where the list is silent every order that differs is a reading, the likeliest first.
 */
export function outboundReadings(root: Scope, path: Path): Reading[] {
  const lane = laneOf(root, path);
  return ordersOf(lane).map((order) => reading(lane, order));
}

function laneOf(root: Scope, path: Path): Lane {
  const binding = stepNamed(path, 'binding');
  const group = stepNamed(path, 'binding_group');
  const domain = stepNamed(path, 'domain');
  const groups: readonly Path[] = group ? [[group]] : binding ? groupsOf(root, binding) : [];
  const nested = binding ? groups.map((g) => [...g, binding]) : [];
  const containers = [...nested, ...(binding ? [[binding]] : []), ...groups];
  return {
    hosts: hostPlaces(root, [...containers, []], stepNamed(path, 'host')),
    domains: domain ? containers.map((container) => domainPlaces(root, container, domain)) : [],
    bindings: [...nested, ...(binding ? [[binding]] : [])].map((one) => placeAt(root, one)),
    groups: groups.map((one) => placeAt(root, one)),
    globalDomain: domain ? domainPlaces(root, [], domain) : null,
    global: placeAt(root, []),
  };
}

const groupsByBinding = new WeakMap<Scope, ReadonlyMap<string, readonly Path[]>>();

/** Groups that hold a binding of this name, for a path that names the binding alone. */
function groupsOf(root: Scope, binding: ScopeStep): readonly Path[] {
  let index = groupsByBinding.get(root);
  if (!index) {
    const building = new Map<string, Path[]>();
    for (const group of childrenOfType(root, 'binding_group')) {
      for (const child of childrenOfType(group, 'binding')) {
        const name = child.step?.name ?? '';
        const known = building.get(name);
        if (known) known.push(group.path);
        else building.set(name, [group.path]);
      }
    }
    index = building;
    groupsByBinding.set(root, index);
  }
  return index.get(binding.name ?? '') ?? [];
}

/** Only orders that can give different answers here: a lane without groups has nothing to put before a domain. */
function ordersOf({ domains, groups, globalDomain }: Lane): Order[] {
  const all = [...domains, ...(globalDomain ? [globalDomain] : [])];
  const every = (domain: DomainPlaces) => domain.patterns;
  const first = (domain: DomainPlaces) => domain.patterns.slice(0, 1);
  const orders: Order[] = [{ patternsOf: every, because: null }];
  const hasLater = all.some(({ patterns }) => patterns.length > 1);
  const hasDomain = globalDomain !== null && (globalDomain.exact.found || globalDomain.patterns.length > 0);
  if (hasLater) orders.push({ patternsOf: first, because: LATER_PATTERNS });
  if (groups.length > 0 && hasDomain) {
    orders.push({ patternsOf: every, isDomainFirst: true, because: GROUP_OR_DOMAIN });
    if (hasLater) orders.push({ patternsOf: first, isDomainFirst: true, because: GROUP_OR_DOMAIN });
  }
  if (all.some(({ withUnreadable }) => withUnreadable)) {
    const withUnreadable = (domain: DomainPlaces) => domain.withUnreadable ?? domain.patterns;
    orders.push({ patternsOf: withUnreadable, because: UNREADABLE });
  }
  return orders;
}

function reading(lane: Lane, { patternsOf, isDomainFirst, because }: Order): Reading {
  const inDomain = (domain: DomainPlaces) => [domain.exact, ...patternsOf(domain)];
  const globalDomain = lane.globalDomain ? inDomain(lane.globalDomain) : [];
  return {
    places: [
      ...lane.hosts,
      ...lane.domains.flatMap(inDomain),
      ...lane.bindings,
      ...(isDomainFirst ? [...globalDomain, ...lane.groups] : [...lane.groups, ...globalDomain]),
      lane.global,
    ],
    because,
  };
}

/**
 * A host takes only the options of the tables' `host` scope; any other that stands there does nothing. A declared host
 * that does not set Max_Outbound_Connections has -1, not the fallback's value (Manual, conf.ref.max_outbound_connections).
 */
function hostPlaces(root: Scope, containers: readonly Path[], host: ScopeStep | undefined): Place[] {
  if (!host) return [];
  const places: Place[] = containers.map((container) => ({
    ...placeAt(root, [...container, host]),
    honours: isHostOption,
  }));
  const last = places.findLastIndex(({ found }) => found);
  return places.map((place, i) => (i === last ? { ...place, answers: hostAnswers } : place));
}

function isHostOption(option: string): boolean {
  return optionInfo(option)?.scopes.includes('host') ?? false;
}

function hostAnswers(option: string): ReturnType<NonNullable<Place['answers']>> {
  if (option !== 'max_outbound_connections') return null;
  return { text: '-1', note: 'a host that is declared and does not set it has no limit of its own' };
}

/** Whether a scope of this type takes part in the outbound fallback. */
export function isOutbound(types: ReadonlySet<string>): boolean {
  return ['binding', 'binding_group', 'domain', 'host'].some((type) => types.has(type));
}
