import type { FileReader } from '../../ports/files.js';

export type Tri = 'yes' | 'no' | 'unclear';

export const not = (a: Tri): Tri => (a === 'unclear' ? a : a === 'yes' ? 'no' : 'yes');
export const and = (a: Tri, b: Tri): Tri =>
  a === 'no' || b === 'no' ? 'no' : a === 'yes' && b === 'yes' ? 'yes' : 'unclear';
export const or = (a: Tri, b: Tri): Tri => not(and(not(a), not(b)));

/** What is known of the shell that reads the files: an interactive one of root. */
export interface ShellSituation {
  readonly files: FileReader;
  readonly home: string;
  readonly shell: string;
  readonly isLogin: boolean;
  /** Before the line in question; null where unclear. */
  readonly umask: number | null;
  /** The variable of a loop over /etc/profile.d, or null. */
  readonly profileVariable: string | null;
}

/** Whether a command succeeds for root: tests of who it is, of files, of the shell. Everything else is unclear. */
export function succeeds(words: readonly string[], shell: ShellSituation): Tri {
  const [name = '', ...args] = words;
  if (name === '!') return not(succeeds(args, shell));
  if (name === 'true' || name === ':' || name === 'umask') return 'yes';
  if (name === 'false') return 'no';
  if (name === 'shopt' && args.join(' ') === '-q login_shell') return shell.isLogin ? 'yes' : 'no';
  if (name === 'test') return test(args, shell);
  if (name === '[' && args.at(-1) === ']') return test(args.slice(0, -1), shell);
  if (name === '[[' && args.at(-1) === ']]') return test(args.slice(0, -1), shell);
  return 'unclear';
}

function test(args: readonly string[], shell: ShellSituation): Tri {
  const either = args.findIndex((arg) => arg === '-o' || arg === '||');
  if (either > 0) return or(test(args.slice(0, either), shell), test(args.slice(either + 1), shell));
  const both = args.findIndex((arg) => arg === '-a' || arg === '&&');
  if (both > 0) return and(test(args.slice(0, both), shell), test(args.slice(both + 1), shell));
  if (args[0] === '!') return not(test(args.slice(1), shell));
  const [a = '', b = '', c = ''] = args;
  if (args.length === 1) return filled(a, shell);
  if (args.length === 2) return unary(a, b, shell);
  return args.length === 3 ? binary(a, b, c, shell) : 'unclear';
}

function tri(claim: boolean): Tri {
  return claim ? 'yes' : 'no';
}

function filled(word: string, shell: ShellSituation): Tri {
  const value = textOf(word, shell);
  return value === null ? 'unclear' : tri(value !== '');
}

function unary(operator: string, word: string, shell: ShellSituation): Tri {
  if (operator === '-n') return filled(word, shell);
  if (operator === '-z') return not(filled(word, shell));
  if (!/^-[efrsdx]$/.test(operator)) return 'unclear';
  // The loop only gives names that are there.
  if (shell.profileVariable !== null && variable(word) === shell.profileVariable)
    return operator === '-d' ? 'no' : 'yes';
  const path = textOf(word, shell);
  if (!path?.startsWith('/')) return 'unclear';
  const stat = shell.files.stat(path);
  if (!stat.ok) return stat.problem === 'missing' || stat.problem === 'not-directory' ? 'no' : 'unclear';
  if (operator === '-d') return tri(stat.value.kind === 'directory');
  return operator === '-f' ? tri(stat.value.kind === 'file') : operator === '-x' ? 'unclear' : 'yes';
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
};

function binary(left: string, operator: string, right: string, shell: ShellSituation): Tri {
  const isEquality = operator === '=' || operator === '==' || operator === '!=';
  // RHEL's way to ask whether the shell is interactive: $- with everything up to an i cut off.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's text, not ours
  if (isEquality && left === '${-#*i}' && right === '$-') return tri(operator === '!=');
  const a = textOf(left, shell);
  const b = textOf(right, shell);
  if (a === null || b === null) return 'unclear';
  if (isEquality) return tri((a === b) === (operator !== '!='));
  const compare = COMPARE[operator];
  return compare && /^\d+$/.test(a) && /^\d+$/.test(b) ? tri(compare(Number(a), Number(b))) : 'unclear';
}

/** `i` of `$i` and `${i}`. */
export function variable(word: string): string | null {
  const match = /^\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))$/.exec(word);
  return match?.[1] ?? match?.[2] ?? null;
}

/** The text that a word becomes for root, or null where that is not known from here. */
function textOf(word: string, shell: ShellSituation): string | null {
  if (!/[$`]/.test(word)) return word.startsWith('~/') ? `${shell.home}${word.slice(1)}` : word;
  const command = /^(?:\$\((.*)\)|`(.*)`)$/.exec(word);
  if (command) return outputOf((command[1] ?? command[2] ?? '').trim(), shell);
  const path = /^\$(?:HOME|\{HOME\})(\/[^$`]*)$/.exec(word);
  if (path) return `${shell.home}${path[1]}`;
  const name = variable(word);
  return name === null ? null : valueOfVariable(name, shell);
}

function valueOfVariable(name: string, shell: ShellSituation): string | null {
  if (name === 'UID' || name === 'EUID') return '0';
  if (name === 'USER' || name === 'LOGNAME') return 'root';
  if (name === 'HOME') return shell.home;
  if (name === 'SHELL') return shell.shell;
  // The shell is taken to be interactive: only its prompt's being set matters, not what it is.
  if (name === 'PS1') return '# ';
  if (name === 'BASH') return /bash$/.test(shell.shell) ? shell.shell : '';
  if (name === 'BASH_VERSION') return /bash$/.test(shell.shell) ? '4' : '';
  // RHEL guards its bashrc with this against being read twice; the first time it is empty.
  if (name === 'BASHRCSOURCED') return '';
  return null;
}

function outputOf(command: string, shell: ShellSituation): string | null {
  const bare = command.replace(/^(?:\/usr)?\/bin\//, '').replace(/\s*2>\s*\/dev\/null$/, '');
  if (/^id -u(r)?$/.test(bare)) return '0';
  if (/^(id -(un|nu|gn|ng)|whoami|logname)$/.test(bare)) return 'root';
  if (bare === 'umask') return shell.umask === null ? null : `0${shell.umask.toString(8).padStart(3, '0')}`;
  return null;
}
