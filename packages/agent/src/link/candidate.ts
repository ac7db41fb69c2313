import { createHash } from 'node:crypto';
import { parseJson } from '@castellan/shared/base/parse-json';
import { ok, type Result } from '@castellan/shared/base/result';
import type { StateStore } from '../ports/state-store.js';
import { type Identity, readIdentity, writeIdentity } from './identity.js';

/** One file with the whole identity, so that key and certificate are never of two; it stands until the new is current. */
const FILE = 'identity/candidate.json';
const MEMBERS = [
  'authorityPem',
  'certificatePem',
  'commandKey',
  'keyPem',
  'name',
  'nodeId',
  'serverId',
  'url',
] as const;

export interface Identities {
  /** Null: it was being replaced by the candidate when the agent was killed. */
  readonly current: Identity | null;
  /** Issued, and not known to be in use at the server. */
  readonly candidate: Identity | null;
}

/** Null: the node was never enrolled. A damaged identity is an error, unless a whole candidate stands in for it. */
export function readIdentities(store: StateStore): Result<Identities | null> {
  const known = readIdentity(store);
  const candidate = readCandidate(store);
  if (!known.ok) return candidate === null ? known : ok({ current: null, candidate });
  if (known.value === null) return ok(candidate === null ? null : { current: null, candidate });
  const current = known.value;
  const isOfSame = candidate?.nodeId === current.nodeId && candidate.serverId === current.serverId;
  // One that an earlier enrolment left is nobody's any more.
  return ok({ current, candidate: isOfSame ? candidate : null });
}

/** Null: there is none, or none that is whole. */
function readCandidate(store: StateStore): Identity | null {
  const text = store.read(FILE)?.toString('utf8') ?? null;
  const value = text === null ? null : parseJson(text);
  if (typeof value !== 'object' || value === null) return null;
  const { sum, ...identity } = value as unknown as Identity & { readonly sum?: unknown };
  return MEMBERS.every((name) => name in identity) && sum === sumOf(identity) ? identity : null;
}

export function writeCandidate(store: StateStore, identity: Identity): void {
  store.replace(FILE, `${JSON.stringify({ ...identity, sum: sumOf(identity) }, null, 2)}\n`);
}

/** No error when there is none. */
export function removeCandidate(store: StateStore): void {
  store.remove(FILE);
}

/** The candidate becomes the identity. Killed anywhere in it, the candidate is whole, or the identity is the new one. */
export function commitCandidate(store: StateStore, candidate: Identity): void {
  writeIdentity(store, candidate);
  removeCandidate(store);
}

function sumOf(identity: Identity): string {
  return createHash('sha256')
    .update(JSON.stringify(MEMBERS.map((name) => identity[name])))
    .digest('hex');
}
