import { parseUmask } from './umask-text.js';

/** A text with another mask in one place; null: the place is not understood, so nothing is guessed. */
export type Rewritten = string | null;

/** `umask 027` of sh and csh, in a line of more commands as well; symbols are of sh alone. */
const COMMAND =
  /((?<![\w.$-])umask(?:[ \t]+-S)?[ \t]+["']?)([0-7]{1,4}|[ugoa]*[=+-][ugoarwx,=+-]*)(?=["']?(?:[ \t;&|)}<>#]|$))/g;
/** systemd.exec(5). */
const UNIT = /(^[ \t]*UMask[ \t]*=[ \t]*)([0-7]{1,4})(?=[ \t]*$)/g;
/** pam_umask(8), its argument. */
const PAM = /(pam_umask\.so\b[^#]*?[ \t]umask=)([0-7]{1,4})(?=[ \t]|$)/g;
const LOGIN_DEFS = /(^[ \t]*UMASK[ \t]+"?)([0-7]{1,4})(?="?[ \t]*(?:#.*)?$)/g;
const SOLARIS = /(^[ \t]*UMASK=)([0-7]{1,4})(?=[ \t]*$)/g;

/** In the line (from 1) of a startup file or a unit, where exactly one command sets `old`. */
export function inLine(text: string, line: number, old: number, mask: number): Rewritten {
  const lines = text.split('\n');
  const before = lines[line - 1];
  const after =
    before === undefined ? null : (only(before, COMMAND, old, mask) ?? only(before, UNIT, old, mask));
  if (after === null) return null;
  lines[line - 1] = after;
  return lines.join('\n');
}

/** In a settings file that the system's default comes from, where exactly one line sets `old`. */
export function inSettings(path: string, text: string, old: number, mask: number): Rewritten {
  const pattern = path.endsWith('/login.defs') ? LOGIN_DEFS : path.endsWith('/login') ? SOLARIS : PAM;
  const lines = text.split('\n');
  const live = (line: string): boolean => !/^[ \t]*#/.test(line);
  const places = lines.flatMap((line, index) => (live(line) && line.match(pattern) ? [index] : []));
  const [index, ...others] = places;
  if (index === undefined || others.length > 0) return null;
  const after = only(lines[index] ?? '', pattern, old, mask);
  return after === null ? null : lines.with(index, after).join('\n');
}

function only(line: string, pattern: RegExp, old: number, mask: number): string | null {
  const found = [...line.matchAll(pattern)].filter(([, , value = '']) => {
    const says = parseUmask(value, null);
    // A relative one (`g-w`) is told by what stood before it only.
    return says === old || (says === null && /^[ugoa]*[+-]/.test(value));
  });
  const [match] = found;
  if (!match || found.length > 1) return null;
  const [whole, lead = '', value = ''] = match;
  return `${line.slice(0, match.index)}${lead}${inStyle(value, mask)}${line.slice(match.index + whole.length)}`;
}

/** As many digits as were there, where they are enough; symbols for symbols. */
function inStyle(old: string, mask: number): string {
  if (/^[0-7]+$/.test(old)) return mask.toString(8).padStart(old.length, '0');
  const classes = (['u', 'g', 'o'] as const).map((name, index) => {
    const left = (~mask >> (6 - 3 * index)) & 0o7;
    return `${name}=${left & 4 ? 'r' : ''}${left & 2 ? 'w' : ''}${left & 1 ? 'x' : ''}`;
  });
  return classes.join(',');
}
