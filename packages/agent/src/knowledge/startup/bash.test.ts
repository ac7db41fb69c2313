// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell's text, not ours
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeFiles } from '../../adapters/node-files.js';
import { shellsOfRoot } from './shells-of-root.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync('/var/tmp/castellan-bash-');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

type Files = Readonly<Record<string, string>>;

function lay(files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
}

/** What the reader says of an interactive bash that is no login shell: this machine's /etc has no say. */
function read(): number | null {
  // The same paths as bash sees, and only those in HOME.
  const files = nodeFiles('/');
  const own = new Proxy(files, {
    get(target, name: keyof typeof files) {
      const member = target[name] as (path: string, ...rest: unknown[]) => unknown;
      return (path: string, ...rest: unknown[]) =>
        member.call(target, path.startsWith('/etc/') ? '/nowhere/at/all' : path, ...rest);
    },
  });
  return shellsOfRoot(own, { home, shell: '/bin/bash' }, 0o022)[1].umask;
}

/** What bash says; null where no shell comes up. */
function ask(): number | null {
  const env = { HOME: home, SHELL: '/bin/bash', USER: 'root', LOGNAME: 'root', PATH: '/usr/bin:/bin' };
  // Its startup file is --rcfile alone: Debian's bash would read /etc/bash.bashrc before it.
  const argv = ['/bin/bash', '--rcfile', join(home, '.bashrc'), '-ic', 'builtin umask'];
  // What calls itself without end comes to one soon with a small stack; an interactive shell does not hear SIGTERM.
  const limited = ['-c', 'ulimit -s 1024; exec "$@"', 'sh', ...argv];
  try {
    const out = execFileSync('/bin/sh', limited, {
      env,
      cwd: '/',
      timeout: 5000,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    });
    const last = out.trim().split('\n').at(-1) ?? '';
    return /^[0-7]{3,4}$/.test(last) ? Number.parseInt(last, 8) : null;
  } catch {
    // No shell came up, or it did not come to an end.
    return null;
  }
}

const shown = (mask: number | null) => (mask === null ? 'unknown' : mask.toString(8).padStart(3, '0'));

/** A construct of bash(1), a startup file that uses it, and what the reader says: a mask, or that it is unknown. */
type Row = [construct: string, bashrc: string, said: string, more?: Files];

