import type { ScopeStep } from '../ast/scopes.js';
import { optionInfo } from '../options/table.js';
import { childrenOfType, type Scope } from './model.js';
import { type Place, placeAt, type Reading, stepNamed } from './place.js';
import { type Stanzas, stanzasOf } from './stanzas.js';

const GROUP_OR_DOMAIN = 'the manual does not say whether a binding_group or a global domain comes first';
const LATER_PATTERNS =
  'the manual does not say whether a second matching pattern is asked when the first is silent';
const UNREADABLE = 'a regular expression in the name of a domain or host is not understood here';
const SEVERAL_GROUPS =
  'the binding stands in several groups, and the scope does not say through which the mail goes';
const PATTERN_DECLARES =
  'the manual does not say whether a host that only a regular expression names counts as declared';

type Path = readonly ScopeStep[];

/** Groups with a binding of one name whose values are compared; what further ones say is not known. */
export const GROUPS_MAX = 64;

/** The places of one lane of outgoing mail, by kind. */
interface Lane {
  /** The host in each of the scopes that can hold it, the narrowest first. */
  readonly hosts: readonly Stanzas[];
  /** The domain in the binding in its group, in the binding, in the group: in the order of the documented list. */
  readonly domains: readonly Stanzas[];
  readonly bindings: readonly Place[];
  readonly groups: readonly Place[];
  readonly globalDomain: Stanzas | null;
  readonly global: Place;
}

interface Order {
  readonly patternsOf: (stanzas: Stanzas) => readonly Place[];
  readonly isDomainFirst?: true;
  /** Whether a host that only a pattern names has what a declared host has; absent: it has. */
  readonly isDeclaredByPattern?: boolean;
  readonly because: string | null;
}

/**
 * Manual, ecelerity.conf.fallback: domain in binding in group, domain in binding, domain in group, binding, (group,)
 * global domain, global. Where the list is silent every order that differs is a reading, the likeliest first.
 */
export function outboundReadings(root: Scope, path: Path): Reading[] {
  const binding = stepNamed(path, 'binding');
  const group = stepNamed(path, 'binding_group');
  const groups: readonly Path[] = group ? [[group]] : binding ? groupsOf(root, binding) : [];
  if (groups.length <= 1) return readingsIn(root, path, groups);
  const readings = groups
    .slice(0, GROUPS_MAX)
    .flatMap((one, i) =>
      readingsIn(root, path, [one]).map((each) =>
        i === 0 ? each : { ...each, because: each.because ?? SEVERAL_GROUPS },
      ),
    );
  if (groups.length <= GROUPS_MAX) return readings;
  return [...readings, { places: [], because: SEVERAL_GROUPS, isUnknown: true }];
}

function readingsIn(root: Scope, path: Path, groups: readonly Path[]): Reading[] {
  const lane = laneOf(root, path, groups);
  return ordersOf(lane).map((order) => reading(lane, order));
}

/** `groups`: the one that the lane goes through, or none. */
function laneOf(root: Scope, path: Path, groups: readonly Path[]): Lane {
  const binding = stepNamed(path, 'binding');
  const domain = stepNamed(path, 'domain');
  const host = stepNamed(path, 'host');
  const nested = binding ? groups.map((g) => [...g, binding]) : [];
  const containers = [...nested, ...(binding ? [[binding]] : []), ...groups];
  return {
    hosts: host ? [...containers, []].map((container) => stanzasOf(root, container, host)) : [],
    domains: domain ? containers.map((container) => stanzasOf(root, container, domain)) : [],
    bindings: [...nested, ...(binding ? [[binding]] : [])].map((one) => placeAt(root, one)),
    groups: groups.map((one) => placeAt(root, one)),
    globalDomain: domain ? stanzasOf(root, [], domain) : null,
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

/**
 * Whether what stands in a scope itself is asked before everything else in every order that the manual allows: there is no
 * binding of its name in a group that would come first.
 */
export function isAskedFirst(root: Scope, path: Path): boolean {
  const [outer] = path;
  if (path.some(({ type }) => type.toLowerCase() === 'host')) return false;
  const type = outer?.type.toLowerCase();
  if (type === 'binding_group' || type === 'domain') return true;
  return outer !== undefined && type === 'binding' && groupsOf(root, outer).length === 0;
}

/** Only orders that can give different answers here: a lane without groups has nothing to put before a domain. */
function ordersOf({ hosts, domains, groups, globalDomain }: Lane): Order[] {
  const all = [...hosts, ...domains, ...(globalDomain ? [globalDomain] : [])];
  const every = ({ patterns }: Stanzas) => patterns;
  const first = ({ patterns }: Stanzas) => patterns.slice(0, 1);
  const orders: Order[] = [{ patternsOf: every, because: null }];
  const hasLater = all.some(({ patterns }) => patterns.length > 1);
  const hasDomain = globalDomain !== null && (globalDomain.exact.found || globalDomain.patterns.length > 0);
  if (hasLater) orders.push({ patternsOf: first, because: LATER_PATTERNS });
  if (groups.length > 0 && hasDomain) {
    orders.push({ patternsOf: every, isDomainFirst: true, because: GROUP_OR_DOMAIN });
    if (hasLater) orders.push({ patternsOf: first, isDomainFirst: true, because: GROUP_OR_DOMAIN });
  }
  if (all.some(({ withUnreadable }) => withUnreadable)) {
    const withUnreadable = (stanzas: Stanzas) => stanzas.withUnreadable ?? stanzas.patterns;
    orders.push({ patternsOf: withUnreadable, because: UNREADABLE });
  }
  if (hosts.some(({ patterns }) => patterns.length > 0))
    orders.push({ patternsOf: every, isDeclaredByPattern: false, because: PATTERN_DECLARES });
  return orders;
}

function reading(lane: Lane, order: Order): Reading {
  const { patternsOf, isDomainFirst, because } = order;
  const inStanzas = (stanzas: Stanzas) => [stanzas.exact, ...patternsOf(stanzas)];
  const globalDomain = lane.globalDomain ? inStanzas(lane.globalDomain) : [];
  return {
    places: [
      ...hostPlaces(lane.hosts, order),
      ...lane.domains.flatMap(inStanzas),
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
function hostPlaces(hosts: readonly Stanzas[], { patternsOf, isDeclaredByPattern = true }: Order): Place[] {
  const places = hosts.flatMap((stanzas) => [
    { place: stanzas.exact, declares: true },
    ...patternsOf(stanzas).map((place) => ({ place, declares: isDeclaredByPattern })),
  ]);
  const last = places.findLastIndex(({ place, declares }) => place.found && declares);
  return places.map(({ place }, i) => ({
    ...place,
    honours: isHostOption,
    ...(i === last ? { answers: hostAnswers } : {}),
  }));
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
