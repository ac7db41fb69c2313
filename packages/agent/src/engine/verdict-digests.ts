import { stateDigestOfKeys, verdictDigest } from '@castellan/shared/model/state-digest';
import { type Verdict, verdictKey } from '@castellan/shared/model/verdict';

/** A verdict is never changed, and one that is judged no more is let go with its digest. */
const known = new WeakMap<Verdict, string>();

/** `verdictDigest`, once for each verdict: after a change most are the very ones from before. */
export function knownDigest(verdict: Verdict): string {
  const before = known.get(verdict);
  if (before !== undefined) return before;
  const digest = verdictDigest(verdict);
  known.set(verdict, digest);
  return digest;
}

/** `stateDigest`, of the digests that are known. */
export function knownStateDigest(verdicts: readonly Verdict[]): string {
  return stateDigestOfKeys(verdicts.map((verdict) => [verdictKey(verdict), knownDigest(verdict)] as const));
}
