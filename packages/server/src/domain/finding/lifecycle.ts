import { isWorse, type Severity } from '@castellan/shared/model/severity';
import type { Status } from '@castellan/shared/model/verdict';

export const FINDING_STATES = ['open', 'acknowledged', 'waived', 'resolved'] as const;
export type FindingState = (typeof FINDING_STATES)[number];
/** Why a finding ended: by a verdict, or because its node is no longer looked after. */
export type Resolution = 'pass' | 'not-applicable' | 'retired';

/** The part of a active finding that decides what a verdict does to it. A resolved finding is a life that ended: pass null. */
export interface ActiveFinding {
  readonly state: Exclude<FindingState, 'resolved'>;
  readonly severity: Severity;
  readonly stale: boolean;
}

export interface Observed {
  readonly status: Status;
  readonly severity: Severity;
  readonly reason: string | null;
}

export type Decision =
  | { readonly kind: 'none' }
  | { readonly kind: 'open' }
  /** `isWorse`: the severity rose, which is news to whoever was paged, and to whoever asks for no less. */
  | { readonly kind: 'update'; readonly why: string | null; readonly isWorse: boolean }
  | { readonly kind: 'markStale'; readonly why: string }
  | { readonly kind: 'resolve'; readonly resolution: Resolution };

/**
 * What a verdict does to a finding. Only a fresh `pass` or `not-applicable` resolves: a verdict that could not be
 * reached keeps the finding and marks it stale, because not knowing is not being well.
 */
export function judge(active: ActiveFinding | null, observed: Observed): Decision {
  switch (observed.status) {
    case 'fail':
      if (!active) return { kind: 'open' };
      return {
        kind: 'update',
        why: changeOf(active, observed),
        isWorse: isWorse(observed.severity, active.severity),
      };
    case 'pass':
    case 'not-applicable':
      return active ? { kind: 'resolve', resolution: observed.status } : { kind: 'none' };
    case 'indeterminate':
    case 'errored':
      return active && !active.stale ? { kind: 'markStale', why: doubtOf(observed) } : { kind: 'none' };
  }
}

function changeOf(active: ActiveFinding, observed: Observed): string | null {
  const severity =
    active.severity === observed.severity ? null : `severity ${active.severity} -> ${observed.severity}`;
  if (!active.stale) return severity;
  return severity === null ? 'seen again' : `seen again, ${severity}`;
}

function doubtOf(observed: Observed): string {
  return observed.reason ? `${observed.status}: ${observed.reason}` : observed.status;
}
