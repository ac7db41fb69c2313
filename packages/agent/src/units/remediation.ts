import type { CasCode } from '@castellan/shared/errors/table';
import type { PlannedChange, PlannedSigning } from '@castellan/shared/model/plan';
import type { Severity } from '@castellan/shared/model/severity';
import type { Facts } from '../facts/facts.generated.js';
import type { CollectContext, FactName } from './fact.js';
import type { IssuingSettings, MakeContext } from './issuing.js';
import type { PastRun } from './past-run.js';
import type { Step } from './step.js';

/** A parameter of a remediation. A `secret` comes by file or stdin on the command line and sealed on the wire. */
export interface RemediationParam {
  readonly kind: 'text' | 'number' | 'boolean' | 'secret';
  readonly required: boolean;
  readonly default?: string;
  readonly text: string;
  /** Allowed values, where they are few. */
  readonly oneOf?: readonly string[];
}

/** Values as given. A secret's value is reachable only through `reveal`, so that it cannot be printed by mistake. */
export interface ParamReader {
  text(name: string): string | null;
  given(name: string): boolean;
  reveal(name: string): string;
}

/** What plan works out. `contents` stay in memory: the journal names them, and their digests, only. */
export interface Draft {
  readonly steps: readonly Step[];
  readonly changes: readonly PlannedChange[];
  readonly effects: readonly string[];
  readonly verification: readonly string[];
  readonly notes: readonly string[];
  /** What the server is asked to sign while it is carried out. */
  readonly signs?: readonly PlannedSigning[];
  /** What it lets somebody do who could not before, for the plan's first line; null: nothing. */
  readonly opens?: string | null;
  /** Made when the run stages them: certificates and keys are made then, edited files are known before. */
  readonly contents: Readonly<Record<string, (make: MakeContext) => Promise<Uint8Array> | Uint8Array>>;
}

export type Planned =
  | { readonly kind: 'draft'; readonly draft: Draft }
  /** Nothing to do: the node is as it should be. */
  | { readonly kind: 'nothing'; readonly why: string }
  | { readonly kind: 'refused'; readonly code: CasCode; readonly why: string };

export interface PlanContext<Reads extends FactName = FactName> {
  readonly facts: Pick<Facts, Reads>;
  readonly params: ParamReader;
  /** The same ports that collectors have: plan reads only. */
  readonly look: Omit<CollectContext, 'facts'>;
  /** Who may be asked for certificates here. */
  readonly issuing: IssuingSettings;
  /** For asking when a certificate is due; absent: nobody can be asked. */
  readonly acme?: Pick<MakeContext['acme'], 'renewalWindow'>;
  /** What earlier runs remembered. */
  readonly state: Pick<MakeContext['state'], 'read'>;
  /** Whether a file holds what an earlier run of this agent put there. */
  isOwnEdit(path: string): boolean;
  /** What a run of this node that ended well changed; `problem`: why that cannot be told, for a person. */
  pastRun(runId: string): PastRun | { readonly problem: string };
}

export interface VerifyContext<Reads extends FactName = FactName> extends PlanContext<Reads> {
  /** Collects afresh and judges: the worst verdict of the subjects that are asked for (all, unless said). */
  recheck(controlId: string, isAsked?: Asked): Promise<Rechecked>;
  /** What the run made, by name of content: its SHA-256, for comparing with what is served. */
  madeSha256(content: string): string | null;
  /** Of a certificate that the run made: the SHA-256 of its DER, lower-case hex. */
  madeFingerprint(content: string): string | null;
  /** A line for whoever follows the run. */
  note(line: string): void;
}

/** One subject, or those that are. */
export type Asked = string | ((subject: string) => boolean);

export interface Rechecked {
  readonly status: string;
  readonly summary: string;
  /** Of a verdict that fails. */
  readonly severity?: Severity;
}

/** `left`: what should be mended too and is left to a person, a line each; absent or empty: nothing. */
export type Verified =
  | { readonly ok: true; readonly left?: readonly string[] }
  | { readonly ok: false; readonly why: string };

export interface Remediation<Reads extends FactName = FactName> {
  readonly slug: string;
  readonly title: string;
  /** Control ids. */
  readonly fixes: readonly string[];
  /** What could go wrong for mail or people. */
  readonly risk: string;
  readonly reads: readonly Reads[];
  readonly params: Readonly<Record<string, RemediationParam>>;
  readonly timeoutMs: number;
  /** It makes certificates, whose dates come from this node's clock: refused while the clock is known to be wrong. */
  readonly datesByClock?: boolean;
  plan(context: PlanContext<Reads>): Promise<Planned> | Planned;
  /** Trusts nothing from apply: inspects the running thing and judges again. */
  verify(context: VerifyContext<Reads>): Promise<Verified> | Verified;
}

export function defineRemediation<const Reads extends FactName>(
  remediation: Remediation<Reads>,
): Remediation<Reads> {
  return remediation;
}