const ROWS: readonly Row[] = [
  // SHELL GRAMMAR
  ['simple command', 'umask 027', '027'],
  ['simple command with an assignment before it', 'X=1 umask 027', '027'],
  ['comment', '# umask 077\necho x#y >/dev/null; umask 027', '027'],
  ['pipeline', 'umask 022\numask 077 | cat', '022'],
  ['pipeline, last command', 'umask 022\ntrue | umask 077', '022'],
  ['pipeline with |&', 'umask 022\numask 077 |& cat', '022'],
  ['! before a pipeline', '! umask 027', '027'],
  ['! in a condition', 'if ! false; then umask 027; fi', '027'],
  ['time', 'time umask 027', '027'],
  ['list with ;', 'umask 022; umask 027', '027'],
  ['list with &', 'umask 022; umask 077 &', '022'],
  ['list with &&', 'true && umask 027; false && umask 077', '027'],
  ['list with ||', 'false || umask 027; true || umask 077', '027'],
  ['list with && and ||', 'false && umask 077 || umask 027', '027'],
  ['subshell', 'umask 022; (umask 077)', '022'],
  ['subshell that exits', 'umask 022; (exit 1) || umask 027', '027'],
  ['group', '{ umask 027; }', '027'],
  ['(( ))', '(( 1 + 1 )) && umask 027', '027'],
  ['(( )) of a variable', 'n=3; (( n > 2 )) && umask 027', '027'],
  ['(( )) of a user', '(( UID )) || umask 027', '027'],
  ['(( n++ ))', 'n=0; (( n++ )) || umask 027; [ $n = 1 ] && umask 077', '077'],
  ['[[ ]] with a pattern', '[[ $- == *i* ]] && umask 027', '027'],
  ['[[ ]] quoted', 'x="a*"; [[ ab == "$x" ]] || umask 027', '027'],
  ['[[ ]] with && and ( )', '[[ ( -n x && -z "" ) || -z y ]] && umask 027', '027'],
  ['[[ ]] with =~', '[[ $- =~ i ]] && umask 027', '027'],
  ['[[ ]] with an expression', '[[ 0x1b -eq 27 ]] && [[ 010 -eq 8 ]] && umask 027', '027'],
  ['for', 'for m in 022 027; do umask $m; done', '027'],
  ['for over nothing', 'for m in; do umask 077; done; umask 027', '027'],
  ['for without in', 'set -- 077 027; for m; do umask $m; done', '027'],
  [
    'for over files',
    'for f in ~/d/*.sh; do . "$f"; done',
    '027',
    { 'd/a.sh': 'umask 022', 'd/b.sh': 'umask 027' },
  ],
  [
    'for over a pattern that nothing fits',
    'for f in ~/none/*; do [ -r "$f" ] && . "$f"; done; umask 027',
    '027',
  ],
  ['for ((;;))', 'umask 022; for ((i=0;i<2;i++)); do umask 077; done', 'unknown'],
  ['select', 'umask 022; select x in a b; do umask 077; done </dev/null', 'unknown'],
  ['while', 'n=0; while [ $n -lt 3 ]; do n=$((n+1)); umask 02$n; done', '023'],
  ['until', 'n=0; until [ $n = 2 ]; do let n=n+1; done; umask 02$n', '022'],
  ['break', 'for m in 022 027 077; do umask $m; [ $m = 027 ] && break; done', '027'],
  ['break 2', 'for a in 1 2; do for m in 022 077; do umask $m; break 2; done; done', '022'],
  ['continue', 'for m in 027 077; do [ $m = 077 ] && continue; umask $m; done', '027'],
  ['case', 'case root in r*) umask 027 ;; *) umask 077 ;; esac', '027'],
  ['case with |, ( and [ ]', 'case b in (x|[a-c]) umask 027 ;; esac', '027'],
  ['case with ;&', 'case a in a) umask 077 ;& b) umask 027 ;; *) umask 0 ;; esac', '027'],
  ['case with ;;&', 'case a in a) umask 077 ;;& b) umask 0 ;; *) umask 027 ;; esac', '027'],
  ['if, elif, else', 'if false; then umask 077; elif true; then umask 027; else umask 0; fi', '027'],
  ['if with a list', 'if false; true; then umask 027; fi', '027'],
  ['coproc', 'umask 022; coproc umask 077', 'unknown'],
  ['function, called', 'f() { umask 027; }; f', '027'],
  ['function, not called', 'umask 022; f() { umask 077; }', '022'],
  ['function with the word', 'function f { umask 027; }; f', '027'],
  ['function with a subshell for a body', 'umask 022; f() ( umask 077 ); f', '022'],
  ['function that returns', 'f() { umask 027; return; umask 077; }; f', '027'],
  ['function with parameters', 'f() { umask $1; }; f 027', '027'],
  ['function that takes the name of a builtin', 'umask() { builtin umask 027; }; umask 022', '027'],
  ['function without end', 'umask 022; f() { f; }; f', 'unknown'],
  ['local', 'm=027; f() { local m=077; }; f; umask $m', '027'],
  // QUOTING
  ['backslash', '\\umask 027', '027'],
  ['quotes around the name', '"umask" \'027\'', '027'],
  ['quotes around a command', 'umask 022; x="\numask 077\n"', '022'],
  ["$''", "umask $'027'", '027'],
  ["$'' with escapes", "umask 022; umask $'\\x30\\x37\\x37'", 'unknown'],
  ['$""', 'umask $"027"', '027'],
  ['continued line', 'umask \\\n027', '027'],
  // PARAMETERS
  ['variable', 'm=027; umask $m', '027'],
  ['variable in braces', 'm=27; umask 0${m}', '027'],
  ['variable of nobody', 'umask 022; umask $NOBODY_HAS_SET_THIS', 'unknown'],
  ['+=', 'm=0; m+=27; umask $m', '027'],
  ['array', 'umask 022; m=(077); umask ${m[0]}', 'unknown'],
  ['positional parameters', 'set -- 022 027; shift; umask $1', '027'],
  ['$#', 'set -- a b; [ $# = 2 ] && umask 027', '027'],
  ['$?', 'true; [ $? = 0 ] && umask 027', '027'],
  ['$-', 'case $- in *i*) umask 027;; *) umask 077;; esac', '027'],
  // EXPANSION
  ['brace expansion', 'umask 022; for m in 0{22,77}; do umask $m; done', 'unknown'],
  ['tilde', '. ~/m', '027', { m: 'umask 027' }],
  ['${:-}', 'm=; umask ${m:-027}', '027'],
  ['${-}', 'm=027; umask ${m-077}', '027'],
  ['${:=}', 'm=; : ${m:=027}; umask $m', '027'],
  ['${:+}', 'm=x; umask ${m:+027}', '027'],
  ['${:?} of what is set', 'm=027; umask ${m:?}', '027'],
  ['${:?} of what is not', 'umask 022; unset m; : ${m:?}; umask 077', 'unknown'],
  ['${#}', 'm=abc; [ ${#m} = 3 ] && umask 027', '027'],
  ['${#pattern}', 'm=x027; umask ${m#x}', '027'],
  ['${##pattern}', 'm=a/b/027; umask ${m##*/}', '027'],
  ['${%pattern}', 'm=027.sh; umask ${m%.sh}', '027'],
  ['${/}', 'umask 022; m=0x27; umask ${m/x/}', 'unknown'],
  ['${!}', 'umask 022; n=077; m=n; umask ${!m}', 'unknown'],
  ['${:offset}', 'umask 022; m=x077; umask ${m:1}', 'unknown'],
  ['command substitution', '[ "$(id -u)" -eq 0 ] && umask 027', '027'],
  ['command substitution, old', '[ "`id -gn`" = "`id -un`" ] && umask 027', '027'],
  ['command substitution of what is not known', 'umask 022; umask $(cat ~/m)', 'unknown', { m: '077' }],
  ['a umask in a substitution', 'umask 022; x=$(umask 077; echo y)', '022'],
  ['the umask in a substitution', 'umask 027; [ $(umask) = 0027 ] && umask 077', '077'],
  ['arithmetic expansion', 'umask $((0+27))', '027'],
  ['process substitution', 'umask 022; . <(echo umask 077)', 'unknown'],
  ['word splitting', 'm="umask 027"; $m', '027'],
  ['pathname expansion', '. ~/d/*.sh', '027', { 'd/a.sh': 'umask 027' }],
  // REDIRECTION
  ['redirection', 'umask 027 >/dev/null 2>&1', '027'],
  ['redirection before the name', '>/dev/null umask 027', '027'],
  ['redirection that fails', 'umask 022; umask 077 </no/such/file', 'unknown'],
  ['redirection of a group', '{ umask 027; } 2>/dev/null', '027'],
  ['here-document', 'umask 022; cat <<E >/dev/null\numask 077\nE', '022'],
  ['here-document with tabs', 'umask 022; cat <<-E >/dev/null\n\tumask 077\n\tE', '022'],
  ['here-document, quoted', "umask 022; cat <<'E' >/dev/null\n$(umask 077)\nE", '022'],
  ['two here-documents', 'umask 022; cat <<A <<B >/dev/null\numask 077\nA\numask 000\nB\numask 027', '027'],
  ['here-string', 'umask 022; cat <<<"umask 077" >/dev/null', '022'],
  // ALIASES
  ['alias', "umask 022; alias u='umask 077'\nu", 'unknown'],
  ['alias of umask', "alias umask='umask 077'\numask 022", 'unknown'],
  ['alias of another program', "alias ls='ls --color=auto'\numask 027\nls >/dev/null", '027'],
  // BUILTINS
  [':', ': umask 077; umask 027', '027'],
  ['.', '. ~/m', '027', { m: 'umask 027' }],
  ['source', 'source ~/m', '027', { m: 'umask 027\nreturn\numask 077' }],
  ['. with parameters', '. ~/m 027', '027', { m: 'umask $1' }],
  ['. of what is not there', 'umask 027; . ~/none', '027'],
  ['. by a bare name', 'umask 022; PATH=$HOME:$PATH; . m', 'unknown', { m: 'umask 077' }],
  ['. of itself', 'umask 022; . ~/m', 'unknown', { m: '[ "$N" = xxx ] && return; N=x$N; . ~/m; umask 077' }],
  ['. of a device', 'umask 022; . /dev/stdin <<<"umask 077"', 'unknown'],
  ['builtin', 'builtin umask 027', '027'],
  ['command', 'command umask 027', '027'],
  ['command -v', 'umask 022; command -v umask 077 >/dev/null', '022'],
  ['declare', 'declare m=027; umask $m', '027'],
  ['typeset', 'typeset m=027; umask $m', '027'],
  ['export', 'export m=027; umask $m', '027'],
  ['readonly', 'readonly m=027; umask $m', '027'],
  ['assignment to what is readonly', 'umask 022; readonly m=1; m=2; umask 077', 'unknown'],
  ['echo', 'umask 022; echo umask 077 >/dev/null', '022'],
  ['enable', 'umask 022; enable -n umask; umask 077', 'unknown'],
  ['eval', 'eval "umask 027"', '027'],
  ['eval of what is not known', 'umask 022; eval "$(cat ~/m)"', 'unknown', { m: 'umask 077' }],
  ['exec with redirections', 'exec 3>/dev/null; umask 027', '027'],
  ['exit', 'umask 022; false && exit; umask 027', '027'],
  ['false, true', 'false || true && umask 027', '027'],
  ['fc', 'umask 022; fc -s umask', 'unknown'],
  ['getopts', 'umask 022; set -- -m 077; getopts m: o; umask $OPTARG', 'unknown'],
  ['let', 'let "1 < 2" && umask 027', '027'],
  ['mapfile', 'umask 022; mapfile m <~/m; umask $m', 'unknown', { m: '077' }],
  ['printf -v', 'umask 022; printf -v m 077; umask $m', 'unknown'],
  ['read', 'umask 022; read m <<<077; umask $m', 'unknown'],
  ['return', 'umask 027; return; umask 077', '027'],
  ['return after a test', '[ -z "$PS1" ] && return; umask 027', '027'],
  ['set --', 'set -- 027; umask "$@"', '027'],
  ['set -e', 'set -e; true; umask 027', '027'],
  ['set -e, tested', 'set -e; false || true; if false; then :; fi; umask 027', '027'],
  ['set -u', 'set -u; m=027; umask $m', '027'],
  ['set -f', 'umask 022; set -f; for f in ~/d/*; do . "$f"; done', 'unknown', { 'd/a': 'umask 077' }],
  ['shopt', 'shopt -s checkwinsize; umask 027', '027'],
  ['shopt -q login_shell', 'shopt -q login_shell || umask 027', '027'],
  ['shopt -s nullglob', 'umask 022; shopt -s nullglob; for f in ~/none/*; do umask 077; done', 'unknown'],
  ['shopt -s lastpipe', 'umask 022; shopt -s lastpipe; true | umask 077', 'unknown'],
  ['test', 'test -d / -a ! -f / && umask 027', '027'],
  ['[ with -o', '[ a = b -o a = a ] && umask 027', '027'],
  ['[ -f', '[ -f ~/m ] && . ~/m', '027', { m: 'umask 027' }],
  ['[ "$BASH" ]', '[ "$BASH" ] && umask 027', '027'],
  ['[ of numbers', '[ $UID -gt 199 ] || umask 027', '027'],
  ['[ with what is missing', '[ = x ] || umask 027', 'unknown'],
  ['trap of a signal', "trap 'umask 077' EXIT; umask 027", '027'],
  ['trap DEBUG', "umask 022; trap 'umask 077' DEBUG; true", 'unknown'],
  ['type', 'umask 027; type umask >/dev/null', '027'],
  ['umask -S', 'umask 027; umask -S >/dev/null', '027'],
  ['umask -p', 'umask 027; umask -p >/dev/null', '027'],
  ['umask -S with a mask', 'umask -S 027 >/dev/null', '027'],
  ['umask in symbols', 'umask u=rwx,g=rx,o=', '027'],
  ['umask in symbols that change', 'umask 022; umask o-rx', '027'],
  ['umask of what is no mask', 'umask 022; umask 999', 'unknown'],
  ['unset', 'm=x; unset m; umask ${m-027}', '027'],
  ['unset -f', 'umask 022; f() { umask 077; }; unset -f f; f 2>/dev/null', '022'],
  ['an error of syntax', 'umask 022\nfi\numask 077', 'unknown'],
  ['a quote that is not closed', 'umask 022\necho "x\numask 077', 'unknown'],
];

