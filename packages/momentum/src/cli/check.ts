import { parse } from '../syntax/parse.js';
import type { Diagnostic } from '../text/diagnostic.js';
import { EXIT } from './exit-code.js';
import type { Io } from './io.js';
import { nameOf, readText } from './load.js';

/** The syntax of each file by itself; what it includes is not followed. */
export function check(io: Io, paths: readonly string[], flags: { readonly format: string }): number {
  const diagnostics = paths.flatMap((path) => parse(readText(io, path).text, nameOf(path)).diagnostics);
  const errors = diagnostics.filter((d) => d.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  if (flags.format === 'json') {
    io.out(
      `${JSON.stringify({ valid: errors === 0, files: paths.map(nameOf), errors, warnings, diagnostics })}\n`,
    );
  } else {
    io.out(diagnostics.map(line).join(''));
    io.err(
      `${paths.length === 1 ? '1 file' : `${paths.length} files`}: ${errors} errors, ${warnings} warnings\n`,
    );
  }
  return errors === 0 ? EXIT.ok : EXIT.usage;
}

function line({ file, line: row, column, severity, message, hint }: Diagnostic): string {
  return `${file}:${row}:${column}: ${severity}: ${message}\n${hint === null ? '' : `  hint: ${hint}\n`}`;
}
