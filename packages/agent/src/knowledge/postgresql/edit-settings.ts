import { settingsLine } from './settings-line.js';

/** `name` as a commented line has it, as the shipped postgresql.conf does: `#ssl = off   # (change requires restart)`. */
function commented(name: string): RegExp {
  return new RegExp(`^([ \\t]*)#[ \\t]*(${name}(?:[ \\t]*=[ \\t]*|[ \\t]+))([^\\s#]+)`, 'i');
}

/**
 * A postgresql.conf with a setting switched on, in the file's own style: the last line that sets it, else the commented
 * one, else a line at the end. Only the needed bytes change. Null: its line is not as simple as that.
 */
export function withSettingOn(text: string, name: string): string | null {
  const lines = text.split('\n');
  const own = lines.findLastIndex((line) => {
    const read = settingsLine(line);
    return read.kind === 'setting' && read.name === name;
  });
  if (own >= 0) {
    const line = lines[own] ?? '';
    const value = new RegExp(`^([ \\t]*${name}(?:[ \\t]*=[ \\t]*|[ \\t]+))('?)([a-z0-9]+)\\2`, 'i').exec(
      line,
    );
    if (!value) return null;
    lines[own] = `${value[1]}${value[2]}on${value[2]}${line.slice(value[0].length)}`;
    return lines.join('\n');
  }
  const offer = lines.findIndex((line) => commented(name).test(line));
  if (offer >= 0) {
    lines[offer] = (lines[offer] ?? '').replace(commented(name), '$1$2on');
    return lines.join('\n');
  }
  const ending = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : ending;
  return `${text}${gap}${name} = on${ending}`;
}

/** Lines of a pg_hba.conf (numbers from 1) with hostssl in place of host; columns stay where there is room. Null: one is another. */
export function withHostssl(text: string, numbers: readonly number[]): string | null {
  const lines = text.split('\n');
  for (const number of numbers) {
    const match = /^([ \t]*)host([ \t]+)(?=\S)/.exec(lines[number - 1] ?? '');
    if (!match) return null;
    const blanks = match[2] ?? ' ';
    const isRoomy = blanks.length > 'ssl'.length && !blanks.includes('\t');
    lines[number - 1] =
      `${match[1]}hostssl${isRoomy ? blanks.slice('ssl'.length) : blanks}${(lines[number - 1] ?? '').slice(match[0].length)}`;
  }
  return lines.join('\n');
}
