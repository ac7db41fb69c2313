import { assert } from '@castellan/shared/base/assert';
import { closeRun } from './close.js';
import type { RunnerDeps } from './deps.js';
import { type Journal, openJournals, writtenRuns } from './journal.js';
import { attempt, Progress } from './progress.js';
import { prune } from './prune.js';
import { type RunEnd, rollBack } from './rollback.js';
import type { RunContext } from './steps/run-context.js';

/** Puts back what killed runs left behind; a run that was verified already is closed as done. */
export async function recoverRuns(deps: RunnerDeps): Promise<RunEnd[]> {
  if (writtenRuns(deps.state).length === 0) return [];
  const held = deps.lock.take();
  // Somebody else is at it right now: an open journal is then no sign of a crash.
  if (held === null) return [];
  try {
    const ends: RunEnd[] = [];
    for (const journal of openJournals(deps.state)) ends.push(await recoverRun(deps, journal));
    attempt(() => prune(deps.state));
    return ends;
  } finally {
    held.release();
  }
}

async function recoverRun(deps: RunnerDeps, journal: Journal): Promise<RunEnd> {
  const first = journal.records[0];
  const steps = first?.t === 'run' ? first.steps : [];
  const progress = new Progress(deps, journal, []);
  const close = (end: RunEnd): RunEnd => closeRun(deps.state, journal, progress, end);
  if (journal.has('verified'))
    return close({
      state: 'done',
      error: null,
      line: 'done and verified; the agent was stopped before it could say so',
    });
  const context: RunContext = {
    deps,
    journal,
    content: () => Promise.reject(new Error('a run is not continued after a crash')),
    reveal: (name) => {
      assert(false, `the secret ${name} is gone`);
      return '';
    },
    tell: (line) => progress.add(line),
  };
  return close(
    await rollBack(steps, context, progress, {
      line: 'the agent was stopped in the middle of this run',
      code: 'CAS_RUN_STEP_FAILED',
    }),
  );
}
