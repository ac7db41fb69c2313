import type { Severity } from '@castellan/shared/model/severity';
import type { Place, Status } from '@castellan/shared/model/verdict';
import type { Facts } from '../facts/facts.generated.js';

/** What a control must say of a case. Only what is given is compared. */
export interface CaseExpectation {
  /** Of several subjects: the worst. */
  readonly status: Status;
  /** Of several subjects: all of them, each with its status. */
  readonly subjects?: Readonly<Record<string, Status>>;
  /** Of a failing case whose severity differs from the control's own. */
  readonly severity?: Severity;
  /** How many violations, of all subjects. */
  readonly violations?: number;
  /** Must be part of the first violation's place. */
  readonly at?: Place;
}

/** One situation that a control is judged by. The harness in test/controls runs the cases of every control. */
export interface ControlCase {
  /** A sentence that a stranger understands, unique among the control's cases. */
  readonly name: string;
  /** Made anew for each run, so that no case can spoil another. */
  readonly facts: () => Partial<Facts>;
  /** Values for the control's parameters that differ from their defaults. */
  readonly params?: Readonly<Record<string, number | string | boolean>>;
  /** Milliseconds since 1970. */
  readonly nowMs?: number;
  readonly momentumVersion?: string;
  readonly expect: CaseExpectation;
}

/** Types a control's cases: `export default defineCases([...])` in its cases.ts. */
export function defineCases(cases: readonly ControlCase[]): readonly ControlCase[] {
  return cases;
}
