/**
 * How far a committed revision has come. `waiting`: some node lacks it, and may still pull it; `behind`: it has lacked it
 * for longer than it may; `alone`: no other node is known to have a copy of this part of the repository; `unknown`: it is
 * not known which nodes do.
 */
export const DISTRIBUTION_STATES = ['waiting', 'everywhere', 'behind', 'alone', 'unknown'] as const;
export type DistributionState = (typeof DISTRIBUTION_STATES)[number];

/** `sharing` null: it is not known of which part of the repository the copies are. Times in ms since 1970. */
export function distributionState(
  sharing: { readonly total: number; readonly have: number } | null,
  untilMs: number,
  nowMs: number,
): DistributionState {
  if (sharing === null) return 'unknown';
  if (sharing.total === 0) return 'alone';
  if (sharing.have >= sharing.total) return 'everywhere';
  return nowMs < untilMs ? 'waiting' : 'behind';
}
