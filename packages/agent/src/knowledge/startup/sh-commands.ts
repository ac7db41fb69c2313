import { arithmetic } from './sh-arithmetic.js';
import { fieldsOf, redirected, textOf } from './sh-expand.js';
import { CALLS_MAX, caught, eitherFlow, type Flow, type Frame, goOn, perhapsAborted } from './sh-flow.js';
import { BUILTINS, HARMLESS_OUTPUT, isHarmlessAlias, isWellKnown } from './sh-names.js';
import { setOptions, shoptOptions } from './sh-options.js';
import { parseScript } from './sh-parser.js';
import type { ShellRun } from './sh-run.js';
import type { ShellState } from './sh-state.js';
import { testCommand } from './sh-test.js';
import { ANY, concat, exact, isFilled, known, type Text } from './sh-text.js';
import type { Command } from './sh-tree.js';
import { type Tri, tri } from './tri.js';
import { parseUmask } from './umask-text.js';

export type Simple = Extract<Command, { kind: 'simple' }>;

/** A command that is about to be run. `args` null: not even their number is known. */
export interface Call {
  readonly run: ShellRun;
  readonly command: Simple;
  readonly state: ShellState;
  readonly frame: Frame;
  readonly name: string;
  readonly args: readonly Text[] | null;
}

export function runSimple(run: ShellRun, command: Simple, state: ShellState, frame: Frame): Flow {
  const to = run.expansion(state);
  const [first, ...others] = command.words;
  const head = first ? fieldsOf([first], to) : [];
  const rest = fieldsOf(others, to);
  const isRisky = redirected(command.redirects, to) === 'unclear';
  const { saved, isProblem } = assign(run, command, state, frame);
  const aborted = to.problem || isProblem ? state.clone() : null;
  if (!first) {
    const hasCommand = command.assignments.some(({ value }) =>
      value?.some((part) => part.kind === 'command'),
    );
    state.status = hasCommand || isRisky ? 'unclear' : 'yes';
    return perhapsAborted(goOn(state), aborted);
  }
  const before = isRisky ? state.clone() : null;
  const [nameText, ...moreOfFirst] = head ?? [];
  const name = nameText && known(nameText);
  const args = rest === null ? null : [...moreOfFirst, ...rest];
  const flow = goesBy(first.raw, head, name)
    ? call({ run, command, state, frame, name: name ?? '', args }, first.raw)
    : unknownCommand({ run, command, state, frame, name: '', args });
  for (const [variable, value] of saved) if (flow.next) flow.next.variables.set(variable, value);
  if (!before) return perhapsAborted(flow, aborted);
  before.status = 'no';
  return perhapsAborted(eitherFlow(flow, goOn(before)), aborted);
}

function goesBy(raw: string, head: readonly Text[] | null, name: string | null | undefined): boolean {
  return raw !== '' && head !== null && typeof name === 'string' && name !== '';
}

interface Assigned {
  /** Those before a command's name are for that command: what they were before. */
  readonly saved: readonly (readonly [string, Text | null])[];
  /** An error may end all that is being read. */
  readonly isProblem: boolean;
}

function assign(run: ShellRun, command: Simple, state: ShellState, frame: Frame): Assigned {
  const saved: [string, Text | null][] = [];
  let isProblem = false;
  for (const { name, value, isAppend } of command.assignments) {
    const isPrompt = name === 'PROMPT_COMMAND' && /\b(umask|eval|source)\b/.test(command.text);
    // It is run before each prompt.
    if (isPrompt) state.haunted = run.doubt(state, frame, command.line, command.text);
    const to = run.expansion(state);
    const text = value === null ? ANY : textOf(value, to);
    const isReadonly = state.readonlyNames.has(name);
    isProblem ||= to.problem || isReadonly;
    if (command.words.length > 0) saved.push([name, state.value(name)]);
    if (isReadonly) state.forget(name);
    else state.variables.set(name, isAppend ? concat(state.value(name) ?? exact(''), text) : text);
  }
  return { saved, isProblem };
}

function unknownCommand({ run, command, state, frame }: Call): Flow {
  run.doubt(state, frame, command.line, command.text);
  state.forgetAll();
  state.status = 'unclear';
  return goOn(state);
}

