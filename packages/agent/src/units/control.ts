import type { Severity } from '@castellan/shared/model/severity';
import type { SeenCertificate, Violation } from '@castellan/shared/model/verdict';
import type { Facts } from '../facts/facts.generated.js';
import type { FactName } from './fact.js';

export type { Violation } from '@castellan/shared/model/verdict';

/** Where a rule comes from: a page of Momentum's manual, an RFC, a CVE. `url` where there is a public one. */
export interface Source {
  readonly cite: string;
  readonly url?: string;
}

/** A control's setting that policy may change: a number or a text, with a default and the reason for it. */
export interface Param {
  readonly default: number | string | boolean;
  readonly unit?: string;
  readonly text: string;
}

export type ParamValues<P extends Readonly<Record<string, Param>>> = {
  readonly [K in keyof P]: P[K]['default'] extends number
    ? number
    : P[K]['default'] extends boolean
      ? boolean
      : string;
};

/** What goes with an outcome, whatever its status. */
export interface Attached {
  /** The remediation of this subject where it is not the control's own, one of `otherRemediations`; null: none. */
  readonly remediation?: string | null;
  /** What the remediation is to be asked with for this subject. Never a secret. */
  readonly params?: Readonly<Record<string, string>>;
  /** Certificates that were read for it. */
  readonly certificates?: readonly SeenCertificate[];
}

export type Outcome = Attached & Answer;

export type Answer =
  | { readonly status: 'pass'; readonly summary: string }
  | {
      readonly status: 'fail';
      readonly summary: string;
      readonly violations: readonly Violation[];
      /** Where this case is worse or milder than the control's own severity. */
      readonly severity?: Severity;
    }
  | { readonly status: 'not-applicable'; readonly reason: string }
  /** `reason` says what could not be known and what would settle it. */
  | { readonly status: 'indeterminate'; readonly reason: string; readonly violations?: readonly Violation[] };

/** What a control says of one subject. Subjects are stable: they hold no time, line or count, and no order. */
export type Judgement = Outcome & { readonly subject: string };

export interface EvaluateContext<Reads extends FactName, P extends Readonly<Record<string, Param>>> {
  readonly facts: Pick<Facts, Reads>;
  readonly params: ParamValues<P>;
  /** Milliseconds since 1970: controls never read the clock. */
  readonly nowMs: number;
}

export interface Control<
  Reads extends FactName = FactName,
  P extends Readonly<Record<string, Param>> = Readonly<Record<string, Param>>,
> {
  readonly id: string;
  /** The folder's name. */
  readonly slug: string;
  readonly title: string;
  readonly severity: Severity;
  /** What else a failing judgement may say; the server takes no other from a node. */
  readonly otherSeverities?: readonly Severity[];
  /**
   * What of the node is judged, as a whole: the subject of a control that gives one outcome, and of what is said where no
   * single subject can be named (nothing to judge, or evidence that is missing as a whole).
   */
  readonly subject: string;
  readonly reads: readonly Reads[];
  /** It weighs the `doubts` of its facts itself; else the engine lets nothing pass over one. */
  readonly weighsDoubts?: boolean;
  readonly sources: readonly Source[];
  /** Slug of the remediation that fixes it, or null. */
  readonly remediation: string | null;
  /** Slugs of those that fix some of its cases; the server takes no other from a node. */
  readonly otherRemediations?: readonly string[];
  readonly params: P;
  /**
   * One outcome for the whole, or a judgement for each subject (a listener, a key pair, a group of files), so that one
   * can be waived and another not. Pure: the same facts give the same answer. A throw becomes `errored`.
   */
  evaluate(context: EvaluateContext<Reads, P>): Outcome | readonly Judgement[];
}

export function defineControl<
  const Reads extends FactName,
  const P extends Readonly<Record<string, Param>> = Readonly<Record<string, never>>,
>(control: Control<Reads, P>): Control<Reads, P> {
  return control;
}

export function judgement(subject: string, outcome: Outcome): Judgement {
  return { ...outcome, subject };
}

/** What its remediation is to be asked with, for what fails. */
export function withParams(
  answer: Outcome | readonly Judgement[],
  params: Readonly<Record<string, string>>,
): Outcome | readonly Judgement[] {
  const given = <T extends Outcome>(one: T): T => (one.status === 'fail' ? { ...one, params } : one);
  return Array.isArray(answer) ? (answer as readonly Judgement[]).map(given) : given(answer as Outcome);
}

export function pass(summary: string): Outcome {
  return { status: 'pass', summary };
}

export function fail(summary: string, violations: readonly Violation[], severity?: Severity): Outcome {
  return severity
    ? { status: 'fail', summary, violations, severity }
    : { status: 'fail', summary, violations };
}

export function notApplicable(reason: string): Outcome {
  return { status: 'not-applicable', reason };
}

export function indeterminate(reason: string, violations?: readonly Violation[]): Outcome {
  return violations ? { status: 'indeterminate', reason, violations } : { status: 'indeterminate', reason };
}
