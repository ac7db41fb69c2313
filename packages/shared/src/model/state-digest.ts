import { digestOf } from '../base/canonical-json.js';
import { type Verdict, verdictKey } from './verdict.js';

/** Digest of one verdict, whole: any change of status, place or text changes it. */
export function verdictDigest(verdict: Verdict): string {
  return digestOf(verdict);
}

/** Digest of a node's current verdicts, whatever their order. Both ends compute it and compare. */
export function stateDigest(verdicts: Iterable<Verdict>): string {
  return stateDigestOfKeys([...verdicts].map((v) => [verdictKey(v), verdictDigest(v)] as const));
}

/** The same from keys and digests already known (the server keeps these, so it needs no verdict texts). */
export function stateDigestOfKeys(entries: readonly (readonly [key: string, digest: string])[]): string {
  return digestOf([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
