import type { UmaskFact, UmaskLine } from '../../facts/umask.js';
import type { FileReader } from '../../ports/files.js';
import { arithmetic } from './sh-arithmetic.js';
import { runSimple } from './sh-commands.js';
import { fieldsOf, patternOf, redirected, textOf } from './sh-expand.js';
import type { Expansion } from './sh-expansion.js';
import {
  caught,
  eitherFlow,
  eitherState,
  type Flow,
  type Frame,
  goOn,
  perhapsAborted,
  turned,
  within,
} from './sh-flow.js';
import { someTimes } from './sh-loops.js';
import { parseScript } from './sh-parser.js';
import { matchesText } from './sh-pattern.js';
import { skippedUmasks } from './sh-skipped.js';
import type { ShellState } from './sh-state.js';
import { conditional } from './sh-test.js';
import { ANY, type Text } from './sh-text.js';
import type { Arm, Command, Script } from './sh-tree.js';
import { not, type Tri, tri } from './tri.js';

/** How deep startup files may read one another. */
export const SOURCE_DEPTH_MAX = 8;
/** How many files one shell may read. */
export const SOURCE_FILES_MAX = 256;
/** How many commands are followed. */
export const STEPS_MAX = 20_000;
/** How many turns of a loop are followed one by one. */
export const TURNS_MAX = 256;
const FILE_BYTES_MAX = 1024 * 1024;
const LINES_MAX = 500;

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** Follows scripts as a shell of root would, without running anything: every umask on the way, and every doubt. */
export class ShellRun {
  readonly lines: UmaskLine[] = [];
  readonly unread: UmaskFact['unread'][number][] = [];
  /** Set in a shell of its own: counts for what is started there only. */
  readonly apart: UmaskLine[] = [];
  #order = 0;
  #steps = 0;
  #files = 0;

  constructor(
    readonly files: FileReader,
    readonly shell: string,
    readonly isLogin: boolean,
    readonly isInteractive = true,
  ) {}

  /** Null: there is no such file. A `return` in it ends the file only. */
  file(path: string, state: ShellState, frame: Omit<Frame, 'file'>): Flow | null {
    const content = this.files.read(path, { bytesMax: FILE_BYTES_MAX });
    if (!content.ok && (content.problem === 'missing' || content.problem === 'not-directory')) return null;
    this.#files += 1;
    const isTooMuch = frame.depth >= SOURCE_DEPTH_MAX || this.#files > SOURCE_FILES_MAX;
    if (!content.ok || isTooMuch) {
      const problem = content.ok ? 'too many files read one another' : content.problem;
      if (!this.unread.some((one) => one.file === path)) this.unread.push({ file: path, problem });
      this.doubt(state, { ...frame, file: path }, 1, `not read: ${problem}`);
      return goOn(state);
    }
    const inside = { ...frame, file: path, depth: frame.depth + 1 };
    return caught(this.script(parseScript(content.value.toString('utf8')), state, inside), ['return']);
  }

  script(script: Script, from: ShellState, frame: Frame): Flow {
    let flow = goOn(from);
    for (const command of script.commands) {
      if (!flow.next) {
        this.lines.push(...skippedUmasks(command, frame.file, null));
        continue;
      }
      const more = this.command(command, flow.next, frame);
      flow = { next: more.next, ends: [...flow.ends, ...more.ends] };
    }
    // What stands before the error was run; what comes after it was not, or not so.
    if (script.stop && flow.next)
      this.doubt(flow.next, frame, script.stop.line, `not understood: ${script.stop.reason}`);
    return flow;
  }

  command(command: Command, state: ShellState, frame: Frame): Flow {
    this.#steps += 1;
    if (this.#steps > STEPS_MAX) {
      this.doubt(state, frame, command.line, 'too much to follow');
      return goOn(state);
    }
    const risk = command.kind === 'simple' ? null : redirected(command.redirects, this.expansion(state));
    const before = risk === 'unclear' ? state.clone() : null;
    const flow = this.#kind(command, state, frame);
    if (!before) return this.#errexit(command, flow, frame);
    before.status = 'no';
    return eitherFlow(flow, goOn(before));
  }

