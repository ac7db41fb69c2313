import { Command, CommanderError, Option } from 'commander';
import type { ScopeStep } from '../ast/scopes.js';
import { check } from './check.js';
import { type EditFlags, set, unset } from './edit.js';
import { type EvalFlags, evalOption } from './eval.js';
import { EXIT } from './exit-code.js';
import type { Io } from './io.js';
import { CommandFailure } from './load.js';
import { print } from './print.js';
import { collectScope } from './scope.js';
import { type TlsFlags, tls } from './tls.js';

/** Runs one command line, without the program's own name. Returns the exit code; never throws for bad input. */
export function run(argv: readonly string[], io: Io, version: string): number {
  let exitCode: number = EXIT.ok;
  try {
    program(io, version, (code) => {
      exitCode = code;
    }).parse(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (!(error instanceof CommandFailure)) throw error;
    io.err(`ecconf: ${error.message}\n`);
    return error.exitCode;
  }
}

function program(io: Io, version: string, done: (code: number) => void): Command {
  const root = new Command('ecconf')
    .description(
      'Reads, evaluates and edits the configuration of Momentum (ecelerity.conf and what it includes).',
    )
    .version(version)
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .exitOverride()
    .showHelpAfterError('(ecconf --help shows examples)')
    .addHelpText('after', EXAMPLES);
  addReaders(root, io, done);
  addEditors(root, io, done);
  return root;
}

function addReaders(root: Command, io: Io, done: (code: number) => void): void {
  root
    .command('check')
    .description('syntax, with file:line:column and a hint; exit code 2 when there are errors')
    .argument('<file...>', 'files, or - for stdin')
    .addOption(format('text'))
    .action((files: string[], flags: { format: string }) => done(check(io, files, flags)));
  root
    .command('print')
    .description('parse and print: byte for byte the same')
    .argument('<file>', 'file, or - for stdin')
    .action((file: string) => done(print(io, file)));
  withPlace(root.command('eval'))
    .description('the value in force in a scope, and the line that decides it')
    .argument('<file>', 'main file, or - for stdin')
    .argument('<option>', 'name of the option')
    .addOption(format('text'))
    .action((file: string, option: string, flags: EvalFlags) => done(evalOption(io, file, option, flags)));
  withSearch(root.command('tls'))
    .description('every TLS scope with the protocols, ciphers, certificate and key in force')
    .argument('<file>', 'main file, or - for stdin')
    .option('--momentum <version>', 'release of Momentum, such as 3.6.6')
    .addOption(format('table'))
    .action((file: string, flags: TlsFlags) => done(tls(io, file, flags)));
}

function addEditors(root: Command, io: Io, done: (code: number) => void): void {
  withPlace(root.command('set'))
    .description('set an option; prints a unified diff of the bytes that must change')
    .argument('<file>', 'main file')
    .argument('<option>', 'name of the option')
    .argument('<value>', 'its value, or - to read it from stdin')
    .option('--write', 'write the files; without it nothing is written')
    .allowUnknownOption(false)
    .action((file: string, option: string, value: string, flags: EditFlags) =>
      done(set(io, file, { option, value }, flags)),
    );
  withPlace(root.command('unset'))
    .description('remove an option; prints a unified diff')
    .argument('<file>', 'main file')
    .argument('<option>', 'name of the option')
    .option('--write', 'write the files; without it nothing is written')
    .action((file: string, option: string, flags: EditFlags) => done(unset(io, file, option, flags)));
}

function withPlace(command: Command): Command {
  const none: readonly ScopeStep[] = [];
  return withSearch(command).option(
    '--scope <type[=name]>',
    'scope, outermost first; may be repeated',
    collectScope,
    none,
  );
}

function withSearch(command: Command): Command {
  return command
    .option(
      '--search-path <folders>',
      'where included files are looked for, with colons between; {NODENAME} is filled in',
    )
    .option('--node <name>', 'name of the node, for {NODENAME}');
}

function format(first: string): Option {
  return new Option('--format <format>', 'form of the output').choices([first, 'json']).default(first);
}

const EXAMPLES = `
Examples:
  ecconf check /opt/msys/ecelerity/etc/conf/default/*.conf
  ecconf eval ecelerity.conf tls_protocols --scope binding=bulk --scope domain=example.com
  ecconf eval ecelerity.conf enable_authentication --scope control_listener --scope listen=:2025 --format json
  ecconf set ecelerity.conf TLS_Protocols '+ALL:-SSLv2:-SSLv3'            shows the diff
  ecconf set ecelerity.conf TLS_Protocols '+ALL:-SSLv2:-SSLv3' --write    writes it
  ecconf unset ecelerity.conf tls_protocols --scope binding=bulk
  ecconf tls ecelerity.conf --format json
  ecconf set ecelerity.conf TLS_Protocols -- -SSLv2                       a value that begins with -

Exit codes: 0 ok, 1 failure or refused, 2 usage or bad input.`;
