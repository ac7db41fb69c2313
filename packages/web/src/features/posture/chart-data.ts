import { type PosturePoint, SEVERITIES, type Severity } from '../../api/types.js';

const DAY_MS = 86_400_000;

export interface Layer {
  readonly severity: Severity;
  /** `x`: days since the first of the span; `y`: findings. */
  readonly data: readonly { readonly x: number; readonly y: number }[];
}

/** One layer a severity, the mildest lowest, so that the worst is the edge that the eye follows. */
export function layersOf(points: readonly PosturePoint[], from: string): Layer[] {
  return [...SEVERITIES].reverse().map((severity) => ({
    severity,
    data: points.map((point) => ({ x: daysBetween(from, point.day), y: point[severity] })),
  }));
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** The day that is so many days after another. */
export function dayAfter(from: string, days: number): string {
  return new Date(Date.parse(from) + days * DAY_MS).toISOString().slice(0, 10);
}

export function openOn(point: PosturePoint): number {
  return SEVERITIES.reduce((sum, severity) => sum + point[severity], 0);
}

/** What the chart shows, in one sentence, for whoever does not see it. */
export function inWords(points: readonly PosturePoint[]): string {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return 'Nothing was counted yet.';
  const most = Math.max(...points.map(openOn));
  const now = SEVERITIES.map((severity) => `${last[severity]} ${severity}`).join(', ');
  return `From ${openOn(first)} open findings on ${first.day} to ${openOn(last)} on ${last.day} (${now}); the most on one day were ${most}.`;
}
