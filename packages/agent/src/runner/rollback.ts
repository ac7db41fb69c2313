import type { CasCode } from '@castellan/shared/errors/table';
import type { RunState } from '@castellan/shared/model/run';
import type { Step } from '../kit/step.js';
import { backupsPlace } from './backups.js';
import { attempt, type Progress } from './progress.js';
import { inspectStep, rerunStep, undoStep } from './steps/index.js';
import { discardStaged } from './steps/replace-files.js';
import { type RunContext, StepFailed } from './steps/run-context.js';

export interface RunEnd {
  readonly state: RunState;
  readonly error: CasCode | null;
  readonly line: string;
}

/**
 * Puts back every step that was begun, the last one first, then has services take up what is there, then looks whether
 * everything is back. Touches nothing where somebody else changed a file meanwhile.
 */
export async function rollBack(steps: readonly Step[], context: RunContext, progress: Progress, why: { readonly line: string; readonly code: CasCode }): Promise<RunEnd> {
  try {
    attempt(() => context.journal.append({ t: 'rollback', why: why.code }));
    progress.tell('rollingBack', why.line, why.code);
    const begun = steps.map((step, index) => ({ step, index })).filter(({ index }) => context.journal.of('begin', index).length > 0);
    const foreign = begun.filter(({ step, index }) => inspectStep(step, index, context) === 'foreign');
    if (foreign.length > 0) {
      for (const { index } of begun) discardStaged(index, context);
      const what = foreign.map(({ step }) => step.id).join(', ');
      return end('rollbackFailed', 'CAS_RUN_FOREIGN_CHANGE', `somebody else changed what "${what}" had changed; nothing more was touched. The backups are ${backupsPlace(context.deps.state, context.journal.runId)}`);
    }
    for (const { step, index } of [...begun].reverse()) undoStep(step, index, context);
    for (const { step, index } of begun) await rerunStep(step, index, context);
    const left = begun.filter(({ step, index }) => step.kind !== 'program' && inspectStep(step, index, context) !== 'before');
    if (left.length > 0) return end('rollbackFailed', 'CAS_RUN_ROLLBACK_FAILED', `not everything is as it was: ${left.map(({ step }) => step.id).join(', ')}`);
    return end('rolledBack', why.code, 'everything is as it was before the run');
  } catch (error) {
    const isForeign = error instanceof StepFailed && error.code === 'CAS_RUN_FOREIGN_CHANGE';
    return end('rollbackFailed', isForeign ? 'CAS_RUN_FOREIGN_CHANGE' : 'CAS_RUN_ROLLBACK_FAILED', `putting back failed: ${messageOf(error)}. The backups are ${backupsPlace(context.deps.state, context.journal.runId)}`);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function end(state: RunState, error: CasCode, line: string): RunEnd {
  return { state, error, line };
}
