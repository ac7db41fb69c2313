import { CasError } from '@castellan/shared/errors/cas-error';
import { Command, CommanderError } from 'commander';
import { auditVerify, backup, configPrint } from './admin.js';
import { addAuthorityCommands } from './ca.js';
import { addNodeCommands } from './nodes.js';
import { addUserCommands } from './people.js';
import { addQueryCommands } from './query.js';
import { restore } from './restore.js';
import { serve } from './serve.js';
import { CONFIG_DEFAULT, VERSION } from './setup.js';
import { addTargetCommands } from './targets.js';
import { addTokenCommands } from './tokens.js';

const EXAMPLES = `
Examples:
  castellan-server serve --config /etc/castellan/server.yaml
  castellan-server token create --group mta --ttl 1h > /root/token
  castellan-server token create --replace mta1.example.com --ttl 30m > /root/token
  castellan-server user create alice --role operator --password-file /root/alice.password
  castellan-server user disable alice
  castellan-server node retire mta1.example.com
  castellan-server target create pager --kind pagerduty --secrets-file /root/pagerduty.json
  castellan-server target test pager
  castellan-server ca status
  castellan-server backup /var/backups/castellan.db
  castellan-server restore /var/backups/castellan.db
  castellan-server audit verify
  castellan-server query parse 'rest AND port'

Settings may also come from the environment, as CASTELLAN_DATA or CASTELLAN_PEOPLE_PORT; "config print --origin" shows
each value and where it came from. Secrets come by file, environment or stdin, never as an argument.`;

/** Runs one command line; the result is the exit code. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  const program = new Command('castellan-server')
    .description("The Castellan server: one fleet's posture, on-call and remediations.")
    .version(VERSION)
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => process.stdout.write(text),
      writeErr: (text) => process.stderr.write(text),
    });
  const config = [
    '--config <file>',
    `settings file (default: CASTELLAN_CONFIG, then ${CONFIG_DEFAULT})`,
  ] as const;

  program
    .command('serve')
    .description('run the server')
    .option(...config)
    .action((options) => serve(options.config));
  addTokenCommands(program, config);
  addUserCommands(program, config);
  addNodeCommands(program, config);
  addTargetCommands(program, config);
  addAuthorityCommands(program, config);
  addQueryCommands(program);
  program
    .command('backup <file>')
    .description('write a consistent copy of the database, while the server runs')
    .option(...config)
    .action(backup);
  program
    .command('restore <file>')
    .description('put a backup in the place of the database, while no server runs; tokens and sign-ins end')
    .option(...config)
    .action(restore);
  const audit = program.command('audit').description('the audit');
  audit
    .command('verify')
    .description('check the whole chain')
    .option(...config)
    .action(auditVerify);
  const settings = program.command('config').description('settings');
  settings
    .command('print')
    .description('print the settings in force')
    .option('--origin', 'with where each value came from')
    .option(...config)
    .action(configPrint);

  for (const command of withAllBelow(program)) command.exitOverride();
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (cause) {
    return exitOf(cause);
  }
}

function withAllBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

function exitOf(cause: unknown): number {
  if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 2;
  if (cause instanceof CasError) {
    process.stderr.write(`castellan-server: ${cause.detail} (${cause.code})\n`);
    return cause.exit;
  }
  const { code, message = String(cause), stack = '' } = cause as NodeJS.ErrnoException;
  process.stderr.write(
    code === 'EADDRINUSE'
      ? `castellan-server: ${message}: choose another port\n`
      : `castellan-server: ${stack || message}\n`,
  );
  return 1;
}