  #kind(command: Command, state: ShellState, frame: Frame): Flow {
    switch (command.kind) {
      case 'simple':
        return runSimple(this, command, state, frame);
      case 'pipeline':
        return this.#pipeline(command, state, frame);
      case 'chain':
        return this.#chain(command, state, frame);
      case 'background':
        this.#apart(() => this.command(command.command, state.clone(), frame));
        state.status = 'yes';
        return goOn(state);
      case 'group':
        return this.script(command.body, state, frame);
      case 'subshell':
        state.status = this.#apart(() => this.script(command.body, state.clone(), frame));
        return goOn(state);
      case 'if':
        return this.#if(command, state, frame);
      case 'loop':
        return this.#loop(command, state, frame);
      case 'for':
        return this.#for(command, state, frame);
      case 'some-times':
        for (const name of command.names) state.forget(name);
        return someTimes(state, (s) => this.script(command.body, s, within(frame, command.text)));
      case 'case':
        return this.#case(command, state, frame);
      case 'function':
        state.functions.set(command.name, command.body);
        state.status = 'yes';
        return goOn(state);
      case 'conditional':
        return this.#asked(state, (to) => conditional(command.words, to));
      case 'arithmetic':
        return this.#asked(state, (to) => {
          const value = arithmetic(command.expression, to);
          return value === null ? 'unclear' : tri(value !== 0);
        });
    }
  }

  expansion(state: ShellState): Expansion {
    const { files, shell, isInteractive } = this;
    return { files, state, shell, isInteractive, problem: false };
  }

  /** Something that may have set the mask to anything, from here on. */
  doubt(state: ShellState, frame: Frame, line: number, text: string): UmaskLine {
    const entry: UmaskLine = {
      file: frame.file,
      line,
      text: text.slice(0, 200),
      umask: null,
      runs: 'unclear',
      condition: frame.condition,
    };
    this.#record(entry);
    state.masks.set(null, { line: entry, order: this.#next() });
    return entry;
  }

  set(state: ShellState, line: UmaskLine): void {
    this.#record(line);
    state.masks = new Map([[line.umask, { line, order: this.#next() }]]);
    if (state.haunted) state.masks.set(null, { line: state.haunted, order: this.#next() });
  }

  /** A variable that a function declares for itself is what it was before when the function ends. */
  local(name: string, state: ShellState, frame: Frame): void {
    if (frame.locals && !frame.locals.has(name))
      frame.locals.set(name, frame.condition === null ? (state.variables.get(name) ?? null) : ANY);
  }

  /** A text that mentions a umask, given to a program: who reads it is not followed. */
  hint(command: Command, frame: Frame): void {
    const { condition, file } = frame;
    this.apart.push({
      file,
      line: command.line,
      text: command.text,
      umask: null,
      runs: 'unclear',
      condition,
    });
  }

  #next(): number {
    this.#order += 1;
    return this.#order;
  }

  #record(line: UmaskLine): void {
    const isKnown = this.lines.some(
      (one) =>
        one.file === line.file && one.line === line.line && one.text === line.text && one.runs === line.runs,
    );
    if (!isKnown && this.lines.length < LINES_MAX) this.lines.push(line);
  }

  /** In a shell of its own: nothing of it stays but how it ended, and its lines set nothing here. */
  #apart(run: () => Flow): Tri {
    const before = this.lines.length;
    const { next } = caught(run(), ['return', 'exit', 'break', 'continue', 'abort']);
    this.apart.push(...this.lines.splice(before).filter(({ runs }) => runs !== 'no'));
    return next?.status ?? 'unclear';
  }

  #errexit(command: Command, flow: Flow, frame: Frame): Flow {
    const { next } = flow;
    const isOwn = ['simple', 'subshell', 'conditional', 'arithmetic'].includes(command.kind);
    if (!next?.isErrexit || frame.isTested || !isOwn || next.status !== 'no') return flow;
    return { next: null, ends: [...flow.ends, { kind: 'exit', levels: 0, state: next }] };
  }

  #asked(state: ShellState, ask: (to: Expansion) => Tri): Flow {
    const to = this.expansion(state);
    state.status = ask(to);
    return perhapsAborted(goOn(state), to.problem ? state.clone() : null);
  }

  #pipeline(command: Of<'pipeline'>, state: ShellState, frame: Frame): Flow {
    const inside = command.isNegated ? { ...frame, isTested: true } : frame;
    const [last] = command.commands.slice(-1);
    if (!last) return goOn(state);
    const alone = command.commands.length === 1;
    for (const one of command.commands.slice(0, -1))
      this.#apart(() => this.command(one, state.clone(), inside));
    const isOwnShell = !alone && !/\b(zsh|ksh\w*)$/.test(this.shell);
    let flow: Flow;
    if (alone || !isOwnShell || state.hasLastpipe) {
      const before = state.clone();
      flow = this.command(last, state, inside);
      // lastpipe counts only without job control.
      if (!alone && isOwnShell) flow = eitherFlow(flow, goOn(before));
    } else {
      state.status = this.#apart(() => this.command(last, state.clone(), inside));
      flow = goOn(state);
    }
    // With pipefail the others have a say.
    if (flow.next && !alone) flow.next.status = 'unclear';
    if (flow.next && command.isNegated) flow.next.status = not(flow.next.status);
    return flow;
  }

  #chain(command: Of<'chain'>, state: ShellState, frame: Frame): Flow {
    const links = [{ operator: null, command: command.first }, ...command.rest];
    let flow: Flow = goOn(state);
    let before = '';
    for (const [index, link] of links.entries()) {
      const { next } = flow;
      if (!next) break;
      const isLast = index === links.length - 1;
      const inside = isLast ? frame : { ...frame, isTested: true };
      const runs = link.operator === null ? 'yes' : link.operator === '&&' ? next.status : not(next.status);
      const more = this.#perhaps(runs, link.command, next, inside, before);
      if (runs === 'unclear' && more.next && !isLast) more.next.status = 'unclear';
      flow = { next: more.next, ends: [...flow.ends, ...more.ends] };
      before = link.command.text;
    }
    return flow;
  }

  #perhaps(runs: Tri, command: Command, state: ShellState, frame: Frame, condition: string): Flow {
    if (runs === 'yes') return this.command(command, state, frame);
    if (runs === 'no') {
      this.lines.push(...skippedUmasks(command, frame.file, condition));
      return goOn(state);
    }
    const [taken, other] = [state.clone(), state.clone()];
    return eitherFlow(this.command(command, taken, within(frame, condition)), goOn(other));
  }

  #if(command: Of<'if'>, state: ShellState, frame: Frame): Flow {
    let result: Flow = { next: null, ends: [] };
    let rest: ShellState | null = state;
    let doubts = frame;
    for (const { condition, body } of command.branches) {
      const text = condition.commands.map((one) => one.text).join('; ');
      if (!rest) {
        for (const one of body.commands) this.lines.push(...skippedUmasks(one, frame.file, text));
        continue;
      }
      const asked = this.script(condition, rest, { ...doubts, isTested: true });
      result = { ...result, ends: [...result.ends, ...asked.ends] };
      const status = asked.next?.status ?? 'no';
      if (status === 'no')
        for (const one of body.commands) this.lines.push(...skippedUmasks(one, frame.file, text));
      if (asked.next && status !== 'no') {
        const inside = status === 'unclear' ? within(doubts, text) : doubts;
        result = eitherFlow(result, this.script(body, asked.next.clone(), inside));
      }
      rest = status === 'yes' ? null : asked.next;
      if (status === 'unclear') doubts = within(doubts, `not ${text}`);
    }
    if (rest && command.otherwise) return eitherFlow(result, this.script(command.otherwise, rest, doubts));
    if (!rest && command.otherwise)
      for (const one of command.otherwise.commands) this.lines.push(...skippedUmasks(one, frame.file, null));
    // No branch taken: an `if` then ends well.
    if (rest) rest.status = 'yes';
    return eitherFlow(result, goOn(rest));
  }

  #loop(command: Of<'loop'>, state: ShellState, frame: Frame): Flow {
    const ends = [];
    let left: ShellState | null = null;
    let current: ShellState | null = state;
    for (let turn = 0; current; turn += 1) {
      const asked: Flow = this.script(command.condition, current, { ...frame, isTested: true });
      ends.push(...asked.ends);
      if (!asked.next) return { next: left, ends };
      const goes: Tri = command.isUntil ? not(asked.next.status) : asked.next.status;
      if (goes === 'no') {
        asked.next.status = 'yes';
        return { next: eitherState(left, asked.next), ends };
      }
      if (goes === 'unclear' || turn >= TURNS_MAX) {
        const more = someTimes(asked.next, (s) => {
          const body = this.script(command.body, s, within(frame, command.text));
          if (!body.next) return body;
          const again = this.script(command.condition, body.next, { ...frame, isTested: true });
          return { next: again.next, ends: [...body.ends, ...again.ends] };
        });
        return { next: eitherState(left, more.next), ends: [...ends, ...more.ends] };
      }
      const after = turned(this.script(command.body, asked.next, frame));
      ends.push(...after.ends);
      left = eitherState(left, after.left);
      current = after.again;
    }
    return { next: left, ends };
  }

  #for(command: Of<'for'>, state: ShellState, frame: Frame): Flow {
    const to = this.expansion(state);
    const values = command.words === null ? state.positional : fieldsOf(command.words, to);
    if (values === null || values.length > TURNS_MAX) {
      return someTimes(state, (s) => {
        s.variables.set(command.name, ANY);
        return this.script(command.body, s, within(frame, command.text));
      });
    }
    const ends = [...perhapsAborted(goOn(null), to.problem ? state.clone() : null).ends];
    let left: ShellState | null = null;
    let current: ShellState | null = state;
    if (values.length === 0) state.status = 'yes';
    for (const value of values) {
      if (!current) break;
      current.variables.set(command.name, value);
      const after = turned(this.script(command.body, current, frame));
      ends.push(...after.ends);
      left = eitherState(left, after.left);
      current = after.again;
    }
    return { next: eitherState(left, current), ends };
  }

  #case(command: Of<'case'>, state: ShellState, frame: Frame): Flow {
    const to = this.expansion(state);
    const text = textOf(command.word.parts, to);
    let result: Flow = perhapsAborted(goOn(null), to.problem ? state.clone() : null);
    let rest: ShellState | null = state;
    let falling: ShellState | null = null;
    let doubts = frame;
    for (const arm of command.arms) {
      const fits = rest ? this.#fits(arm, text, this.expansion(rest)) : 'no';
      const label = `case ${command.word.raw} in ${arm.patterns.map(({ raw }) => raw).join('|')}`;
      if (fits === 'unclear') doubts = within(frame, label);
      const entered: ShellState | null = eitherState(falling, fits === 'no' ? null : (rest?.clone() ?? null));
      if (fits === 'yes') rest = null;
      falling = null;
      if (!entered) {
        for (const one of arm.body.commands) this.lines.push(...skippedUmasks(one, frame.file, label));
        continue;
      }
      if (arm.body.commands.length === 0) entered.status = 'yes';
      const flow = this.script(arm.body, entered, doubts);
      if (arm.end === ';&') falling = flow.next;
      // The patterns after it are tried as well.
      else if (arm.end === ';;&') rest = eitherState(rest, flow.next);
      result =
        arm.end === ';;' ? eitherFlow(result, flow) : { ...result, ends: [...result.ends, ...flow.ends] };
    }
    if (rest) rest.status = 'yes';
    return eitherFlow(result, goOn(eitherState(falling, rest)));
  }

  #fits(arm: Arm, text: Text, to: Expansion): Tri {
    if (to.state.hasOddPatterns) return 'unclear';
    const answers = arm.patterns.map((pattern) => matchesText(patternOf(pattern.parts, to), text));
    return answers.includes('yes') ? 'yes' : answers.includes('unclear') ? 'unclear' : 'no';
  }
}