function call(given: Call, raw: string): Flow {
  const { state, name, args } = given;
  const alias = state.aliases.get(name);
  // A quote or a backslash in the name keeps an alias away.
  if (alias !== undefined && raw === name && !isHarmlessAlias(name, alias)) return unknownCommand(given);
  const body = state.functions.get(name);
  if (body) return body === 'unclear' ? unknownCommand(given) : callFunction(given, body);
  if (name === 'command' || name === 'builtin') {
    const [next, ...others] = args ?? [];
    if (args?.length === 0) return ended(given, 'yes');
    const inner = next && known(next);
    if (typeof inner !== 'string') return unknownCommand(given);
    if (name === 'command' && /^-[vV]/.test(inner)) return ended(given, 'unclear');
    if (inner.startsWith('-')) return unknownCommand(given);
    return builtin({ ...given, name: inner, args: others });
  }
  return builtin(given);
}

export function ended({ state }: Call, status: Tri): Flow {
  state.status = status;
  return goOn(state);
}

function callFunction({ run, command, state, frame, args }: Call, body: Command): Flow {
  if (frame.calls >= CALLS_MAX) {
    run.doubt(state, frame, command.line, command.text);
    return goOn(state);
  }
  const { positional } = state;
  state.positional = args;
  const locals = new Map<string, Text | null>();
  const flow = caught(run.command(body, state, { ...frame, calls: frame.calls + 1, locals }), ['return']);
  if (!flow.next) return flow;
  flow.next.positional = positional;
  for (const [variable, value] of locals) flow.next.variables.set(variable, value);
  return flow;
}

type Builtin = (call: Call) => Flow;

const OWN: Readonly<Record<string, Builtin>> = {
  umask,
  '.': source,
  source,
  eval: evaluate,
  trap,
  alias,
  exec,
  enable,
  ':': (given) => ended(given, 'yes'),
  true: (given) => ended(given, 'yes'),
  false: (given) => ended(given, 'no'),
  test: (given) => asked(given, given.args),
  '[': (given) => {
    const last = given.args?.at(-1);
    return given.args && last && known(last) === ']'
      ? asked(given, given.args.slice(0, -1))
      : asked(given, null);
  },
  return: (given) => leave(given, 'return'),
  exit: (given) => leave(given, 'exit'),
  logout: (given) => leave(given, 'exit'),
  break: (given) => leave(given, 'break'),
  continue: (given) => leave(given, 'continue'),
  export: declare,
  declare,
  typeset: declare,
  local: declare,
  readonly: declare,
  unset,
  set: (given) => (setOptions(given.state, given.args) ? ended(given, 'yes') : haunt(given)),
  shopt: (given) => ended(given, shoptOptions(given.state, given.args, given.run.isLogin)),
  shift: (given) => {
    given.state.positional =
      given.args?.length === 0 && given.state.positional?.length ? given.state.positional.slice(1) : null;
    return ended(given, 'unclear');
  },
  let: (given) => {
    const to = given.run.expansion(given.state);
    const values = (given.args ?? []).map((arg) => (known(arg) === null ? null : arithmetic(arg.prefix, to)));
    if (to.problem || !given.args) return unknownCommand(given);
    const last = values.at(-1) ?? null;
    return ended(given, last === null ? 'unclear' : tri(last !== 0));
  },
  unalias: (given) => {
    for (const arg of given.args ?? []) given.state.aliases.set(known(arg) ?? '', null);
    return ended(given, 'unclear');
  },
  read: forgetNames,
  mapfile: forgetNames,
  readarray: forgetNames,
  getopts: forgetNames,
  printf: forgetNames,
  // They run a command again, or anything.
  fc: unknownCommand,
  emulate: unknownCommand,
};

function builtin(given: Call): Flow {
  const { name, state } = given;
  const own = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
  if (own) return own(given);
  if (given.args?.some(({ prefix }) => /\bumask\b/.test(prefix))) given.run.hint(given.command, given.frame);
  if (name.includes('/') || BUILTINS.has(name)) return ended(given, 'unclear');
  // What was run before may have made a function of this name.
  if (state.isOpaque && !isWellKnown(name)) return unknownCommand(given);
  return ended(given, name === 'echo' ? 'yes' : 'unclear');
}

function asked(given: Call, args: readonly Text[] | null): Flow {
  return ended(given, testCommand(args, given.run.expansion(given.state)));
}

