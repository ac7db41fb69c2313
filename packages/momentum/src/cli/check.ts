import { parse } from '../syntax/parse.js';
import type { Dialect } from '../syntax/report.js';
import type { Diagnostic } from '../text/diagnostic.js';
import { EXIT } from './exit-code.js';
import type { Io } from './io.js';
import { loaderOf, nameOf, readText } from './read.js';

export interface CheckFlags {
  readonly format: string;
  readonly dialect: Dialect;
  readonly follow?: boolean;
}

/** The syntax of each file by itself, or with everything that it includes. Exit code 2 where there are errors. */
export async function check(
  io: Io,
  paths: readonly string[],
  flags: CheckFlags,
  version: string,
): Promise<number> {
  const found = await Promise.all(paths.map((path) => diagnosticsOf(io, path, flags)));
  const diagnostics = found.flat();
  const errors = diagnostics.filter((d) => d.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  if (flags.format === 'json') {
    io.out(
      `${JSON.stringify({ valid: errors === 0, files: paths.map(nameOf), errors, warnings, diagnostics })}\n`,
    );
  } else if (flags.format === 'sarif') {
    io.out((await import('./sarif.js')).sarifOf(diagnostics, version));
  } else {
    io.out(diagnostics.map(line).join(''));
    io.err(`${count(paths.length, 'file')}: ${count(errors, 'error')}, ${count(warnings, 'warning')}\n`);
  }
  return errors === 0 ? EXIT.ok : EXIT.usage;
}

async function diagnosticsOf(
  io: Io,
  path: string,
  { follow, dialect }: CheckFlags,
): Promise<readonly Diagnostic[]> {
  const { text } = readText(io, path);
  if (!follow) return parse(text, nameOf(path), dialect).diagnostics;
  // Loaded when it is needed: most checks look at one file before a commit.
  const { loadConfig } = await import('../files/load.js');
  const { diagnostics, unread } = loadConfig(loaderOf(io, path, text), path, { dialect });
  return [
    ...diagnostics.map((d) => ({ ...d, file: nameOf(d.file) })),
    ...unread.map(
      ({ path: missing, problem, from }): Diagnostic => ({
        severity: 'warning',
        code: 'include-unread',
        file: nameOf(from?.file ?? path),
        line: from?.line ?? 1,
        column: 1,
        message: `${missing} is included and cannot be read (${problem})`,
        hint: null,
      }),
    ),
  ];
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function line({ file, line: row, column, severity, message, hint }: Diagnostic): string {
  return `${file}:${row}:${column}: ${severity}: ${message}\n${hint === null ? '' : `  hint: ${hint}\n`}`;
}
