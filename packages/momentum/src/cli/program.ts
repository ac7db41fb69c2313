import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { ScopeStep } from '../ast/scopes.js';
import type { CheckFlags } from './check.js';
import type { DiffFlags } from './diff.js';
import type { EditFlags } from './edit.js';
import type { EvalFlags } from './eval.js';
import { EXIT } from './exit-code.js';
import type { FmtFlags } from './fmt.js';
import type { Io } from './io.js';
import { CommandFailure } from './read.js';
import { collectScope } from './scope.js';
import type { TlsFlags } from './tls.js';

/** Runs one command line, without the program's own name. Returns the exit code; never throws for bad input. */
export async function run(argv: readonly string[], io: Io, version: string): Promise<number> {
  let exitCode: number = EXIT.ok;
  try {
    const done = (code: number) => {
      exitCode = code;
    };
    await program({ io, version, done }).parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (!(error instanceof CommandFailure)) throw error;
    io.err(`ecconf: ${error.message}\n`);
    return error.exitCode;
  }
}

interface Context {
  readonly io: Io;
  readonly version: string;
  done(exitCode: number): void;
}

/** Each command is loaded when it is called: a check before every commit should not wait for what it does not use. */
function program(context: Context): Command {
  const { io, version } = context;
  const root = new Command('ecconf')
    .description(
      'Reads, evaluates, compares and edits the configuration of Momentum (ecelerity.conf and what it includes).',
    )
    .version(version)
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .exitOverride()
    .showHelpAfterError('(ecconf --help shows examples)')
    .addHelpText('after', EXAMPLES);
  addTextCommands(root, context);
  addReaders(root, context);
  addEditors(root, context);
  return root;
}

function addTextCommands(root: Command, { io, version, done }: Context): void {
  root
    .command('check')
    .description('syntax, with file:line:column and a hint; exit code 2 when there are errors')
    .argument('<file...>', 'files, or - for stdin')
    .addOption(format('text', 'sarif'))
    .addOption(
      new Option('--dialect <dialect>', 'documented: only what the rules of the manual allow')
        .choices(['permissive', 'documented'])
        .default('permissive'),
    )
    .option('--follow', 'check what the files include, too')
    .action(async (files: string[], flags: CheckFlags) =>
      done(await (await import('./check.js')).check(io, files, flags, version)),
    );
  root
    .command('print')
    .description('parse and print: byte for byte the same')
    .argument('<file>', 'file, or - for stdin')
    .action(async (file: string) => done((await import('./print.js')).print(io, file)));
  root
    .command('fmt')
    .description('indentation, blanks around = and the like; prints a unified diff, or only reports')
    .argument('<file...>', 'files, or - for stdin')
    .option('--check', 'report what differs, with file:line:column; exit code 3 where something does')
    .option('--write', 'write the files; without it nothing is written')
    .addOption(
      new Option('--indent <width>', 'blanks of one level, or tab').argParser(parseIndent).default('  ', '2'),
    )
    .addOption(format('text'))
    .action(async (files: string[], flags: FmtFlags) =>
      done((await import('./fmt.js')).fmt(io, files, flags)),
    );
}

function parseIndent(text: string): string {
  if (text === 'tab') return '\t';
  if (!/^[1-8]$/.test(text)) throw new InvalidArgumentError('write a number from 1 to 8, or tab.');
  return ' '.repeat(Number(text));
}