function umask(given: Call): Flow {
  const { run, command, state, frame, args } = given;
  const texts = args?.map(known);
  const options = texts?.findIndex((text) => text === null || !/^-[Sp]+$/.test(text)) ?? 0;
  const rest = options < 0 ? [] : (texts ?? [null]).slice(options);
  if (rest[0] === '--') rest.shift();
  if (texts && rest.length === 0) return ended(given, 'yes');
  const [argument = null, ...others] = rest;
  // A second argument is ignored by some shells and an error to others.
  const mask = argument === null || others.length > 0 ? null : parseUmask(argument, state.mask);
  run.set(state, {
    file: frame.file,
    line: command.line,
    text: command.text.replace(/\s*[<>].*$/s, ''),
    umask: mask,
    runs: frame.condition === null ? 'yes' : 'unclear',
    condition: frame.condition,
  });
  return ended(given, mask === null ? 'unclear' : 'yes');
}

function source(given: Call): Flow {
  const { run, state, frame, args } = given;
  const [first, ...others] = args ?? [];
  const [path, ...more] = first && known(first) === '--' ? others : [first, ...others];
  const name = path && known(path);
  // By a bare name it is looked for in PATH; what a device gives is not in the tree.
  if (!name?.startsWith('/') || /^\/(dev|proc)\//.test(name)) return unknownCommand(given);
  const { positional } = state;
  if (more.length > 0) state.positional = more.map((text) => text ?? ANY);
  const flow = run.file(name, state, frame);
  if (flow === null) {
    state.positional = positional;
    // For a shell that is strictly POSIX a missing file ends what is being read.
    const isStrict = !/(bash|zsh)$/.test(run.shell);
    const end = { kind: 'return', levels: 0, state: state.clone() } as const;
    state.status = 'no';
    return { next: state, ends: isStrict ? [end] : [] };
  }
  if (flow.next) {
    flow.next.positional = positional;
    flow.next.status = 'unclear';
  }
  return flow;
}

function evaluate(given: Call): Flow {
  const { run, command, state, frame, args } = given;
  const texts = args?.map(known);
  if (texts && !texts.includes(null) && frame.calls < CALLS_MAX) {
    const script = parseScript(texts.join(' '), command.line);
    if (script.commands.length === 0) state.status = 'yes';
    return run.script(script, state, { ...frame, calls: frame.calls + 1 });
  }
  if (command.words.length === 2 && isHarmlessOutput(command)) return ended(given, 'unclear');
  return unknownCommand(given);
}

/** `eval "$(dircolors)"` and its like, which give assignments of their own variables only. */
function isHarmlessOutput(command: Simple): boolean {
  const parts = (command.words[1]?.parts ?? []).filter((part) => part.kind !== 'text' || part.text !== '');
  const [only] = parts;
  if (parts.length !== 1 || only?.kind !== 'command') return false;
  const [inner, second] = only.body.commands;
  if (second || inner?.kind !== 'simple') return false;
  return HARMLESS_OUTPUT.test(inner.words[0]?.raw ?? '');
}

/** Of traps those that may run while startup files are read, or before a prompt. */
function trap(given: Call): Flow {
  const { args } = given;
  const [action, ...signals] = args?.map(known) ?? [null];
  if (action === undefined || action === '' || action === '-' || action === '-p' || action === '-l')
    return ended(given, 'yes');
  const isLater = signals.every((signal) =>
    /^(SIG)?(EXIT|0|HUP|1|INT|2|QUIT|3|TERM|15|TSTP|WINCH)$/.test(signal ?? ''),
  );
  return args && isLater && signals.length > 0 ? ended(given, 'yes') : haunt(given);
}

/** From here on no mask is certain. */
function haunt(given: Call): Flow {
  const { run, command, state, frame } = given;
  state.haunted = run.doubt(state, frame, command.line, command.text);
  return ended(given, 'unclear');
}

const GRAMMAR = /^(if|then|else|elif|fi|do|done|case|esac|for|while|until|function|in|\{|\}|!|\[\[|\]\])$/;

function alias(given: Call): Flow {
  for (const arg of given.args ?? [ANY]) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(arg.prefix) ?? [];
    if (name === undefined) {
      if (arg.rest !== null) return haunt(given);
      continue;
    }
    given.state.aliases.set(name, arg.rest === null ? (value ?? '') : null);
    if (GRAMMAR.test(name)) return haunt(given);
  }
  return ended(given, 'yes');
}

