import type { UmaskLine } from '../../facts/umask.js';
import { parseUmask } from './umask-text.js';

/** csh knows octal masks only. What stands in an `if`, a loop or a `switch` is unclear: its language is not read here. */
export function cshLines(file: string, text: string): UmaskLine[] {
  const found: UmaskLine[] = [];
  const open: string[] = [];
  text.split('\n').forEach((raw, index) => {
    const line = raw.replace(/(^|\s)#.*$/, '').trim();
    if (/^(endif|end|endsw)\b/.test(line)) open.pop();
    if (/^(foreach|while|switch)\b/.test(line) || /^if\b.*\bthen$/.test(line)) open.push(line);
    for (const command of line.split(';')) {
      const match = /^(if\s*\(.*\)\s*)?umask\s+(\S+)$/.exec(command.trim());
      if (!match?.[2]) continue;
      const condition = [...open, ...(match[1] ? [match[1].trim()] : [])].join(', ');
      found.push({
        file,
        line: index + 1,
        text: `umask ${match[2]}`,
        umask: parseUmask(match[2], null),
        runs: condition === '' ? 'yes' : 'unclear',
        condition: condition === '' ? null : condition.slice(0, 200),
      });
    }
  });
  return found;
}
