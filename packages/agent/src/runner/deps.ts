import type { RunEvent } from '@castellan/shared/model/run';
import type { Facts } from '../facts/facts.generated.js';
import type { Acme } from '../ports/acme.js';
import type { Clock } from '../ports/clock.js';
import type { Exec } from '../ports/exec.js';
import type { FileReader, FileWriter } from '../ports/files.js';
import type { Net } from '../ports/net.js';
import type { Processes } from '../ports/processes.js';
import type { RunLock } from '../ports/run-lock.js';
import type { Signer } from '../ports/signer.js';
import type { StateStore } from '../ports/state-store.js';
import type { CollectSettings, FactName } from '../units/fact.js';
import type { IssuingSettings } from '../units/issuing.js';
import type { Asked, Rechecked, Remediation } from '../units/remediation.js';

/** What planning needs: it writes nothing. */
export interface PlanDeps {
  readonly files: FileReader;
  readonly exec: Exec;
  readonly net: Net;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly settings: CollectSettings;
  readonly remediations: readonly Remediation[];
  /** Journals of earlier runs tell which edits are our own. */
  readonly state: Pick<StateStore, 'read' | 'list'>;
  /** Absent: nobody is set up to be asked for certificates. */
  readonly issuing?: IssuingSettings;
  readonly acme?: Acme;
  /** Absent: there is no server that could sign. */
  readonly signer?: Signer;
  /** Collects afresh. Throws FactUnavailable with a reason for a person. */
  collect(names: readonly FactName[]): Promise<Facts>;
}

/** One look at the node: what it collected once is there for all who ask. */
export interface Inspection {
  /** As `PlanDeps.collect`, but each fact once. */
  collect(names: readonly FactName[]): Promise<Facts>;
  /**
   * Judges one control: the worst verdict of the subjects that are asked for. One that does not pass on what this look
   * collected is judged again on facts collected afresh: what was changed may have needed a moment.
   */
  recheck(controlId: string, isAsked?: Asked): Promise<Rechecked>;
}

export interface RunnerDeps extends PlanDeps {
  readonly writer: FileWriter;
  readonly state: StateStore;
  readonly lock: RunLock;
  /** Begins a look at the node as it is now: nothing that was collected before it is used. */
  inspect(): Inspection;
  /** Remediations that may be carried out here; null: whoever sits at the node's own shell decides. */
  readonly allow: readonly string[] | null;
  isAuditOnly(): boolean;
  onEvent(event: RunEvent): void;
}

/** Values as given, secrets in the clear: they stay in memory. */
export interface RemediationRequest {
  readonly slug: string;
  readonly params: Readonly<Record<string, string>>;
}
