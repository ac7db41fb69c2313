import { assert } from '@castellan/shared/base/assert';
import { named } from '../knowledge/eccfg/status.js';
import { instant } from '../ports/clock.js';
import type { Step } from '../units/step.js';
import { backedUpRuns } from './backups.js';
import { settleChildren } from './children.js';
import { closeRun } from './close.js';
import type { RunnerDeps } from './deps.js';
import { Journal, journalPlace, type WrittenRun, writtenRuns } from './journal.js';
import { messageOf } from './masking.js';
import { attempt, Progress } from './progress.js';
import { listenersNotServing, notAsAfter, seenNow } from './proof.js';
import { prune } from './prune.js';
import { backupsAt, type RunEnd, rollBack } from './rollback.js';
import { whereCommitIs } from './steps/commit.js';
import { rerunStep } from './steps/index.js';
import type { RunContext } from './steps/run-context.js';
import { verifiedEnd } from './verified-end.js';

/** A run that could not be put back is tried again so often, over all starts; then it is a person's. */
export const RETRIES_MAX = 24;

/**
 * Puts back what killed runs left behind, and what could not be put back before; a run that was verified is closed as
 * done when the node proves it. A journal that is not whole proves nothing: what is seen is told, and all is kept.
 */
export async function recoverRuns(deps: RunnerDeps): Promise<RunEnd[]> {
  if (writtenRuns(deps.state).length === 0 && backedUpRuns(deps.state).size === 0) {
    // Who was killed between the lock and the first line left the lock.
    attempt(() => deps.lock.take()?.release());
    return [];
  }
  const held = deps.lock.take();
  // Somebody else is at it right now: an open journal is then no sign of a crash.
  if (held === null) return [];
  try {
    const ends: RunEnd[] = [];
    for (const run of withLostOnes(deps)) {
      if (run.ended !== null && !isWorthTrying(run)) continue;
      ends.push(await recoverRun(deps, run));
    }
    attempt(() => prune(deps.state));
    return ends;
  } finally {
    held.release();
  }
}

/** Whether a run's bad end may be another if it is tried again: the disk may have had no room, the service no time. */
export function isWorthTrying({ ended, damage, records }: WrittenRun): boolean {
  const tries = records.filter((one) => one.t === 'retry').length;
  return ended === 'rollbackFailed' && damage === null && tries < RETRIES_MAX;
}

/** Copies whose journal is gone are of a run of which nothing is known. */
function withLostOnes({ state }: RunnerDeps): WrittenRun[] {
  const written = writtenRuns(state);
  const known = new Set(written.map(({ runId }) => runId));
  const lost = [...backedUpRuns(state)].filter((runId) => !known.has(runId));
  return [
    ...written,
    ...lost.map((runId) => ({
      runId,
      records: [],
      next: 1,
      damage: 'it is gone',
      cutAt: null,
      ended: null,
    })),
  ];
}

async function recoverRun(deps: RunnerDeps, run: WrittenRun): Promise<RunEnd> {
  const journal = new Journal(deps.state, run.runId, run);
  const first = journal.records[0];
  const steps = first?.t === 'run' ? first.steps : [];
  const progress = new Progress(deps, journal, []);
  const context = contextOf(deps, journal, progress);
  const isAgain = run.ended !== null;
  if (isAgain) attempt(() => journal.append({ t: 'retry', at: instant(deps.clock) }));
  return closeRun(deps.state, journal, progress, await endOf(steps, context, progress, isAgain));
}

function contextOf(deps: RunnerDeps, journal: Journal, progress: Progress): RunContext {
  return {
    deps,
    journal,
    content: () => Promise.reject(new Error('a run is not continued after a crash')),
    reveal: (name) => {
      assert(false, `the secret ${name} is gone`);
      return '';
    },
    tell: (line, revision) => progress.add(line, revision),
  };
}

async function endOf(
  steps: readonly Step[],
  context: RunContext,
  progress: Progress,
  isAgain: boolean,
): Promise<RunEnd> {
  const { journal, deps } = context;
  await settleChildren(context);
  if (journal.damage !== null)
    return failed(
      `the journal of this run is damaged (${journal.damage}: ${journalPlace(deps.state, journal.runId)}), so nothing was put back and nothing removed. ${backupsAt(context)}. ${await seenNow(steps, context)}`,
    );
  const proven = journal.records.findLast((one) => one.t === 'proven');
  if (proven?.t === 'proven') return { state: proven.state, line: proven.line, error: proven.error };
  const verified = journal.has('verified') ? await endOfVerified(steps, context) : null;
  return (
    verified ??
    rollBack(steps, context, progress, {
      line: isAgain ? 'putting back is tried again' : 'the agent was stopped in the middle of this run',
      code: 'CAS_RUN_STEP_FAILED',
    })
  );
}

/** Null: it is put back: it was never committed (that needs the secrets of before), or the node is not as it made it. */
async function endOfVerified(steps: readonly Step[], context: RunContext): Promise<RunEnd | null> {
  const { journal } = context;
  if (journal.has('rollback')) return null;
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'commit' || journal.of('done', index).length > 0) continue;
    if (journal.of('intent', index).length === 0) return null;
    const place = await whereCommitIs(step, context);
    if (place === 'not-committed') return null;
    if (place === 'not-known')
      return failed(
        `verified, but the agent was stopped while it committed, and eccfg status does not answer: nothing was put back. See whether ${named(step.files)} stands committed, and commit or revert it`,
      );
  }
  return provenNow(steps, context);
}

async function provenNow(steps: readonly Step[], context: RunContext): Promise<RunEnd | null> {
  if (notAsAfter(steps, context).length > 0) return null;
  let wrong = await listenersNotServing(steps, context);
  if (wrong.length > 0) {
    wrong = await served(steps, context);
    if (wrong.length > 0)
      return failed(
        `verified, and the files are as the run made them, but ${wrong.join('; ')}. Nothing was put back. ${backupsAt(context)}`,
      );
  }
  const verified = context.journal.records.findLast((one) => one.t === 'verified');
  const left = verified?.t === 'verified' ? (verified.left ?? []) : [];
  return verifiedEnd(left, '; the agent was stopped before it could say so');
}

/** Has the services take up the new files once more, and looks again. */
async function served(steps: readonly Step[], context: RunContext): Promise<string[]> {
  try {
    for (const [index, step] of steps.entries())
      if (step.kind === 'service') {
        const { servedBefore: _old, ...again } = step;
        // Running or down: a restart has it take up what stands there.
        await rerunStep(
          { ...again, action: step.action === 'start' ? 'restart' : step.action },
          index,
          context,
        );
      }
  } catch (error) {
    return [messageOf(error)];
  }
  return listenersNotServing(steps, context);
}

function failed(line: string): RunEnd {
  return { state: 'rollbackFailed', error: 'CAS_RUN_ROLLBACK_FAILED', line };
}
