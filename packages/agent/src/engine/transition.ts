import { type Status, type Verdict, verdictKey } from '@castellan/shared/model/verdict';
import { knownDigest } from './verdict-digests.js';

export interface VerdictChange {
  /** Null: there was no verdict of this control and subject before. */
  readonly previous: Status | null;
  readonly verdict: Verdict;
  /** The subject is judged no more; `verdict` is the last one that it had. */
  readonly gone?: true;
}

/**
 * Verdicts that differ from those before, then the last ones of subjects that are judged no more. What is unchanged says
 * nothing. In this order, so that whoever hears that a subject is gone has heard before why, if evidence went with it.
 */
export function transitions(before: Iterable<Verdict>, after: Iterable<Verdict>): VerdictChange[] {
  const known = new Map([...before].map((verdict) => [verdictKey(verdict), verdict]));
  const changes: VerdictChange[] = [];
  const judged = [...after];
  for (const verdict of judged) {
    const old = known.get(verdictKey(verdict));
    if (old && (old === verdict || knownDigest(old) === knownDigest(verdict))) continue;
    changes.push({ previous: old?.status ?? null, verdict });
  }
  const present = new Set(judged.map(verdictKey));
  for (const [key, verdict] of known)
    if (!present.has(key)) changes.push({ previous: verdict.status, verdict, gone: true });
  return changes;
}
