import { verdictDigest } from '@castellan/shared/model/state-digest';
import { type Status, type Verdict, verdictKey } from '@castellan/shared/model/verdict';

export interface VerdictChange {
  /** Null: there was no verdict of this control and subject before. */
  readonly previous: Status | null;
  readonly verdict: Verdict;
}

/** Verdicts that differ from those before. What is unchanged says nothing; a missing verdict says nothing either. */
export function transitions(before: Iterable<Verdict>, after: Iterable<Verdict>): VerdictChange[] {
  const known = new Map([...before].map((verdict) => [verdictKey(verdict), verdict]));
  const changes: VerdictChange[] = [];
  for (const verdict of after) {
    const old = known.get(verdictKey(verdict));
    if (old && verdictDigest(old) === verdictDigest(verdict)) continue;
    changes.push({ previous: old?.status ?? null, verdict });
  }
  return changes;
}
