import { assert } from '@castellan/shared/base/assert';
import { named } from '../kit/eccfg-status.js';
import type { Step } from '../kit/step.js';
import { closeRun } from './close.js';
import type { RunnerDeps } from './deps.js';
import { type Journal, openJournals, writtenRuns } from './journal.js';
import { attempt, Progress } from './progress.js';
import { prune } from './prune.js';
import { type RunEnd, rollBack } from './rollback.js';
import { whereCommitIs } from './steps/commit.js';
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
  const verified = journal.has('verified') ? await endOfVerified(steps, context) : null;
  return close(
    verified ??
      (await rollBack(steps, context, progress, {
        line: 'the agent was stopped in the middle of this run',
        code: 'CAS_RUN_STEP_FAILED',
      })),
  );
}

/** Null: it was verified, but never committed, and a commit needs the secrets of before: it is put back. */
async function endOfVerified(steps: readonly Step[], context: RunContext): Promise<RunEnd | null> {
  const { journal } = context;
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'commit' || journal.of('done', index).length > 0) continue;
    if (journal.has('rollback') || journal.of('intent', index).length === 0) return null;
    const place = await whereCommitIs(step, context);
    if (place === 'not-committed') return null;
    if (place === 'not-known')
      return {
        state: 'rollbackFailed',
        error: 'CAS_RUN_ROLLBACK_FAILED',
        line: `verified, but the agent was stopped while it committed, and eccfg status does not answer: nothing was put back. See whether ${named(step.files)} stands committed, and commit or revert it`,
      };
  }
  return {
    state: 'done',
    error: null,
    line: 'done and verified; the agent was stopped before it could say so',
  };
}
