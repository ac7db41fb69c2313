import type { UmaskLine } from '../../facts/umask.js';
import type { FileReader } from '../../ports/files.js';
import { cronDefault } from './pam.js';
import { isBarring, isTooOpen, rootUmask } from './root-umask.js';
import type { Account } from './sh-state.js';
import type { ShellUmask } from './shells-of-root.js';
import { momentumStarts } from './starts.js';

/** Where a wrong umask comes from. */
export interface MaskPlace {
  /** `root's umask`, `umask of ecelerity`. */
  readonly subject: string;
  /** The daemon whose unit or init script it is; null: it is a shell's, or a crontab's. */
  readonly daemon: string | null;
  readonly found:
    | { readonly kind: 'line'; readonly file: string; readonly line: number; readonly mask: number }
    | { readonly kind: 'settings'; readonly file: string; readonly mask: number }
    /** What decides is not understood, or is no file. */
    | { readonly kind: 'unclear'; readonly what: string };
}

export const SHELL = "root's umask";
/** The database keeps its files to itself, with any mask. */
const DATABASE = 'umask of msyspg';
const DAEMON = /^umask of ([a-z]+)$/;

type Seen = Pick<ShellUmask, 'umask' | 'possible'>;

/**
 * Every place that a wrong mask certainly comes from, as the files are: shells of root, starts of Momentum's daemons, jobs.
 * Of the subjects in `begun`, where one place was mended, those too that it may come from.
 */
export function wrongMasks(files: FileReader, root: Account, begun: ReadonlySet<string>): MaskPlace[] {
  const { start, shells } = rootUmask(files, root);
  const isAsked = (subject: string, seen: Seen): boolean =>
    isWrong(seen) || (begun.has(subject) && seen.possible.some(isBad));
  const ofShells = shells
    .filter((one) => isAsked(SHELL, one))
    .map((shell): MaskPlace => {
      const lines = [shell.decidedBy, ...[...shell.lines].reverse()];
      return { subject: SHELL, daemon: null, found: placeOf(shell, lines, start) };
    });
  const ofStarts = momentumStarts(files)
    .filter(
      (one) => isAsked(one.subject, one) && !(one.subject === DATABASE && one.possible.every(isBarring)),
    )
    .map((one): MaskPlace => {
      const daemon = DAEMON.exec(one.subject)?.[1] ?? null;
      const from = daemon === null ? cronDefault(files) : { umask: null, from: one.file };
      return { subject: one.subject, daemon, found: placeOf(one, [one.line], from) };
    });
  return [...ofShells, ...ofStarts];
}

function isWrong({ umask, possible }: Seen): boolean {
  return (possible.length > 0 && possible.every(isBarring)) || (umask !== null && isTooOpen(umask));
}

function isBad(mask: number | null): mask is number {
  return mask !== null && (isBarring(mask) || isTooOpen(mask));
}

function placeOf(
  { possible }: Seen,
  lines: readonly (UmaskLine | null)[],
  start: { readonly umask: number | null; readonly from: string },
): MaskPlace['found'] {
  const isCause = (mask: number | null): mask is number => isBad(mask) && possible.includes(mask);
  for (const line of lines)
    if (line && line.runs !== 'no' && isCause(line.umask) && line.file.startsWith('/'))
      return { kind: 'line', file: line.file, line: line.line, mask: line.umask };
  if (isCause(start.umask) && /^\/[^:]+$/.test(start.from))
    return { kind: 'settings', file: start.from, mask: start.umask };
  const [first] = lines;
  return { kind: 'unclear', what: first ? `${first.file}:${first.line}` : start.from };
}
