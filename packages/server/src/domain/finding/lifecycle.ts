import type { Severity } from '@castellan/shared/model/severity';
import type { Status } from '@castellan/shared/model/verdict';

export const FINDING_STATES = ['open', 'acknowledged', 'waived', 'resolved'] as const;
export type FindingState = (typeof FINDING_STATES)[number];
export type Resolution = 'pass' | 'not-applicable';

/** The part of a living finding that decides what a verdict does to it. A resolved finding is a life that ended: pass null. */
export interface LivingFinding {
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
  | { readonly kind: 'update'; readonly why: string | null }
  | { readonly kind: 'doubt'; readonly why: string }
  | { readonly kind: 'resolve'; readonly resolution: Resolution };

/**
 * What a verdict does to a finding. Only a fresh `pass` or `not-applicable` resolves: a verdict that could not be
 * reached keeps the finding and marks it stale, because not knowing is not being well.
 */
export function judge(living: LivingFinding | null, observed: Observed): Decision {
  switch (observed.status) {
    case 'fail':
      if (!living) return { kind: 'open' };
      return { kind: 'update', why: changeOf(living, observed) };
    case 'pass':
    case 'not-applicable':
      return living ? { kind: 'resolve', resolution: observed.status } : { kind: 'none' };
    case 'indeterminate':
    case 'errored':
      return living && !living.stale ? { kind: 'doubt', why: doubtOf(observed) } : { kind: 'none' };
  }
}

function changeOf(living: LivingFinding, observed: Observed): string | null {
  if (living.stale) return 'seen again';
  return living.severity === observed.severity ? null : `severity ${living.severity} -> ${observed.severity}`;
}

function doubtOf(observed: Observed): string {
  return observed.reason ? `${observed.status}: ${observed.reason}` : observed.status;
}
