/** Clocks of two ends that differ by more are wrong: a finding, and no certificate is issued by or for them. Milliseconds. */
export const SKEW_MS_MAX = 5 * 60_000;

export function isSkewed(skewMs: number): boolean {
  return !(Math.abs(skewMs) <= SKEW_MS_MAX);
}
