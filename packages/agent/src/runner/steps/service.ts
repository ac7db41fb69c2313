import { notServed, stillServed } from '../../knowledge/certificates/served.js';
import { consoleBlocker } from '../../knowledge/momentum/console-socket.js';
import { EC_CONSOLE, type ServiceAction, serviceCommand } from '../../knowledge/momentum/programs.js';
import { serviceState } from '../../knowledge/momentum/service-state.js';
import type { ServedCertificate, Step } from '../../units/step.js';
import { childNoted, type RunContext, StepFailed, type StepRunner } from './run-context.js';

type ServiceStep = Extract<Step, { kind: 'service' }>;

/** Stopping may take a database its time. */
const SERVICE_MS = 120_000;

export const service: StepRunner<ServiceStep> = {
  async apply(step, index, context) {
    context.journal.append({ t: 'intent', step: index });
    const doing = { index, context, code: 'CAS_RUN_STEP_FAILED' } as const;
    if (!isReload(step.action) || step.servedBefore === undefined) return act(step, step.action, doing);
    const left = await reload(step, step.servedBefore, doing);
    if (left === null) return;
    context.tell(`${step.service} did not take it up (${left}), and is restarted`);
    await act(step, 'restart', doing);
  },
  inspect: () => 'before',
  undo() {
    // What runs is put back by running it again, when the files are back.
  },
  async rerun(step, index, context) {
    if (!mayHaveRun(index, context)) return;
    if (step.action === 'start') return halt(step, index, context);
    // A daemon that could not read the new pair when it was told to may be gone.
    const action = step.service !== 'ecelerity' && isReload(step.action) ? 'restart' : step.action;
    await act(step, action, { index, context, code: 'CAS_RUN_ROLLBACK_FAILED' });
    if (step.servedBefore && step.servedBefore.fingerprints.length > 0)
      await requireShown(step.servedBefore, context);
  },
};

function isReload(action: ServiceAction): boolean {
  return action === 'reload' || action === 'graceful';
}

/** Null: it serves another certificate than before. Otherwise why it has to be restarted. */
async function reload(step: ServiceStep, before: ServedCertificate, doing: Doing): Promise<string | null> {
  try {
    await act(step, step.action, doing);
  } catch (error) {
    if (error instanceof StepFailed) return error.message;
    throw error;
  }
  const { clock, net, signal } = doing.context.deps;
  return stillServed({ clock, net, signal }, before);
}

/** It was down before the run, and is down again. A stop that finds nothing to stop may end with any code. */
async function halt(step: ServiceStep, index: number, context: RunContext): Promise<void> {
  try {
    await act(step, 'stop', { index, context, code: 'CAS_RUN_ROLLBACK_FAILED' });
  } catch (error) {
    if ((await serviceState(context.deps.exec, step.service)).state !== 'down') throw error;
  }
}

/** After a crash also where an earlier step acted: the line that says the service was told may be the one that is missing. */
function mayHaveRun(index: number, { journal }: RunContext): boolean {
  if (journal.of('intent', index).length > 0) return true;
  return journal.isTakenUp && journal.records.some((one) => one.t === 'intent' && one.step < index);
}

async function requireShown(shown: ServedCertificate, context: RunContext): Promise<void> {
  const at = `${shown.endpoint.host}:${shown.endpoint.port}`;
  const { clock, net } = context.deps;
  // Putting back is not cut short when the agent is to stop.
  const seen = await notServed({ clock, net, signal: new AbortController().signal }, shown);
  if (seen !== null)
    throw new StepFailed(
      'CAS_RUN_ROLLBACK_FAILED',
      `the old files are back, but ${at} does not show the old certificate; it answered with ${seen}`,
    );
  context.tell(`${at} shows the certificate of before`);
}

interface Doing {
  readonly index: number;
  readonly context: RunContext;
  readonly code: 'CAS_RUN_STEP_FAILED' | 'CAS_RUN_ROLLBACK_FAILED';
}

/** ASSUMED: an init script that did not manage ends with another code than 0, as LSB has it; the manual names none. */
async function act(
  { service: name }: ServiceStep,
  action: ServiceAction,
  { index, context, code }: Doing,
): Promise<void> {
  const command = serviceCommand(name, action);
  const blocker = command.program === EC_CONSOLE ? consoleBlocker(context.deps.files) : null;
  if (blocker !== null) throw new StepFailed(code, `${name} was not told: ${blocker}`);
  const result = await context.deps.exec.run({
    ...command,
    timeoutMs: SERVICE_MS,
    started: childNoted(index, context),
  });
  const what = `${action} of ${name} (${command.program} ${command.argv.join(' ')})`;
  if (result.kind === 'exited' && result.code === 0) return context.tell(`${what} done`);
  const why =
    result.kind === 'exited'
      ? `ended with ${result.code}`
      : result.kind === 'unstarted'
        ? `could not be run: ${result.detail}`
        : result.kind;
  throw new StepFailed(code, `${what} ${why}`);
}
