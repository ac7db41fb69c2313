import { formatScope, type ScopeStep } from '../ast/scopes.js';
import { contains, parseCidr } from '../values/cidr.js';
import { type Assignment, childrenOfType, type Scope, scopeAt } from './model.js';

/** One place that is asked, in order. `doubt` says why its rank is not certain. */
export interface Link {
  readonly where: string;
  readonly scope: readonly ScopeStep[];
  readonly assignment: Assignment | null;
  readonly doubt?: string;
}

/** The last of several assignments in one scope counts. */
function own(scope: Scope | null, option: string): Assignment | null {
  return scope?.options.get(option)?.at(-1) ?? null;
}

function link(scope: Scope | null, option: string, doubt?: string): Link[] {
  if (!scope) return [];
  const found = { where: formatScope(scope.path), scope: scope.path, assignment: own(scope, option) };
  return [doubt ? { ...found, doubt } : found];
}

/** Options that a listener reads and that a Pathway_Group does not hand down (Manual, conf.ref.pathway_group, warning). */
const LISTENER_OPTION = /^(tls|use_ssl|smtp_|starttls_|relay_hosts|enable|banner|idle_time)/;

/** Every place that could decide an option for a scope, the one that wins first. Global stands last, the default not. */
export function chainOf(root: Scope, path: readonly ScopeStep[], option: string): Link[] {
  const types = new Set(path.map((step) => step.type.toLowerCase()));
  if (types.has('binding') || types.has('binding_group') || types.has('domain') || types.has('host')) return outbound(root, path, option);
  if ([...types].some((type) => type.endsWith('_listener')) || types.has('listen')) return inbound(root, path, option);
  if (types.has('pathway') || types.has('pathway_group')) return [...pathwayLinks(root, nameIn(path, 'pathway'), option, nameIn(path, 'pathway_group')), ...link(root, option)];
  const outward = path.map((_, i) => path.slice(0, path.length - i));
  return [...outward.flatMap((p) => link(scopeAt(root, p), option)), ...link(root, option)];
}

function nameIn(path: readonly ScopeStep[], type: string): string | null | undefined {
  const step = path.find((s) => s.type.toLowerCase() === type);
  return step ? step.name : undefined;
}

/** Manual, ecelerity.conf.fallback: the written list; where the bare binding_group stands against a global domain is not said. */
function outbound(root: Scope, path: readonly ScopeStep[], option: string): Link[] {
  const group = nameIn(path, 'binding_group');
  const binding = nameIn(path, 'binding');
  const domain = nameIn(path, 'domain') ?? nameIn(path, 'host');
  const inGroup = group === undefined ? null : scopeAt(root, [{ type: 'binding_group', name: group }]);
  const groups = inGroup ? [inGroup] : binding === undefined || binding === null ? [] : groupsOf(root, binding);
  const nested = binding === undefined ? [] : groups.flatMap((g) => scopeAt(g, [{ type: 'binding', name: binding }]) ?? []);
  const bare = binding === undefined ? null : scopeAt(root, [{ type: 'binding', name: binding }]);
  const domains = (scope: Scope | null) => (scope && domain ? domainLinks(scope, domain, option) : []);
  const globalDomains = domains(root);
  const hasGlobalDomain = globalDomains.some((l) => l.assignment);
  return [
    ...hostLink(root, path, option),
    ...nested.flatMap(domains),
    ...domains(bare),
    ...groups.flatMap(domains),
    ...nested.flatMap((scope) => link(scope, option)),
    ...link(bare, option),
    ...groups.flatMap((scope) => link(scope, option, hasGlobalDomain ? 'the manual does not say whether a binding_group or a global domain comes first' : undefined)),
    ...globalDomains,
    ...link(root, option),
  ];
}

/** Groups that hold a binding of this name, for a path that names the binding alone. */
function groupsOf(root: Scope, binding: string): Scope[] {
  return childrenOfType(root, 'binding_group').filter((group) => scopeAt(group, [{ type: 'binding', name: binding }]));
}

