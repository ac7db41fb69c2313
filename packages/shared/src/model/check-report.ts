import { type Static, Type } from 'typebox';
import { Instant } from './ids.js';
import { NodeDescription } from './node.js';
import { SEVERITIES } from './severity.js';
import { Verdict } from './verdict.js';

const Count = Type.Integer({ minimum: 0 });

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

/** The one document that `castellan-agent check --format json` prints. */
export const CheckReport = Type.Object({
  schema: Type.Literal('castellan.check/1'),
  observedAt: Instant,
  agentVersion: Type.String(),
  node: NodeDescription,
  verdicts: Type.Array(Verdict),
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
