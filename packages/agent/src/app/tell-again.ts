import type { RunEvent } from '@castellan/shared/model/run';
import { noteLost, rememberedRuns } from '../link/remembered.js';
import { type Clock, instant } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { StateProblem, type StateStore } from '../ports/state-store.js';
import type { Executor } from './command-dispatcher.js';

interface TellAgainDeps {
  readonly executor: Pick<Executor, 'hasBegun' | 'lastWords'>;
  readonly log: Log;
  readonly store: StateStore;
  readonly clock: Clock;
}

/** At a start: how the latest runs ended, numbered as before, and which commands were taken and never begun. */
export function tellAgain(deps: TellAgainDeps, progress: (event: RunEvent) => void): void {
  const { executor, log, store, clock } = deps;
  try {
    noteLost(store, clock.now() / 1000);
    for (const event of executor.lastWords?.() ?? []) progress(event);
    for (const runId of rememberedRuns(store)) {
      if (executor.hasBegun(runId)) continue;
      const line = 'the agent was stopped after it took this run and before it began; nothing was touched';
      const error = 'CAS_RUN_STEP_FAILED';
      progress({ runId, index: 1, at: instant(clock), state: 'refused', line, error });
    }
  } catch (error) {
    if (!(error instanceof StateProblem)) throw error;
    log.warn({ event: 'run.words', err: error }, 'how the latest runs ended cannot be told again');
  }
}
