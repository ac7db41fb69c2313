import { serviceCommand } from '../../kit/services.js';
import type { Step } from '../../kit/step.js';
import { type RunContext, StepFailed, type StepRunner } from './run-context.js';

type ServiceStep = Extract<Step, { kind: 'service' }>;

/** Stopping may take a database its time. */
const SERVICE_MS = 120_000;

export const service: StepRunner<ServiceStep> = {
  async apply(step, index, context) {
    context.journal.append({ t: 'intent', step: index });
    await act(step, context, 'CAS_RUN_STEP_FAILED');
  },
  inspect: () => 'before',
  undo() {
    // What runs is put back by running it again, when the files are back.
  },
  async rerun(step, index, context) {
    if (context.journal.of('intent', index).length > 0) await act(step, context, 'CAS_RUN_ROLLBACK_FAILED');
  },
};

/** ASSUMED: an init script that did not manage ends with another code than 0, as LSB has it; the manual names none. */
async function act(step: ServiceStep, context: RunContext, code: 'CAS_RUN_STEP_FAILED' | 'CAS_RUN_ROLLBACK_FAILED'): Promise<void> {
  const command = serviceCommand(step.service, step.action);
  const result = await context.deps.exec.run({ ...command, timeoutMs: SERVICE_MS });
  const what = `${step.action} of ${step.service} (${command.program} ${command.argv.join(' ')})`;
  if (result.kind === 'exited' && result.code === 0) return context.tell(`${what} done`);
  const why = result.kind === 'exited' ? `ended with ${result.code}` : result.kind === 'unstarted' ? `could not be run: ${result.detail}` : result.kind;
  throw new StepFailed(code, `${what} ${why}`);
}
