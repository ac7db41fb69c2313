import type { UmaskFact, UmaskLine } from '../../facts/umask.js';
import type { FileReader } from '../../ports/files.js';
import { cshLines } from './csh-lines.js';
import { eitherState, type Frame } from './sh-flow.js';
import { parseScript } from './sh-parser.js';
import { ShellRun } from './sh-run.js';
import { type Account, type Origin, ShellState } from './sh-state.js';
import { known } from './sh-text.js';

/** What one kind of shell of root ends up with. */
export interface ShellUmask {
  readonly umask: number | null;
  /** Every mask that it may have; null stands for one that cannot be told. */
  readonly possible: readonly (number | null)[];
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
    const late = [['/etc/zlogin', '/etc/zsh/zlogin'], [`${home}/.zlogin`]];
    return {
      login: [
        ...each,
        ['/etc/zprofile', '/etc/zsh/zprofile'],
        [`${home}/.zprofile`],
        ...interactive,
        ...late,
      ],
      interactive: [...each, ...interactive],
    };
  }
  const login = [['/etc/profile'], [`${home}/.profile`]];
  return /\bksh\w*$/.test(shell)
    ? { login, interactive: [['/etc/ksh.kshrc'], [`${home}/.kshrc`]] }
    : { login, interactive: [] };
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

/** In no file, at the top. */
export const TOP: Frame = { file: '', condition: null, depth: 0, calls: 0, isTested: false };

/**
 * A login shell (`su -`, ssh) and one that is not (`su`): they read different files, and the installer may be started
 * from either. The second begins with what the first left.
 */
export function shellsOfRoot(
  files: FileReader,
  root: Account,
  start: number | null,
): readonly [ShellUmask, ShellUmask] {
  if (/\bt?csh$/.test(root.shell)) {
    const only = readCsh(files, root, start);
    return [only, only];
  }
  const order = startupOf(root.shell, root.home);
  const begin: Masks = new Map([[start, { line: null, order: 0 }]]);
  const login = readAll(files, root, { startup: order.login, isLogin: true, begin });
  const interactive = readAll(files, root, {
    startup: order.interactive,
    isLogin: false,
    begin: new Map(login.masks),
  });
  return [toldOf(login), toldOf(interactive)];
}

type Masks = Map<number | null, Origin>;

interface ReadShell {
  readonly run: ShellRun;
  readonly masks: Masks;
}

function readAll(
  files: FileReader,
  root: Account,
  { startup, isLogin, begin }: { startup: Startup; isLogin: boolean; begin: Masks },
): ReadShell {
  const run = new ShellRun(files, root.shell, isLogin);
  let state: ShellState | null = ShellState.ofRoot(root, true);
  state.masks = begin;
  const early: Masks = new Map();
  for (const choice of startup) {
    for (const path of choice) {
      const flow: ReturnType<ShellRun['file']> = state && run.file(path, state, TOP);
      if (!flow) continue;
      // An error ends the file, and perhaps those that would come after it.
      const aborted: ShellState[] = flow.ends.filter((end) => end.kind === 'abort').map((end) => end.state);
      state = aborted.reduce<ShellState | null>(eitherState, flow.next);
      for (const one of aborted) for (const [mask, origin] of one.masks) early.set(mask, origin);
      break;
    }
  }
  if (state) state = afterwards(run, state, root);
  for (const [mask, origin] of early) if (state && !state.masks.has(mask)) state.masks.set(mask, origin);
  // Every way through the files ends the shell: nobody is left to ask.
  return { run, masks: state?.masks ?? new Map([[null, { line: run.lines.at(-1) ?? null, order: 0 }]]) };
}

/** What is read or run when the startup files are through, by what they set: ENV (POSIX), PROMPT_COMMAND (bash). */
function afterwards(run: ShellRun, state: ShellState, root: Account): ShellState | null {
  const isBash = /bash$/.test(root.shell);
  const text = known(state.value(isBash ? 'PROMPT_COMMAND' : 'ENV') ?? { prefix: '', rest: null });
  if (text === null || text === '') return state;
  if (isBash) {
    const frame = { ...TOP, file: 'PROMPT_COMMAND' };
    const flow = run.script(parseScript(text), state, frame);
    return flow.ends.reduce((all, end) => eitherState(all, end.state), flow.next);
  }
  if (/zsh$/.test(root.shell)) return state;
  const path = text.replace(/^\$(HOME|\{HOME\})(?=\/)/, root.home);
  if (!path.startsWith('/') || path.includes('$')) {
    run.doubt(state, { ...TOP, file: 'ENV' }, 1, `ENV=${text}`);
    return state;
  }
  const flow = run.file(path, state, TOP);
  return flow ? flow.next : state;
}

function toldOf({ run, masks }: ReadShell): ShellUmask {
  const origins = [...masks.values()].toSorted((a, b) => b.order - a.order);
  const possible = [...masks.keys()];
  const umask = possible.length === 1 ? (possible[0] ?? null) : null;
  // What is not understood is told before what merely may run.
  const decidedBy = masks.get(null)?.line ?? origins[0]?.line ?? null;
  return { umask, possible, decidedBy, lines: run.lines, unread: run.unread };
}

function readCsh(files: FileReader, root: Account, start: number | null): ShellUmask {
  const lines: UmaskLine[] = [];
  const unread: { file: string; problem: string }[] = [];
  for (const file of CSH_FILES(root.home)) {
    const content = files.read(file, { bytesMax: 1024 * 1024 });
    if (content.ok) lines.push(...cshLines(file, content.value.toString('utf8')));
    else if (content.problem !== 'missing') {
      const text = `not read: ${content.problem}`;
      unread.push({ file, problem: content.problem });
      lines.push({ file, line: 1, text, umask: null, runs: 'unclear', condition: null });
    }
  }
  const last = lines.at(-1) ?? null;
  const umask = last === null ? start : last.runs === 'yes' ? last.umask : null;
  return { umask, possible: [umask], decidedBy: last, lines, unread };
}
