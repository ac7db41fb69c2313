import type { CasCode } from '@castellan/shared/errors/table';
import type { Step } from '../../kit/step.js';
import type { RunnerDeps } from '../deps.js';
import type { Journal } from '../journal.js';

/** What a step may use. Undoing uses `journal` and the files only, so that it works after a crash too. */
export interface RunContext {
  readonly deps: RunnerDeps;
  readonly journal: Journal;
  /** Contents by name; each is made once. */
  content(name: string): Promise<Uint8Array>;
  reveal(secret: string): string;
  tell(line: string): void;
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