/** With a program, another takes the shell's place, and reads files of its own. */
function exec(given: Call): Flow {
  if (given.args?.length === 0) return ended(given, 'unclear');
  const { run, command, state, frame } = given;
  // In a script it is how a daemon is started.
  if (!run.isInteractive) return { next: null, ends: [{ kind: 'exit', levels: 0, state }] };
  state.haunted = run.doubt(state, frame, command.line, command.text);
  return ended(given, 'no');
}

function enable(given: Call): Flow {
  const names = given.args?.map(known) ?? [null];
  return names.length === 0 || names.every((name) => name === '-a' || name === '-p')
    ? ended(given, 'yes')
    : haunt(given);
}

function leave(given: Call, kind: 'return' | 'exit' | 'break' | 'continue'): Flow {
  const { state, args } = given;
  const [value] = args?.map(known) ?? [null];
  if (kind === 'break' || kind === 'continue') {
    state.status = 'yes';
    const levels = value === undefined ? 1 : Number(value ?? Number.NaN);
    if (!Number.isInteger(levels) || levels < 1) return unknownCommand(given);
    return { next: null, ends: [{ kind, levels, state }] };
  }
  if (args?.length !== 0)
    state.status = value === null || !/^\d+$/.test(value ?? '') ? 'unclear' : tri(Number(value) === 0);
  return { next: null, ends: [{ kind, levels: 0, state }] };
}

function declare(given: Call): Flow {
  const { run, command, state, frame, name } = given;
  if (given.args === null) {
    // Which names it sets is seen as written: what they become is not known.
    for (const word of command.words) state.forget(/^[A-Za-z_]\w*(?==)/.exec(word.raw)?.[0] ?? '');
    return ended(given, 'yes');
  }
  const options = given.args.filter((arg) => /^[-+]/.test(arg.prefix)).map((arg) => arg.prefix);
  for (const arg of given.args) {
    const [, variable, plus, value] = /^([A-Za-z_]\w*)(?:\[.*\])?(?:(\+?)=(.*))?$/s.exec(arg.prefix) ?? [];
    if (variable === undefined) continue;
    // Declared in a function it is another variable until the function ends.
    const isLocal = name === 'local' || (name !== 'export' && name !== 'readonly' && frame.calls > 0);
    if (isLocal) run.local(variable, state, frame);
    if (isLocal && value === undefined) state.forget(variable);
    const isPlain =
      plus === '' && !options.some((option) => /[aAinlu]/.test(option)) && arg.prefix.indexOf('[') < 0;
    if (value !== undefined)
      state.variables.set(
        variable,
        isPlain && !state.readonlyNames.has(variable) ? { prefix: value, rest: arg.rest } : ANY,
      );
    if (name === 'readonly' || options.some((option) => /^-.*r/.test(option)))
      state.readonlyNames.add(variable);
  }
  return ended(given, options.some((option) => /[fFp]/.test(option)) ? 'unclear' : 'yes');
}

function unset(given: Call): Flow {
  const names = given.args?.map(known) ?? [null];
  if (names.includes(null)) return unknownCommand(given);
  const isFunction = names.includes('-f');
  for (const name of names as string[]) {
    if (name.startsWith('-')) continue;
    if (isFunction) given.state.functions.delete(name);
    else if (!given.state.readonlyNames.has(name) && /^\w+$/.test(name)) {
      // Without -v or -f a function goes where there is no such variable.
      if (!names.includes('-v') && given.state.isSet(name) !== 'yes' && given.state.functions.has(name))
        given.state.functions.set(name, 'unclear');
      given.state.variables.set(name, null);
    }
  }
  return ended(given, 'yes');
}

/** Commands that set variables to what is not known here. */
function forgetNames(given: Call): Flow {
  for (const arg of given.args ?? [])
    if (/^[A-Za-z_]\w*$/.test(known(arg) ?? '')) given.state.forget(arg.prefix);
  if (given.name === 'read' || given.name === 'getopts')
    for (const name of ['REPLY', 'OPTARG', 'OPTIND']) given.state.forget(name);
  if (given.name === 'printf' && given.args?.every((arg) => isFilled(arg) === 'yes' && arg.prefix !== '-v'))
    return ended(given, 'yes');
  return ended(given, 'unclear');
}
