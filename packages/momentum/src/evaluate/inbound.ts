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
export function inboundReadings(root: Scope, path: readonly ScopeStep[], option: string): Reading[] {
  const listener = listenerOf(root, path);
  const listen = stepNamed(path, 'listen');
  const peer = stepNamed(path, 'peer');
  const listenPath = listen ? [...listener, listen] : [];
  const own = [
    ...(listen ? [placeAt(root, listenPath, option)] : []),
    ...(listener.length > 0 ? [placeAt(root, listener, option)] : []),
  ];
  const peersOfListen = peer && listen ? peerPlaces(root, listenPath, peer, option) : [];
  const peersOfListener = peer && listener.length > 0 ? peerPlaces(root, listener, peer, option) : [];
  const byLevel = [...peersOfListen, ...peersOfListener];
  const byWidth = [...byLevel].sort((a, b) => b.prefix - a.prefix);
  const pathway = option === 'pathway' ? { places: [], notes: [] } : attachedPathway(root, path, option);
  const global = placeAt(root, [], option);
  const order = (peers: readonly Place[], because: string | null): Reading => ({
    places: [...peers, ...own, ...pathway.places, global],
    because,
    notes: pathway.notes,
  });
  return [
    order(byLevel, null),
    ...(byLevel.some((place, i) => place !== byWidth[i]) ? [order(byWidth, PEER_ORDER)] : []),
    ...(pathway.places.length > 0
      ? [
          {
            places: [...pathway.places, ...byLevel, ...own, global],
            because: PATHWAY_ORDER,
            notes: pathway.notes,
          },
        ]
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
function peerPlaces(
  root: Scope,
  container: readonly ScopeStep[],
  peer: ScopeStep,
  option: string,
): PeerPlace[] {
  const scope = scopeAt(root, container);
  const asked = parseCidr(peer.name ?? '');
  const found = (scope ? childrenOfType(scope, 'peer') : []).flatMap((child) => {
    const block = parseCidr(child.step?.name ?? '');
    if (!isInside(child.step?.name ?? '', block, peer.name ?? '', asked)) return [];
    return [
      {
        scope: child.path,
        assignment: assignmentIn(child, option),
        prefix: block?.prefix ?? Number.MAX_SAFE_INTEGER,
      },
    ];
  });
  const isDeclared = scope !== null && scopeAt(scope, [peer]) !== null;
  const possible = isDeclared
    ? []
    : [{ scope: [...container, peer], assignment: null, prefix: asked?.prefix ?? Number.MAX_SAFE_INTEGER }];
  return [...possible, ...found].sort((a, b) => b.prefix - a.prefix);
}

function isInside(name: string, block: Cidr | null, askedName: string, asked: Cidr | null): boolean {
  if (name.toLowerCase() === askedName.toLowerCase()) return true;
  return block !== null && asked !== null && contains(block, asked);
}

/** The pathway that the connection's peer, listen or listener names. */
function attachedPathway(
  root: Scope,
  path: readonly ScopeStep[],
  option: string,
): Pick<Reading, 'places' | 'notes'> {
  const asked = stepNamed(path, 'pathway');
  const named = inboundReadings(root, path, 'pathway')[0]?.places.find(
    (place) => place.assignment && place.scope.length > 0,
  );
  const name = asked?.name ?? (typeof named?.assignment?.value === 'string' ? named.assignment.value : null);
  if (name === null) return { places: [], notes: [] };
  return pathwayPlaces(root, { type: 'pathway', name }, stepNamed(path, 'pathway_group'), option);
}

/** Manual, conf.ref.pathway: pathway in its group, pathway, group, global. */
export function pathwayReadings(root: Scope, path: readonly ScopeStep[], option: string): Reading[] {
  const { places, notes } = pathwayPlaces(
    root,
    stepNamed(path, 'pathway'),
    stepNamed(path, 'pathway_group'),
    option,
  );
  return [{ places: [...places, placeAt(root, [], option)], because: null, notes }];
}

function pathwayPlaces(
  root: Scope,
  pathway: ScopeStep | undefined,
  group: ScopeStep | undefined,
  option: string,
): Pick<Reading, 'places' | 'notes'> {
  const groups = group ? [[group]] : groupsOf(root, pathway);
  const groupPlaces = groups.map((path) => placeAt(root, path, option));
  // Manual, conf.ref.pathway_group, warning: a group does not hand options of the ESMTP listener down.
  const isDropped = optionInfo(option)?.scopes.includes('esmtp_listener') ?? false;
  const notes =
    isDropped && groupPlaces.some((place) => place.assignment)
      ? [`${option} in a Pathway_Group is not honoured`]
      : [];
  return {
    places: [
      ...(pathway
        ? [...groups.map((path) => [...path, pathway]), [pathway]].map((path) => placeAt(root, path, option))
        : []),
      ...(isDropped ? [] : groupPlaces),
    ],
    notes,
  };
}

function groupsOf(root: Scope, pathway: ScopeStep | undefined): (readonly ScopeStep[])[] {
  if (!pathway) return [];
  return childrenOfType(root, 'pathway_group').flatMap((group) =>
    scopeAt(group, [pathway]) ? [group.path] : [],
  );
}
