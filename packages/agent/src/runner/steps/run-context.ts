import type { CasCode } from '@castellan/shared/errors/table';
import type { CommittedRevision } from '@castellan/shared/model/configuration';
import { StateProblem } from '../../ports/state-store.js';
import type { MakeContext } from '../../units/issuing.js';
import type { Step } from '../../units/step.js';
import type { RunnerDeps } from '../deps.js';
import type { Journal } from '../journal.js';

/** What a step may use. Undoing uses `journal` and the files only, so that it works after a crash too. */
export interface RunContext {
  readonly deps: RunnerDeps;
  readonly journal: Journal;
  /** Contents by name; each is made once. */
  content(name: string, make: MakeContext): Promise<Uint8Array>;
  reveal(secret: string): string;
  /** `revision`: what the line tells the commit of. */
  tell(line: string, revision?: CommittedRevision): void;
}

/**
 * Whether an effect of the step may have been made, as far as its intent tells. Of a run whose process ended the
 * missing line is no evidence: the node is asked then.
 */
export function mayHaveActed(index: number, { journal }: RunContext): boolean {
  return journal.isTakenUp || journal.of('intent', index).length > 0;
}

/** For `Exec`: the child is in the journal before it may do anything, so that a crash does not lose sight of it. */
export function childNoted(
  index: number,
  { journal }: RunContext,
): (child: {
  readonly pid: number;
  readonly start: string;
  readonly bootId: string;
  readonly program: string;
}) => void {
  return (child) => {
    try {
      journal.append({ t: 'child', step: index, ...child });
    } catch (error) {
      // What puts back is not kept from it by a disk that is full.
      if (!(error instanceof StateProblem) || !journal.has('rollback')) throw error;
    }
  };
}

/** A step did not do what it should. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  constructor(
    readonly code: CasCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** `foreign`: somebody else changed it meanwhile. */
export type StepPlace = 'before' | 'touched' | 'foreign';

export interface StepRunner<S extends Step> {
  apply(step: S, index: number, context: RunContext): Promise<void>;
  /** What is there now, against what the journal says was there before. Reads only. */
  inspect(step: S, index: number, context: RunContext): StepPlace;
  /** Puts back; may be called again after it was cut off in the middle. */
  undo(step: S, index: number, context: RunContext): void;
  /** After everything is put back: makes running services take it up again. */
  rerun(step: S, index: number, context: RunContext): Promise<void>;
}
