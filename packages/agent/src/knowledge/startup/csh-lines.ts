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
      const condition = [...open, ...(match?.[1] ? [match[1].trim()] : [])].join(', ');
      if (!match?.[2]) {
        if (
          /^(if\s*\(.*\)\s*)?(source|eval|exec|exit|goto|onintr|alias\s+umask)\b|umask\s+\S|^\$/.test(
            command.trim(),
          )
        )
          found.push(doubt(file, index + 1, command.trim(), condition || null));
        continue;
      }
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

/** What may set a mask, or end the file, and is not followed. */
function doubt(file: string, line: number, text: string, condition: string | null): UmaskLine {
  return { file, line, text: text.slice(0, 200), umask: null, runs: 'unclear', condition };
}
