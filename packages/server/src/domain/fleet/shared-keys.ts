import type { Verdict } from '@castellan/shared/model/verdict';
import { ownVerdict } from '../own-controls.js';
import { listed, nodeCount } from './alike.js';

export const SHARED_KEY_CONTROL = 'CAS-FLEET-002';

/** A place at which a node holds a key. */
export interface KeyPlace {
  readonly node: string;
  readonly group: string;
  /** Of the certificate that the key was read beside. */
  readonly path: string;
}

export interface HeldKey {
  /** SHA-256 of the public key (SPKI, DER), lower-case hex. */
  readonly keySha256: string;
  /** By group and node, PLACES_MAX at most. */
  readonly places: readonly KeyPlace[];
  readonly placesTotal: number;
  /** Every group that has a node with it. */
  readonly groups: readonly string[];
  readonly nodesTotal: number;
}

/** Places that are read of one key: as many as a verdict holds (shared/model/verdict.ts). */
export const PLACES_MAX = 100;

/** What a group's finding about a key is of: each key can be waived alone. */
export function keySubject(keySha256: string): string {
  return `key ${keySha256}`;
}

/** Whether a key is on one node alone. It is of one group; its places are of all. */
export function sharedKeyVerdict({ keySha256, places, placesTotal, groups, nodesTotal }: HeldKey): Verdict {
  const subject = keySubject(keySha256);
  if (nodesTotal < 2)
    return ownVerdict(SHARED_KEY_CONTROL, {
      status: 'pass',
      subject,
      summary: nodesTotal === 1 ? 'One node holds this key.' : 'No node holds this key any more.',
    });
  const names = [...new Set(places.map(({ node }) => node))];
  const across = groups.length > 1 ? ` in ${groups.length} groups` : '';
  return ownVerdict(SHARED_KEY_CONTROL, {
    status: 'fail',
    subject,
    summary: `One private key is on ${nodeCount(nodesTotal)}${across}: ${listed({ names, total: nodesTotal })}.`,
    violations: places.map(({ node, group, path }) => ({
      at: { object: node, file: path },
      found: `the key of this certificate, on ${node}${groups.length > 1 ? ` (group ${group})` : ''}`,
      proposed: 'a key of its own',
    })),
    moreViolations: placesTotal - places.length,
  });
}
