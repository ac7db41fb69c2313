import { type Static, Type } from 'typebox';
import { Severity } from './severity.js';

export const STATUSES = ['pass', 'fail', 'not-applicable', 'indeterminate', 'errored'] as const;
// Unsafe names the type: from a mapped list the library derives `never`.
export const Status = Type.Unsafe<(typeof STATUSES)[number]>(
  Type.Union(STATUSES.map((s) => Type.Literal(s))),
);
export type Status = (typeof STATUSES)[number];

/** Where a violation stands. `file` is the path inside the node's tree; `line` counts from 1. */
export const Place = Type.Object({
  file: Type.Optional(Type.String({ maxLength: 4096 })),
  line: Type.Optional(Type.Integer({ minimum: 1 })),
  scope: Type.Optional(Type.String({ maxLength: 1024 })),
  /** What is meant when it is neither a file nor a scope: `process 123`, `port 5432`. */
  object: Type.Optional(Type.String({ maxLength: 1024 })),
});
export type Place = Static<typeof Place>;

/** One place that fails. `found` and `proposed` are masked: they never hold a secret's value. */
export const Violation = Type.Object({
  at: Place,
  found: Type.String({ maxLength: 4096 }),
  proposed: Type.Optional(Type.String({ maxLength: 4096 })),
});
export type Violation = Static<typeof Violation>;

export const ControlId = Type.String({ pattern: '^[A-Z]{3}-[A-Z]{2,5}-\\d{3}$' });
export type ControlId = Static<typeof ControlId>;

/** The most violations that a verdict carries; `moreViolations` counts the rest. */
export const VIOLATIONS_MAX = 100;

/** What one control says at one moment. Identified by (control, subject); the subject never holds a time, line or count. */
export const Verdict = Type.Object({
  control: ControlId,
  title: Type.String({ maxLength: 256 }),
  severity: Severity,
  status: Status,
  subject: Type.String({ minLength: 1, maxLength: 512 }),
  summary: Type.String({ maxLength: 1024 }),
  violations: Type.Array(Violation, { maxItems: VIOLATIONS_MAX }),
  moreViolations: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Why the answer is not `pass` or `fail`; null otherwise. */
  reason: Type.Union([Type.String({ maxLength: 2048 }), Type.Null()]),
  /** The slug of the remediation that would help, or null. */
  remediation: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
  sources: Type.Array(Type.String({ maxLength: 512 }), { maxItems: 16 }),
});
export type Verdict = Static<typeof Verdict>;

export function verdictKey(verdict: { readonly control: string; readonly subject: string }): string {
  return `${verdict.control}\u0000${verdict.subject}`;
}