function hostLink(root: Scope, path: readonly ScopeStep[], option: string): Link[] {
  const host = nameIn(path, 'host');
  return host ? link(scopeAt(root, [{ type: 'host', name: host }]), option) : [];
}

/** The exact stanza first, then the regular expressions that match, as declared (Manual, conf.ref.domain). */
function domainLinks(scope: Scope, domain: string, option: string): Link[] {
  const exact = scopeAt(scope, [{ type: 'domain', name: domain }]);
  const regexes = childrenOfType(scope, 'domain').filter((child) => child !== exact && matches(child.step?.name ?? '', domain));
  return [...link(exact, option), ...regexes.flatMap((child) => link(child, option))];
}

function matches(name: string, domain: string): boolean {
  const pattern = /^\/(.*)\/$/s.exec(name)?.[1];
  if (pattern === undefined || pattern.length > 1024) return false;
  try {
    return new RegExp(pattern, 'i').test(domain);
  } catch {
    return false;
  }
}

/** Manual, ecelerity.conf (listeners, ACLs): the most specific peer of listen or listener, then listen, then listener. */
function inbound(root: Scope, path: readonly ScopeStep[], option: string): Link[] {
  const listenerStep = path.find((s) => s.type.toLowerCase().endsWith('_listener'));
  const listenName = nameIn(path, 'listen');
  const listener = listenerStep ? scopeAt(root, [listenerStep]) : null;
  const listen = listener && listenName !== undefined ? scopeAt(listener, [{ type: 'listen', name: listenName }]) : null;
  const peer = nameIn(path, 'peer');
  const pathway = own(listen, 'pathway') ?? own(listener, 'pathway');
  const attached = nameIn(path, 'pathway') ?? (typeof pathway?.value === 'string' ? pathway.value : undefined);
  const before = [...(peer ? peerLinks([listen, listener], peer, option) : []), ...link(listen, option), ...link(listener, option)];
  const through = option === 'pathway' || attached === undefined ? [] : pathwayLinks(root, attached, option, undefined);
  const isDisputed = before.some((l) => l.assignment) && through.some((l) => l.assignment);
  const doubted = isDisputed ? before.map((l) => ({ ...l, doubt: 'the manual does not say whether the listener or its pathway comes first' })) : before;
  return [...doubted, ...through, ...link(root, option)];
}

function peerLinks(scopes: readonly (Scope | null)[], peer: string, option: string): Link[] {
  const address = parseCidr(peer);
  const found = scopes.flatMap((scope, nearness) =>
    (scope ? childrenOfType(scope, 'peer') : []).flatMap((child) => {
      const block = parseCidr(child.step?.name ?? '');
      const isExact = (child.step?.name ?? '').toLowerCase() === peer.toLowerCase();
      if (!isExact && !(address && block && contains(block, address))) return [];
      return [{ child, nearness, prefix: block?.prefix ?? 128 }];
    }),
  );
  found.sort((a, b) => b.prefix - a.prefix || a.nearness - b.nearness);
  return found.flatMap(({ child }) => link(child, option));
}

function pathwayLinks(root: Scope, name: string | null | undefined, option: string, group: string | null | undefined): Link[] {
  if (name === undefined && group === undefined) return [];
  const step: ScopeStep = { type: 'pathway', name: name ?? null };
  const groups = childrenOfType(root, 'pathway_group').filter((g) =>
    group === undefined ? scopeAt(g, [step]) !== null : (g.step?.name ?? '').toLowerCase() === (group ?? '').toLowerCase(),
  );
  return [
    ...(name === undefined ? [] : groups.flatMap((g) => link(scopeAt(g, [step]), option))),
    ...(name === undefined ? [] : link(scopeAt(root, [step]), option)),
    ...(LISTENER_OPTION.test(option) ? [] : groups.flatMap((g) => link(g, option))),
  ];
}
