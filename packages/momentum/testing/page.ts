import { readFileSync } from 'node:fs';

/** One table of a page: its head, and each row by the names of the head. Code spans keep their back quotes. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** A piece of a page in the order of the text. */
export type Piece =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | ({ readonly kind: 'table' } & Table)
  | { readonly kind: 'prose'; readonly text: string };

/** A page of docs/ as its pieces; as much of Markdown as the pages use. */
export function readPage(name: string): Piece[] {
  const page = readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');
  const block =
    /^```(\w+)\n([\s\S]*?)^```$|^(#+ .*)$|^((?:\|.*\|\n)+)|^(?!```|#|\|)(.+(?:\n(?!```|#|\|).+)*)/gm;
  return [...page.matchAll(block)].map(([, language, code, heading, table, prose]): Piece => {
    if (code !== undefined) return { kind: 'code', language: language ?? '', text: code };
    if (heading !== undefined) return { kind: 'heading', text: heading.replace(/^#+ /, '') };
    if (table !== undefined) return { kind: 'table', ...tableOf(table) };
    return { kind: 'prose', text: prose ?? '' };
  });
}

function tableOf(text: string): Table {
  const [head = [], , ...rows] = text.trimEnd().split('\n').map(cellsOf);
  return { head, rows: rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i] ?? '']))) };
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** The one table with this head, or an error: a test that finds no rows tests nothing. */
export function tableWith(pieces: readonly Piece[], ...head: readonly string[]): Table['rows'] {
  const found = pieces.filter((piece) => piece.kind === 'table' && piece.head.join() === head.join());
  const [table] = found;
  if (found.length !== 1 || table?.kind !== 'table')
    throw new Error(`${found.length} tables have the head ${head.join(', ')}`);
  return table.rows;
}

/** Each table with this head that follows a block of configuration at once, with the block and the heading above. */
export function examplesWith(pieces: readonly Piece[], ...head: readonly string[]) {
  let heading = '';
  return pieces.flatMap((piece, i) => {
    if (piece.kind === 'heading') heading = piece.text;
    const next = pieces[i + 1];
    const isExample = piece.kind === 'code' && piece.language === 'conf' && next?.kind === 'table';
    return isExample && next.head.join() === head.join()
      ? [{ heading, conf: piece.text, rows: next.rows }]
      : [];
  });
}

/** The code spans of a cell. */
export function spansOf(cell: string): string[] {
  return [...cell.matchAll(/`([^`]*)`/g)].map(([, text]) => text ?? '');
}
