import { type Static, Type } from 'typebox';

/** From worst to mildest. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
// Unsafe names the type: from a mapped list the library derives `never`.
export const Severity = Type.Unsafe<(typeof SEVERITIES)[number]>(
  Type.Union(SEVERITIES.map((s) => Type.Literal(s))),
);
export type Severity = (typeof SEVERITIES)[number];

export function isAtLeast(severity: Severity, floor: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(floor);
}

/** Whether one is more severe than the other. */
export function isWorse(severity: Severity, than: Severity): boolean {
  return SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(than);
}

export function worst(severities: readonly Severity[]): Severity | null {
  return SEVERITIES.find((s) => severities.includes(s)) ?? null;
}

// Keeps the schema and the list in one: a severity that the schema accepts is one of the list.
export type SeverityOfSchema = Static<typeof Severity>;
