import { CasError, casError } from '@castellan/shared/errors/cas-error';
import { Command, CommanderError } from 'commander';
import { AGENT_VERSION } from '../app/version.js';
import { StateProblem } from '../ports/state-store.js';
import { checkCommand } from './check.js';
import { doctorCommand } from './doctor.js';
import { enrollCommand } from './enroll.js';
import { explainCommand } from './explain.js';
import { errorLine, type Output } from './output.js';
import { applyCommand, planCommand } from './remediate.js';
import { runCommand } from './run.js';

const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

export function program(output: Output, signal: AbortSignal): Command {
  const top = new Command('castellan-agent')
    .description(
      'Watches and judges the keys, certificates, permissions and TLS settings of one Momentum node.',
    )
    .version(AGENT_VERSION)
    .addHelpText(
      'after',
      '\nStart with: castellan-agent check\nExit codes: 0 ok, 1 failure, 2 usage, 3 findings, 4 not authorised, 7 server unreachable, 130 interrupted.',
    );
  const commands = [
    checkCommand(output, signal),
    explainCommand(output),
    planCommand(output, signal),
    applyCommand(output, signal),
    enrollCommand(output),
    runCommand(output, signal),
    doctorCommand(output, signal),
  ];
  for (const command of commands) top.addCommand(command);
  for (const command of [top, ...commands]) {
    command
      .exitOverride()
      .configureOutput({ writeOut: (text) => output.out(text), writeErr: (text) => output.note(text) });
  }
  return top;
}

/** Runs one command line and returns the process's exit code. */
export async function runProgram(
  argv: readonly string[],
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  process.exitCode = 0;
  try {
    await program(output, signal).parseAsync([...argv], { from: 'user' });
    return process.exitCode;
  } catch (error) {
    if (signal.aborted) return EXIT_INTERRUPTED;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    const known = knownError(error);
    output.note(errorLine(known));
    return known.exit;
  }
}

function knownError(error: unknown): CasError {
  if (error instanceof CasError) return error;
  if (error instanceof StateProblem) return casError('CAS_STATE_UNUSABLE', error.message, error);
  return casError('CAS_INTERNAL', error instanceof Error ? (error.stack ?? error.message) : String(error));
}
