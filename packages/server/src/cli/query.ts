import { createInterface } from 'node:readline';
import { classicLine } from '@castellan/shared/search/classic';
import { CommanderError } from 'commander';

/**
 * What searches are read as, one JSON object a line. A query is one line of stdin.
 * Ends with 2 when one of them cannot be read; the others are printed all the same.
 */
export async function queryParse(
  query: string | undefined,
  { stdin }: { readonly stdin?: boolean },
): Promise<void> {
  if ((query === undefined) === !stdin)
    throw new CommanderError(2, 'castellan.usage', 'give a query, or --stdin');
  let isWrong = false;
  for await (const text of query === undefined
    ? createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
    : [query]) {
    const line = classicLine(text);
    isWrong ||= 'err' in line;
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
  if (isWrong) throw new CommanderError(2, 'castellan.query', 'a query cannot be read');
}
