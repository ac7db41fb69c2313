import { classicLine } from '@castellan/shared/search/classic';
import { type Command, CommanderError } from 'commander';

export function addQueryCommands(program: Command): void {
  const query = program.command('query').description('the language of searches');
  query
    .command('parse [query]')
    .description('print what a search is read as, one JSON object a line; 2: one of them cannot be read')
    .option('--stdin', 'read searches from standard input, one a line')
    // A search may begin with a minus.
    .allowUnknownOption()
    .action(parse);
}

/** Ends with 2 when one of them cannot be read; the others are printed all the same. */
async function parse(query: string | undefined, { stdin }: { readonly stdin?: boolean }): Promise<void> {
  if ((query === undefined) === !stdin) throw ended('give a search, or --stdin');
  let isWrong = false;
  for await (const text of query === undefined ? linesOf(process.stdin) : [query]) {
    const line = classicLine(text);
    isWrong ||= 'err' in line;
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
  if (isWrong) throw new CommanderError(2, 'castellan.query', '');
}

function ended(text: string): CommanderError {
  process.stderr.write(`castellan-server: ${text}\n`);
  return new CommanderError(2, 'castellan.usage', text);
}

/** Between line feeds, and nothing else: other white space is the search's own. */
async function* linesOf(input: NodeJS.ReadStream): AsyncGenerator<string> {
  input.setEncoding('utf8');
  let rest = '';
  for await (const chunk of input) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
