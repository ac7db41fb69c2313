import { consoleBlocker } from '../../knowledge/momentum/console-socket.js';
import { foreignLink, openFolderAbove } from '../../knowledge/momentum/managed-paths.js';
import { EC_CONSOLE } from '../../knowledge/momentum/programs.js';
import type { ExecResult } from '../../ports/exec.js';
import type { Step } from '../../units/step.js';
import { backUp, putBack } from './kept-file.js';
import {
  childNoted,
  mayHaveActed,
  type RunContext,
  StepFailed,
  type StepPlace,
  type StepRunner,
} from './run-context.js';

type Program = Extract<Step, { kind: 'program' }>;

export const program: StepRunner<Program> = {
  async apply(step, index, context) {
    for (const path of step.creates ?? []) {
      requireRootsAlone(context, path);
      backUp(context, index, path, null);
    }
    context.journal.append({ t: 'intent', step: index });
    const problem = await runProgram(step, index, context);
    if (problem !== null) throw new StepFailed('CAS_RUN_STEP_FAILED', problem);
    context.tell(`${shown(step)} did what it should`);
  },

  /** What a program wrote into files of its own cannot be told from what another wrote there: it counts as ours. */
  inspect(step, index, context): StepPlace {
    if (!mayHaveActed(index, context) || (step.creates ?? []).length === 0) return 'before';
    return 'touched';
  },

  undo(_step, index, context) {
    if (mayHaveActed(index, context)) putBack(context, index, context.journal.of('backup', index));
  },

  async rerun(step, index, context) {
    if (!step.againOnRollback || context.journal.of('intent', index).length === 0) return;
    const problem = await runProgram(step, index, context);
    if (problem === null) context.tell(`${shown(step)} was run again`);
    else if (context.journal.of('done', index).length > 0)
      throw new StepFailed('CAS_RUN_ROLLBACK_FAILED', problem);
    // It had not worked the first time either, so what runs is still what ran before.
    else context.tell(`${problem}; it had not worked before either`);
  },
};

/** A program goes by paths: in a folder that somebody else may write in, it could be led to any file of root's. */
function requireRootsAlone({ deps }: RunContext, path: string): void {
  const link = foreignLink(deps.files, path);
  const open = link === null ? openFolderAbove(deps.files, path) : null;
  if (link !== null || open !== null)
    throw new StepFailed(
      'CAS_RUN_STEP_FAILED',
      `${path} is not given to a program of root's: ${link ?? open} could be exchanged by another user`,
    );
}

/** Null: as expected. Otherwise what is wrong; output is told only of programs that were given no secret. */
async function runProgram(step: Program, index: number, context: RunContext): Promise<string | null> {
  const blocker = step.program === EC_CONSOLE ? consoleBlocker(context.deps.files) : null;
  if (blocker !== null) return `${shown(step)} was not run: ${blocker}`;
  const secrets = step.argv.flatMap((one) => (typeof one === 'string' ? [] : [context.reveal(one.secret)]));
  const argv = step.argv.map((one) => (typeof one === 'string' ? one : context.reveal(one.secret)));
  const result = await context.deps.exec.run({
    program: step.program,
    argv,
    timeoutMs: step.timeoutMs,
    secrets,
    started: childNoted(index, context),
  });
  const problem = problemOf(step, result);
  if (problem === null) return null;
  const said =
    secrets.length === 0 && 'stdout' in result ? firstLines(`${result.stdout}\n${result.stderr}`) : '';
  return `${shown(step)} ${problem}${said === '' ? '' : `: ${said}`}`;
}

function problemOf({ expect, timeoutMs }: Program, result: ExecResult): string | null {
  if (result.kind === 'unstarted') return `could not be run (${result.problem}): ${result.detail}`;
  if (result.kind === 'timeout') return `did not end within ${timeoutMs} ms`;
  if (result.kind === 'signalled') return `was ended by ${result.signal}`;
  if (expect.exitCode !== null && result.code !== expect.exitCode)
    return `ended with ${result.code}, not ${expect.exitCode}`;
  if (expect.stdoutIncludes !== undefined && !result.stdout.includes(expect.stdoutIncludes))
    return `did not say "${expect.stdoutIncludes}"`;
  const said = expect.excludes?.find((text) => `${result.stdout}\n${result.stderr}`.includes(text));
  if (said !== undefined) return `said "${said}"`;
  return null;
}

const SAID_LENGTH_MAX = 500;

export function firstLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' / ')
    .slice(0, SAID_LENGTH_MAX);
}

function shown(step: Program): string {
  return [step.program, ...step.argv.map((one) => (typeof one === 'string' ? one : '********'))].join(' ');
}