function addReaders(root: Command, { io, done }: Context): void {
  withPlace(root.command('eval'))
    .description('the value in force in a scope, and the line that decides it')
    .argument('<file>', 'main file, or - for stdin')
    .argument('<option>', 'name of the option')
    .option('--momentum <version>', 'release of Momentum, such as 3.6.6: its defaults, and what it knows')
    .addOption(format('text'))
    .action(async (file: string, option: string, flags: EvalFlags) =>
      done((await import('./eval.js')).evalOption(io, file, option, flags)),
    );
  withSearch(root.command('tls'))
    .description(
      'every TLS scope: the versions that are on, and the settings in force with the line that decides',
    )
    .argument('<file>', 'main file, or - for stdin')
    .option('--momentum <version>', 'release of Momentum, such as 3.6.6')
    .option('--openssl <version>', 'version of its OpenSSL, such as 1.0.1e: what it cannot speak is a no')
    .option('--gnutls <version>', 'version of its GnuTLS, such as 3.1.5')
    .addOption(format('table'))
    .action(async (file: string, flags: TlsFlags) => done((await import('./tls.js')).tls(io, file, flags)));
  withSearch(root.command('diff'))
    .description('which effective values differ between two configurations, in which scopes')
    .argument('<before>', 'main file, or - for stdin')
    .argument('<after>', 'main file')
    .addOption(format('text'))
    .option('--exit-code', 'exit with 3 where something differs')
    .action(async (before: string, after: string, flags: DiffFlags) =>
      done((await import('./diff.js')).diff(io, { before, after }, flags)),
    );
}

function addEditors(root: Command, { io, done }: Context): void {
  editor(root, 'set', 'set an option; prints a unified diff of the bytes that must change')
    .argument('<option>', 'name of the option')
    .argument('<value>', 'its value, or - to read it from stdin')
    .action(async (file: string, option: string, value: string, flags: EditFlags) =>
      done((await import('./edit.js')).set(io, file, { option, value }, flags)),
    );
  editor(root, 'unset', 'remove an option; prints a unified diff')
    .argument('<option>', 'name of the option')
    .action(async (file: string, option: string, flags: EditFlags) =>
      done((await import('./edit.js')).unset(io, file, option, flags)),
    );
  editor(
    root,
    'add',
    'add the scope that --scope names, empty, with those around it that are missing',
  ).action(async (file: string, flags: EditFlags) => done((await import('./edit.js')).add(io, file, flags)));
  editor(root, 'remove', 'remove the scope that --scope names, with all that stands in it').action(
    async (file: string, flags: EditFlags) => done((await import('./edit.js')).remove(io, file, flags)),
  );
}

function editor(root: Command, name: string, description: string): Command {
  return withPlace(root.command(name))
    .description(description)
    .argument('<file>', 'main file')
    .option('--write', 'write the files; without it nothing is written');
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
    .addOption(
      new Option(
        '--search-path <folders>',
        'where included files are looked for, with colons between; {NODENAME} is filled in',
      ).env('EC_CONF_SEARCH_PATH'),
    )
    .addOption(new Option('--node <name>', 'name of the node, for {NODENAME}').env('EC_NODE_NAME'));
}

function format(first: string, ...others: readonly string[]): Option {
  return new Option('--format <format>', 'form of the output')
    .choices([first, 'json', ...others])
    .default(first);
}

const EXAMPLES = `
Examples:
  ecconf check /opt/msys/ecelerity/etc/conf/default/*.conf
  ecconf check --follow --format sarif ecelerity.conf > ecconf.sarif
  ecconf eval ecelerity.conf tls_protocols --scope binding=bulk --scope domain=example.com
  ecconf eval ecelerity.conf enable_authentication --scope control_listener --scope listen=:2025 --format json
  ecconf set ecelerity.conf TLS_Protocols '+ALL:-SSLv2:-SSLv3'            shows the diff
  ecconf set ecelerity.conf TLS_Protocols '+ALL:-SSLv2:-SSLv3' --write    writes it
  ecconf unset ecelerity.conf tls_protocols --scope binding=bulk
  ecconf add ecelerity.conf --scope binding=bulk --scope domain=example.com
  ecconf remove ecelerity.conf --scope binding=bulk --write
  ecconf tls ecelerity.conf --momentum 3.6.23 --openssl 0.9.8e
  ecconf fmt --check conf/default/*.conf                                  only reports
  ecconf diff old/ecelerity.conf new/ecelerity.conf                       what changes for Momentum
  ecconf set ecelerity.conf TLS_Protocols -- -SSLv2                       a value that begins with -

Exit codes: 0 ok, 1 failure or refused, 2 usage or bad input, 3 differences (fmt --check, diff --exit-code).`;
