import type { UmaskFact, UmaskLine } from '../../facts/umask.js';
import type { FileReader } from '../../ports/files.js';
import { cshLines } from './csh-lines.js';
import { StartupReader } from './startup-reader.js';

export interface RootAccount {
  readonly home: string;
  readonly shell: string;
}

/** What one kind of shell of root ends up with. */
export interface ShellUmask {
  readonly umask: number | null;
  readonly decidedBy: UmaskLine | null;
  readonly lines: readonly UmaskLine[];
  readonly unread: UmaskFact['unread'];
}

type Startup = readonly (readonly string[])[];

/** Startup files in their order; of a list the first that exists. From each shell's own manual, INVOCATION or FILES. */
function startupOf(shell: string, home: string): { readonly login: Startup; readonly interactive: Startup } {
  if (/\bbash$/.test(shell)) {
    return {
      login: [['/etc/profile'], [`${home}/.bash_profile`, `${home}/.bash_login`, `${home}/.profile`]],
      interactive: [['/etc/bash.bashrc'], [`${home}/.bashrc`]],
    };
  }
  if (/\bzsh$/.test(shell)) {
    const each = [['/etc/zshenv', '/etc/zsh/zshenv'], [`${home}/.zshenv`]];
    const interactive = [['/etc/zshrc', '/etc/zsh/zshrc'], [`${home}/.zshrc`]];
    return {
      login: [...each, ['/etc/zprofile', '/etc/zsh/zprofile'], [`${home}/.zprofile`], ...interactive],
      interactive: [...each, ...interactive],
    };
  }
  return { login: [['/etc/profile'], [`${home}/.profile`]], interactive: [[`${home}/.kshrc`]] };
}

const CSH_FILES = (home: string) => [
  '/etc/csh.cshrc',
  '/etc/.cshrc',
  '/etc/csh.login',
  '/etc/.login',
  `${home}/.tcshrc`,
  `${home}/.cshrc`,
  `${home}/.login`,
];

/**
 * A login shell (`su -`, ssh) and one that is not (`su`): they read different files, and the installer may be started
 * from either. The second begins with what the first left.
 */
export function shellsOfRoot(
  files: FileReader,
  root: RootAccount,
  start: number,
): readonly [ShellUmask, ShellUmask] {
  if (/\bt?csh$/.test(root.shell)) {
    const only = readCsh(files, root, start);
    return [only, only];
  }
  const order = startupOf(root.shell, root.home);
  const run = (startup: Startup, isLogin: boolean, from: number | null): ShellUmask => {
    const reader = new StartupReader({ files, home: root.home, shell: root.shell, isLogin }, from);
    for (const choice of startup) choice.some((path) => reader.read(path));
    return { umask: reader.umask, decidedBy: reader.decidedBy, lines: reader.lines, unread: reader.unread };
  };
  const login = run(order.login, true, start);
  const interactive = run(order.interactive, false, login.umask);
  return [login, { ...interactive, decidedBy: interactive.decidedBy ?? login.decidedBy }];
}

function readCsh(files: FileReader, root: RootAccount, start: number): ShellUmask {
  const lines: UmaskLine[] = [];
  const unread: { file: string; problem: string }[] = [];
  for (const file of CSH_FILES(root.home)) {
    const content = files.read(file, { bytesMax: 1024 * 1024 });
    if (content.ok) lines.push(...cshLines(file, content.value.toString('utf8')));
    else if (content.problem !== 'missing') unread.push({ file, problem: content.problem });
  }
  const last = lines.at(-1) ?? null;
  const umask = last === null ? start : last.runs === 'yes' ? last.umask : null;
  return { umask, decidedBy: last, lines, unread };
}
