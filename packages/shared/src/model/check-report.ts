import { type Static, Type } from 'typebox';
import { Count, ListOf, Text } from './bounds.js';
import { Instant } from './ids.js';
import { NodeDescription } from './node.js';
import { SEVERITIES } from './severity.js';
import { Verdict } from './verdict.js';

/** Failing verdicts by severity, the others by status. */
export const Summary = Type.Object({
  critical: Count,
  high: Count,
  medium: Count,
  low: Count,
  pass: Count,
  notApplicable: Count,
  indeterminate: Count,
  errored: Count,
});
export type Summary = Static<typeof Summary>;

/** Far beyond what one node has. */
const VERDICTS_MAX = 16_384;

/** The one document that `castellan-agent check --format json` prints. */
export const CheckReport = Type.Object({
  schema: Type.Literal('castellan.check/1'),
  observedAt: Instant,
  agentVersion: Text(64),
  node: NodeDescription,
  verdicts: ListOf(Verdict, VERDICTS_MAX),
  summary: Summary,
});
export type CheckReport = Static<typeof CheckReport>;

export function summarise(verdicts: readonly Verdict[]): Summary {
  const failing = (severity: string) =>
    verdicts.filter((v) => v.status === 'fail' && v.severity === severity).length;
  const having = (status: string) => verdicts.filter((v) => v.status === status).length;
  const [critical, high, medium, low] = SEVERITIES.map(failing) as [number, number, number, number];
  return {
    critical,
    high,
    medium,
    low,
    pass: having('pass'),
    notApplicable: having('not-applicable'),
    indeterminate: having('indeterminate'),
    errored: having('errored'),
  };
}
