/** Bits that each class letter of a symbolic mask stands for. */
const CLASS: Readonly<Record<string, number>> = { u: 0o700, g: 0o070, o: 0o007, a: 0o777 };
const PERMISSION: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111 };

/**
 * What `umask ARGUMENT` sets (POSIX, umask): octal digits, or symbols that say what is *permitted*. `current` is what
 * `g-w` and the like start from. Null: it depends on something unknown, or is no umask.
 */
export function parseUmask(argument: string, current: number | null): number | null {
  if (/^[0-7]{1,4}$/.test(argument)) {
    const value = Number.parseInt(argument, 8);
    return value <= 0o777 ? value : null;
  }
  return /^[ugoa]*[=+-]/.test(argument) ? symbolic(argument, current) : null;
}

function symbolic(argument: string, current: number | null): number | null {
  // Where all three classes are set outright, what was before does not matter.
  const isWhole =
    ['u', 'g', 'o'].every((c) => new RegExp(`(^|,)[ugo]*[${c}a][ugoa]*=`).test(argument)) ||
    /^=/.test(argument);
  if (current === null && !isWhole) return null;
  let permitted = ~(current ?? 0) & 0o777;
  for (const clause of argument.split(',')) {
    const match = /^([ugoa]*)([=+-])([rwx]*)$/.exec(clause);
    if (!match) return null;
    const who = [...(match[1] || 'a')].reduce((bits, c) => bits | (CLASS[c] ?? 0), 0);
    const what = [...(match[3] ?? '')].reduce((bits, p) => bits | (PERMISSION[p] ?? 0), 0) & who;
    if (match[2] === '=') permitted = (permitted & ~who) | what;
    else if (match[2] === '+') permitted |= what;
    else permitted &= ~what;
  }
  return ~permitted & 0o777;
}
