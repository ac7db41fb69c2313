/**
 * What makes a fact less than the whole truth. The engine sees to it that no control passes over one: see `judge.ts`.
 * `incomplete`: there may be more than was seen, or it may be otherwise; what fails, fails all the same.
 * `not-in-force`: what was read is not what runs, so that nothing that follows from it is certain.
 */
export interface Doubt {
  readonly kind: 'incomplete' | 'not-in-force';
  /** What was not understood, where (`file:line`), and what would settle it. */
  readonly reason: string;
}

/** A fact that says what it may have missed. */
export interface Doubtful {
  readonly doubts: readonly Doubt[];
}
