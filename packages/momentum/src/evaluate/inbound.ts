import type { ScopeStep } from '../ast/scopes.js';
import { optionInfo } from '../options/table.js';
import { type Cidr, contains, parseCidr } from '../values/cidr.js';
import { childrenOfType, type Scope, scopeAt } from './model.js';
import { assignmentIn, type Place, placeAt, type Reading, stepNamed } from './place.js';

const PATHWAY_ORDER = 'the manual does not say whether a listener or the pathway that it names comes first';
const PEER_ORDER =
  'the manual does not say whether a peer of the listen comes before a narrower peer of its listener';

/**
 * Peer of the listen, peer of the listener (the narrowest block that sets it, each), listen, listener, the pathway that
 * is attached, global (Manual, ecelerity.conf on listeners and their ACLs; conf.ref.pathway).
 */
export function inboundReadings(root: Scope, path: readonly ScopeStep[]): Reading[] {
  const listener = listenerOf(root, path);
  const listen = stepNamed(path, 'listen');
  const peer = stepNamed(path, 'peer');
  const listenPath = listen ? [...listener, listen] : [];
  const own = [
    ...(listen ? [placeAt(root, listenPath)] : []),
    ...(listener.length > 0 ? [placeAt(root, listener)] : []),
  ];
  const peersOfListen = peer && listen ? peerPlaces(root, listenPath, peer) : [];
  const peersOfListener = peer && listener.length > 0 ? peerPlaces(root, listener, peer) : [];
  const byLevel = [...peersOfListen, ...peersOfListener];
  const byWidth = [...byLevel].sort((a, b) => b.prefix - a.prefix);
  const pathway = attachedPathway(root, path, [...byLevel, ...own]);
  const global = placeAt(root, []);
  const order = (peers: readonly Place[], because: string | null): Reading => ({
    places: [...peers, ...own, ...pathway, global],
    because,
  });
  return [
    order(byLevel, null),
    ...(byLevel.some((place, i) => place !== byWidth[i]) ? [order(byWidth, PEER_ORDER)] : []),
    ...(pathway.length > 0
      ? [{ places: [...pathway, ...byLevel, ...own, global], because: PATHWAY_ORDER }]
      : []),
  ];
}

/** The path of the listener: as asked, or the only one that has the listen. */
function listenerOf(root: Scope, path: readonly ScopeStep[]): readonly ScopeStep[] {
  const asked = path.find((step) => isListener(step.type));
  if (asked) return [asked];
  const listen = stepNamed(path, 'listen');
  const holders = listen
    ? [...root.children.values()].filter(
        (child) => child.step && isListener(child.step.type) && scopeAt(child, [listen]),
      )
    : [];
  return holders.length === 1 ? (holders[0]?.path ?? []) : [];
}

export function isListener(type: string): boolean {
  return type.toLowerCase().endsWith('_listener');
}

interface PeerPlace extends Place {
  readonly prefix: number;
}

/** Peers whose block holds the asked address or block, the narrowest first. */
function peerPlaces(root: Scope, container: readonly ScopeStep[], peer: ScopeStep): PeerPlace[] {
  const scope = scopeAt(root, container);
  const asked = parseCidr(peer.name ?? '');
  const declared = (scope ? childrenOfType(scope, 'peer') : []).flatMap((found) => {
    const block = parseCidr(found.step?.name ?? '');
    if (!isInside(found.step?.name ?? '', block, peer.name ?? '', asked)) return [];
    return [{ scope: found.path, found, prefix: block?.prefix ?? Number.MAX_SAFE_INTEGER }];
  });
  const isDeclared = scope !== null && scopeAt(scope, [peer]) !== null;
  const possible = isDeclared
    ? []
    : [{ scope: [...container, peer], found: null, prefix: asked?.prefix ?? Number.MAX_SAFE_INTEGER }];
  return [...possible, ...declared].sort((a, b) => b.prefix - a.prefix);
}

function isInside(name: string, block: Cidr | null, askedName: string, asked: Cidr | null): boolean {
  if (name.toLowerCase() === askedName.toLowerCase()) return true;
  return block !== null && asked !== null && contains(block, asked);
}

/** The pathway that is asked about, or that the connection's peer, listen or listener names. */
function attachedPathway(root: Scope, path: readonly ScopeStep[], around: readonly Place[]): Place[] {
  const named = around.map((place) => assignmentIn(place, 'pathway')).find((assignment) => assignment);
  const name = stepNamed(path, 'pathway')?.name ?? (typeof named?.value === 'string' ? named.value : null);
  if (name === null) return [];
  const pathway: ScopeStep = { type: 'pathway', name };
  return pathwayPlaces(root, pathway, stepNamed(path, 'pathway_group')).map((place) => ({
    ...place,
    // Which pathway is attached is not looked up in a pathway.
    honours: (option) => option !== 'pathway' && (place.honours?.(option) ?? true),
  }));
}

/** Manual, conf.ref.pathway: pathway in its group, pathway, group, global. */
export function pathwayReadings(root: Scope, path: readonly ScopeStep[]): Reading[] {
  const places = pathwayPlaces(root, stepNamed(path, 'pathway'), stepNamed(path, 'pathway_group'));
  return [{ places: [...places, placeAt(root, [])], because: null }];
}

function pathwayPlaces(root: Scope, pathway: ScopeStep | undefined, group: ScopeStep | undefined): Place[] {
  const groups = group ? [[group]] : groupsOf(root, pathway);
  const own = pathway ? [...groups.map((path) => [...path, pathway]), [pathway]] : [];
  return [
    ...own.map((path) => placeAt(root, path)),
    ...groups.map((path) => ({ ...placeAt(root, path), honours: isHandedDown })),
  ];
}

/** Manual, conf.ref.pathway_group, warning: a group does not hand options of the ESMTP listener down. */
function isHandedDown(option: string): boolean {
  return !(optionInfo(option)?.scopes.includes('esmtp_listener') ?? false);
}

function groupsOf(root: Scope, pathway: ScopeStep | undefined): (readonly ScopeStep[])[] {
  if (!pathway) return [];
  return childrenOfType(root, 'pathway_group').flatMap((group) =>
    scopeAt(group, [pathway]) ? [group.path] : [],
  );
}