describe('each construct of bash is understood or unknown, and bash agrees', () => {
  test.each(ROWS)('%s', (_, bashrc, said, more = {}) => {
    lay({ '.bashrc': `${bashrc}\n`, ...more });
    const [answer, real] = [read(), ask()];
    if (answer !== null) expect(shown(answer), 'the reader, against bash').toBe(shown(real));
    expect(shown(answer)).toBe(said);
  });
});

/** Scripts of a small grammar: what may change the mask, and what decides whether it does. */
const MASK = fc.constantFrom('022', '027', '077', '002', 'u=rwx,g=rx,o=rx', 'o+rx', 'g-w');
const CONDITION = fc.constantFrom(
  'true',
  'false',
  '[ $UID -gt 199 ]',
  '(( UID == 0 ))',
  '[[ $- == *i* ]]',
  '[ -n "$PS1" ]',
  '[ "$a" = 1 ]',
  '[ "${a:-0}" -lt 2 ]',
  '[[ $USER = r?ot ]]',
  '[ -f ~/one ]',
  '! [ -d ~/none ]',
  '[ "$(umask)" = 0022 ]',
  'grep -q x /etc/passwd',
  '[ "$UNKNOWN" = 1 ]',
);
const { script: SCRIPT } = fc.letrec<{ script: string; command: string }>((tie) => ({
  script: fc
    .array(tie('command'), { minLength: 1, maxLength: 4, depthIdentifier: 'script' })
    .map((all) => all.join('\n')),
  command: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'script', withCrossShrink: true },
    { arbitrary: MASK.map((mask) => `umask ${mask}`), weight: 6 },
    {
      arbitrary: fc.constantFrom('a=1', 'a=2', 'a=$((a+1))', 'unset a', ': $a', 'f', '. ~/one', '. ~/two'),
      weight: 4,
    },
    {
      arbitrary: fc.constantFrom('return', 'true | umask 077', 'echo umask 077 >/dev/null', 'set -- 1 2'),
      weight: 1,
    },
    fc.tuple(CONDITION, tie('script')).map(([c, s]) => `if ${c}; then\n${s}\nfi`),
    fc
      .tuple(CONDITION, tie('script'), tie('script'))
      .map(([c, s, t]) => `if ${c}; then\n${s}\nelse\n${t}\nfi`),
    fc.tuple(CONDITION, MASK).map(([c, mask]) => `${c} && umask ${mask}`),
    fc.tuple(CONDITION, MASK).map(([c, mask]) => `${c} || umask ${mask}`),
    tie('script').map((s) => `(\n${s}\n)`),
    tie('script').map((s) => `{\n${s}\n}`),
    tie('script').map((s) => `for x in 1 2; do\n${s}\n[ $x = "$a" ] && break\ndone`),
    tie('script').map((s) => `f() {\n${s}\n}`),
    tie('script').map((s) => `case $a in\n1) ${s}\n;;\n*) a=1 ;;\nesac`),
  ),
}));
const RUNS = 300;

test(`${RUNS} generated scripts: bash agrees or the reader does not know, and it mostly knows`, {
  timeout: 240_000,
}, () => {
  let answered = 0;
  const scripts = fc.record({ '.bashrc': SCRIPT, one: SCRIPT, two: MASK.map((mask) => `umask ${mask}`) });
  fc.assert(
    fc.property(scripts, (files) => {
      rmSync(home, { recursive: true });
      // A function that calls itself, or a file that reads itself, ends bash.
      const one = files.one.replaceAll('. ~/one', '. ~/two').replace(/^f$/gm, ':');
      lay({
        ...files,
        '.bashrc': files['.bashrc'].replace(/^f\(\) \{\n[\s\S]*?\n\}/gm, (f) => f.replace(/^f$/gm, ':')),
        one,
      });
      const answer = read();
      if (answer === null) return;
      answered += 1;
      const real = ask();
      // No shell came up: there is no mask to compare with.
      if (real !== null) expect(shown(answer)).toBe(shown(real));
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  console.info(`answered with a mask: ${answered} of ${RUNS}`);
  expect(answered / RUNS).toBeGreaterThanOrEqual(0.6);
});
