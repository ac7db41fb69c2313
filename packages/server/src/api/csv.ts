/** A column's name, and what a row has in it. */
export type CsvColumn<T> = readonly [name: string, cell: (item: T) => string | number | boolean | null];

/** The most rows of one file. The header `x-castellan-rows-max` says it; a list that is longer is narrowed first. */
export const CSV_ROWS_MAX = 100_000;

/** RFC 4180, piece by piece: the names, then the rows of each page as it comes; at most CSV_ROWS_MAX rows. */
export async function* csvOf<T>(
  columns: readonly CsvColumn<T>[],
  pages: AsyncIterable<readonly T[]>,
): AsyncGenerator<string> {
  yield line(columns.map(([name]) => name));
  let left = CSV_ROWS_MAX;
  for await (const items of pages) {
    const rows = items.slice(0, left);
    yield rows.map((item) => line(columns.map(([, cell]) => cell(item)))).join('');
    left -= rows.length;
    if (left === 0) return;
  }
}

function line(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * One cell. A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage return) gets an
 * apostrophe in front, which spreadsheets show as text.
 */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const harmless = /^[\s\uFEFF]*[=+\-@＝＋－＠]|^[\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
