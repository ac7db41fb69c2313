import type { CasCode } from '@castellan/shared/errors/table';
import type { RunState } from '@castellan/shared/model/run';
import type { Step } from '../units/step.js';
import { backupsPlace } from './backups.js';
import { messageOf } from './masking.js';
import { attempt, type Progress } from './progress.js';
import { notAsBefore, seenNow } from './proof.js';
import { servicesDown } from './services-down.js';
import { inspectStep, rerunStep, undoStep } from './steps/index.js';
import { discardStaged } from './steps/replace-files.js';
import { type RunContext, StepFailed } from './steps/run-context.js';

export interface RunEnd {
  readonly state: RunState;
  readonly error: CasCode | null;
  readonly line: string;
}

/** What failed may have been short: a disk that was full, a service that was slow to come. Undoing can be done again. */
const ATTEMPTS_MAX = 3;
const BETWEEN_MS = 500;

/**
 * Puts back every step that was begun, the last one first, then has services take up what is there, then looks whether
 * everything is back. Touches nothing where somebody else changed a file meanwhile.
 */
export async function rollBack(
  steps: readonly Step[],
  context: RunContext,
  progress: Progress,
  why: { readonly line: string; readonly code: CasCode },
): Promise<RunEnd> {
  attempt(() => context.journal.append({ t: 'rollback', why: why.code }));
  progress.tell('rollingBack', why.line, why.code);
  let failed = '';
  for (let count = 1; count <= ATTEMPTS_MAX; count += 1) {
    try {
      return await putAllBack(steps, context, why.code);
    } catch (error) {
      if (error instanceof StepFailed && error.code === 'CAS_RUN_FOREIGN_CHANGE')
        return end(
          'rollbackFailed',
          error.code,
          `${error.message}; nothing more was touched. ${backupsAt(context)}. ${await seenNow(steps, context)}`,
        );
      failed = messageOf(error);
      progress.add(`putting back failed (${count} of ${ATTEMPTS_MAX}): ${failed}`);
      // Not cut short when the agent is to stop: it stops when the node is as it was.
      if (count < ATTEMPTS_MAX) await context.deps.clock.sleep(BETWEEN_MS);
    }
  }
  return end(
    'rollbackFailed',
    'CAS_RUN_ROLLBACK_FAILED',
    `putting back failed: ${failed}. ${backupsAt(context)}. ${await seenNow(steps, context)}`,
  );
}

async function putAllBack(steps: readonly Step[], context: RunContext, code: CasCode): Promise<RunEnd> {
  const { journal } = context;
  // After a crash every step is asked for: a line that says it was begun may be the one that is missing.
  const begun = steps
    .map((step, index) => ({ step, index }))
    .filter(({ index }) => journal.isTakenUp || journal.of('begin', index).length > 0);
  const foreign = begun.filter(({ step, index }) => inspectStep(step, index, context) === 'foreign');
  if (foreign.length > 0) {
    for (const { index } of begun) discardStaged(index, context);
    throw new StepFailed(
      'CAS_RUN_FOREIGN_CHANGE',
      `somebody else changed what "${foreign.map(({ step }) => step.id).join(', ')}" had changed`,
    );
  }
  for (const { step, index } of [...begun].reverse()) undoStep(step, index, context);
  for (const { step, index } of begun) await rerunStep(step, index, context);
  const left = begun.filter(
    ({ step, index }) => step.kind !== 'program' && inspectStep(step, index, context) !== 'before',
  );
  const wrong = [...left.map(({ step }) => step.id), ...notAsBefore(context)];
  if (wrong.length > 0)
    throw new StepFailed('CAS_RUN_ROLLBACK_FAILED', `not everything is as it was: ${wrong.join(', ')}`);
  const other = [...lastingOf(steps, context), ...(await servicesDown(steps, context))];
  const but = other.length === 0 ? '' : `, but ${other.join('; ')}`;
  return end('rolledBack', code, `everything is as it was before the run${but}`);
}

/** What programs did, or may have done before the agent was killed, and what no file that is put back undoes. */
function lastingOf(steps: readonly Step[], { journal }: RunContext): string[] {
  return [...steps.entries()].flatMap(([index, step]) =>
    step.kind === 'program' && step.lasting !== undefined && journal.of('intent', index).length > 0
      ? [step.lasting]
      : [],
  );
}

export function backupsAt({ deps, journal }: RunContext): string {
  return `The backups are ${backupsPlace(deps.state, journal.runId)}`;
}

function end(state: RunState, error: CasCode, line: string): RunEnd {
  return { state, error, line };
}
