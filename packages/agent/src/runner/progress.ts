import type { CasCode } from '@castellan/shared/errors/table';
import { plainText } from '@castellan/shared/model/bounds';
import type { CommittedRevision } from '@castellan/shared/model/configuration';
import type { RunEvent, RunState } from '@castellan/shared/model/run';
import { type Clock, instant } from '../ports/clock.js';
import { StateProblem } from '../ports/state-store.js';
import type { Journal } from './journal.js';
import { clip, maskValues } from './masking.js';

const PAST_LOST_LINES = 1000;

/** Tells what happens, numbered; each is in the journal first, so that numbers go on after a crash. */
export class Progress {
  #index: number;
  #state: RunState = 'applying';

  constructor(
    private readonly deps: { readonly clock: Clock; onEvent(event: RunEvent): void },
    private readonly journal: Journal,
    private readonly secrets: readonly string[],
  ) {
    const known = Math.max(0, ...journal.records.map((one) => (one.t === 'event' ? one.index : 0)));
    // Lines that are lost may have told more than is known: a number that was told already would be taken for a repeat.
    this.#index = known + (journal.damage === null ? 0 : PAST_LOST_LINES);
  }

  /** A line more of where the run is. */
  add(line: string, revision?: CommittedRevision): void {
    this.#tell(this.#state, line, revision === undefined ? {} : { revision });
  }

  tell(state: RunState, line: string, error?: CasCode): void {
    this.#tell(state, line, error === undefined ? {} : { error });
  }

  #tell(state: RunState, line: string, more: { error?: CasCode; revision?: CommittedRevision }): void {
    this.#state = state;
    this.#index += 1;
    const masked = plainText(clip(maskValues(line, this.secrets), 2048));
    // A full disk must not keep anybody from hearing of it, nor from putting back.
    attempt(() =>
      this.journal.append({
        t: 'event',
        index: this.#index,
        state,
        line: masked,
        ...(more.error === undefined ? {} : { error: more.error }),
      }),
    );
    this.deps.onEvent({
      runId: this.journal.runId,
      index: this.#index,
      at: instant(this.deps.clock),
      state,
      line: masked,
      ...more,
    });
  }
}

/** For what may be left out when the state folder cannot be written. */
export function attempt(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if (error instanceof StateProblem) return false;
    throw error;
  }
}
