import { CasError, casError } from '@castellan/shared/errors/cas-error';
import { Command, CommanderError } from 'commander';
import { AGENT_VERSION } from '../app/version.js';
import { StateProblem } from '../ports/state-store.js';
import { errorLine, type Output } from './output.js';

const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

type MakeCommand = (output: Output, signal: AbortSignal) => Promise<Command>;

/** In the order of the help. Each is read when it is asked for: what another command needs is half of the time of a `check`. */
const COMMANDS: Readonly<Record<string, MakeCommand>> = {
  check: async (output, signal) => (await import('./check.js')).checkCommand(output, signal),
  explain: async (output) => (await import('./explain.js')).explainCommand(output),
  plan: async (output, signal) => (await import('./remediate.js')).planCommand(output, signal),
  apply: async (output, signal) => (await import('./remediate.js')).applyCommand(output, signal),
  undo: async (output, signal) => (await import('./remediate.js')).undoCommand(output, signal),
  probe: async (output, signal) => (await import('./probe.js')).probeCommand(output, signal),
  enroll: async (output) => (await import('./enroll.js')).enrollCommand(output),
  run: async (output, signal) => (await import('./run.js')).runCommand(output, signal),
  doctor: async (output, signal) => (await import('./doctor.js')).doctorCommand(output, signal),
};

/** The command line's program; `named`, its first word, is the only command of it where it is one. */
async function program(named: string | undefined, output: Output, signal: AbortSignal): Promise<Command> {
  const top = new Command('castellan-agent')
    .description(
      'Watches and judges the keys, certificates, permissions and TLS settings of one Momentum node.',
    )
    .version(AGENT_VERSION)
    .addHelpText(
      'after',
      '\nStart with: castellan-agent check\nExit codes: 0 ok, 1 failure, 2 usage, 3 findings, 4 not authorised, 7 server unreachable, 130 interrupted.',
    );
  const isCommand = named !== undefined && Object.hasOwn(COMMANDS, named);
  const makers = Object.entries(COMMANDS).filter(([name]) => !isCommand || name === named);
  const commands = await Promise.all(makers.map(([, make]) => make(output, signal)));
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
    const top = await program(argv[0], output, signal);
    await top.parseAsync([...argv], { from: 'user' });
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
