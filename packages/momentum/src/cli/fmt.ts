import { maskSecrets } from '../ast/secrets.js';
import { unifiedDiff } from '../diff.js';
import { type LayoutEdit, type LayoutRule, layoutEdits } from '../format/format.js';
import { parse } from '../syntax/parse.js';
import type { Tree } from '../syntax/tree.js';
import { encodeText } from '../text/bytes.js';
import { applyEdits } from '../text/edit.js';
import { EXIT } from './exit-code.js';
import { type Io, STDIN } from './io.js';
import { CommandFailure, nameOf, readText } from './read.js';

export interface FmtFlags {
  readonly check?: boolean;
  readonly write?: boolean;
  readonly indent: string;
  readonly format: string;
}

const WORDING: Readonly<Record<LayoutRule, string>> = {
  indentation: 'the indentation is not that of its depth',
  'trailing-blanks': 'blanks at the end of the line',
  equals: 'one blank is expected around =',
  brace: 'one blank is expected before {',
  'end-of-file': 'one line feed is expected at the end of the file',
};

/** The layout of each file by itself. A file with errors is refused: its brackets do not say what its depth is. */
export function fmt(io: Io, paths: readonly string[], flags: FmtFlags): number {
  if (flags.check && flags.write) throw new CommandFailure(EXIT.usage, 'only one of --check and --write');
  if (flags.write && paths.includes(STDIN))
    throw new CommandFailure(EXIT.usage, 'what came from stdin cannot be written back');
  const files = paths.map((path) => laidOut(io, path, flags.indent));
  if (flags.check) return report(io, files, flags.format);
  for (const { path, tree, after, encoding } of files) {
    if (after === tree.text) continue;
    io.out(unifiedDiff(nameOf(path), maskSecrets(tree.text), maskSecrets(after)));
    if (flags.write) io.replace(path, encodeText(after, encoding));
  }
  const changed = files.filter(({ tree, after }) => after !== tree.text).length;
  if (changed === 0) io.err('nothing to change\n');
  else if (!flags.write) io.err('nothing was written; --write does it\n');
  return EXIT.ok;
}

interface LaidOut {
  readonly path: string;
  readonly tree: Tree;
  readonly edits: readonly LayoutEdit[];
  readonly after: string;
  readonly encoding: ReturnType<typeof readText>['encoding'];
}

function laidOut(io: Io, path: string, indent: string): LaidOut {
  const { text, encoding } = readText(io, path);
  const { tree, diagnostics } = parse(text, nameOf(path));
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (error) {
    const at = `${error.file}:${error.line}:${error.column}`;
    throw new CommandFailure(EXIT.usage, `${at}: error: ${error.message}; mend it first (ecconf check)`);
  }
  const edits = layoutEdits(text, { indent });
  return { path, tree, edits, after: applyEdits(text, edits), encoding };
}

function report(io: Io, files: readonly LaidOut[], format: string): number {
  const findings = files.flatMap(({ path, tree, edits }) =>
    edits.map(({ start, rule }) => ({
      file: nameOf(path),
      ...tree.lines.position(start),
      rule,
      message: WORDING[rule],
    })),
  );
  io.out(
    format === 'json'
      ? `${JSON.stringify({ findings })}\n`
      : findings
          .map((one) => `${one.file}:${one.line}:${one.column}: ${one.rule}: ${one.message}\n`)
          .join(''),
  );
  return findings.length === 0 ? EXIT.ok : EXIT.findings;
}
