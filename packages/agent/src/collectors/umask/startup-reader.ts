import type { UmaskFact, UmaskLine } from '../../facts/umask.js';
import type { FileReader } from '../../ports/files.js';
import { and, not, or, type ShellSituation, succeeds, type Tri, variable } from './conditions.js';
import { shellTokens, type Token } from './shell-tokens.js';
import { parseUmask } from './umask-text.js';

/** How deep startup files may read one another. */
export const SOURCE_DEPTH_MAX = 8;
/** How many files one shell may read. */
export const SOURCE_FILES_MAX = 256;
const FILE_BYTES_MAX = 1024 * 1024;
const PROFILE_FOLDER = '/etc/profile.d';

/** An `if`, a loop, a `case`, a function or a bracket that the reader is in. */
interface Frame {
  readonly end: string;
  /** Whether what stands in it now is run. */
  runs: Tri;
  /** Of an `if`: whether a branch before this one was taken. */
  taken: Tri;
  isCondition: boolean;
  condition: string;
}

export interface ReaderSituation {
  readonly files: FileReader;
  readonly home: string;
  readonly shell: string;
  readonly isLogin: boolean;
}

/** Reads startup files as a shell of root would run them, and keeps every `umask` on the way. */
export class StartupReader {
  readonly lines: UmaskLine[] = [];
  readonly unread: UmaskFact['unread'][number][] = [];
  /** Files that were read, and how surely. */
  readonly visited = new Map<string, Tri>();
  /** Every umask that the shell may have now. Null stands for one that cannot be told. */
  possible: ReadonlySet<number | null>;
  decidedBy: UmaskLine | null = null;
  #depth = 0;

  constructor(
    private readonly situation: ReaderSituation,
    start: number | null,
  ) {
    this.possible = new Set([start]);
  }

  get umask(): number | null {
    const [only = null] = this.possible;
    return this.possible.size === 1 ? only : null;
  }

  /** Returns whether there is such a file. A file is read once: startup files guard themselves against more. */
  read(path: string, runs: Tri = 'yes'): boolean {
    const before = this.visited.get(path);
    if (before === 'yes' || before === runs) return true;
    const content = this.situation.files.read(path, { bytesMax: FILE_BYTES_MAX });
    if (!content.ok && content.problem === 'missing') return false;
    this.visited.set(path, runs);
    if (!content.ok) {
      this.unread.push({ file: path, problem: content.problem });
      return true;
    }
    if (this.#depth >= SOURCE_DEPTH_MAX || this.visited.size > SOURCE_FILES_MAX) {
      this.unread.push({ file: path, problem: 'too many files read one another' });
      return true;
    }
    this.#depth += 1;
    new FileRun(this, this.situation, path, runs).run(shellTokens(content.value.toString('utf8')));
    this.#depth -= 1;
    return true;
  }

  set(line: UmaskLine): void {
    this.lines.push(line);
    if (line.runs === 'no') return;
    this.possible = line.runs === 'yes' ? new Set([line.umask]) : new Set([...this.possible, line.umask]);
    if (line.runs === 'yes' || this.possible.size > 1) this.decidedBy = line;
  }
}

/** One file, command by command. */
class FileRun {
  readonly #frames: Frame[] = [];
  #words: string[] = [];
  #line = 0;
  /** What the command before the last `&&` or `||` gave. */
  #last: Tri = 'yes';
  #join: '&&' | '||' | null = null;
  /** Whether the shell comes this far: a `return` ends a file. */
  #reached: Tri;
  #profileVariable: string | null = null;
  #isPattern = false;
  /** The command before, for naming a condition. */
  #previous = '';

  constructor(
    private readonly reader: StartupReader,
    private readonly situation: ReaderSituation,
    private readonly file: string,
    runs: Tri,
  ) {
    this.#reached = runs;
  }

  run(tokens: readonly Token[]): void {
    for (const token of tokens) this.#token(token);
    this.#command();
  }

  #token(token: Token): void {
    if (this.#words[0] === '[[' && this.#words.at(-1) !== ']]' && token.text !== '\n') {
      this.#words.push(token.text);
      return;
    }
    if (this.#isPattern) {
      if (token.text === 'esac') this.#close('esac');
      if (token.text === ')' || token.text === 'esac') this.#isPattern = false;
      return;
    }
    if (token.kind === 'operator') this.#operator(token.text);
    else this.#word(token);
  }

  #operator(text: string): void {
    if (text === '(' && this.#words.length === 1) {
      this.#words.push('(');
      return;
    }
    if (text === ')' && this.#words.at(-1) === '(') {
      this.#words.push(')');
      return;
    }
    this.#command();
    // A pipe's parts run in shells of their own; a `case` ends each of its ways with `;;`.
    if (text === '&&' || text === '||') this.#join = text;
    else if (text !== '\n' || this.#join === null) this.#join = null;
    if (text === '(') this.#open(')', 'no', '( )');
    if (text === ')') this.#close(')');
    if (text === ';;') this.#isPattern = true;
  }

  #word(token: Token): void {
    const isFirst = this.#words.length === 0;
    if (isFirst) this.#line = token.line;
    if (this.#isFunctionHead() && token.text === '{') {
      this.#words = [];
      this.#open('}', 'unclear', 'in a function');
      return;
    }
    if (isFirst && this.#reserved(token.text)) return;
    this.#words.push(token.text);
    if (this.#words[0] === 'case' && token.text === 'in') {
      this.#open('esac', 'unclear', this.#words.join(' '));
      this.#words = [];
      this.#isPattern = true;
    }
  }

  #isFunctionHead(): boolean {
    return this.#words[0] === 'function' || this.#words.slice(1).join('') === '()';
  }

  /** Words that are not a command but the shell's grammar. Answers whether `word` was one. */
  #reserved(word: string): boolean {
    const top = this.#frames.at(-1);
    if (word === 'if') this.#open('fi', 'unclear', '', true);
    else if (word === 'while' || word === 'until') this.#open('done', 'unclear', `${word} loop`);
    else if (word === '{') this.#open('}', 'yes', '{ }');
    else if (word === 'then' && top) this.#branch(top, this.#last);
    else if (word === 'else' && top) this.#branch(top, 'yes');
    else if (word === 'elif' && top) this.#again(top);
    else if (['fi', 'done', 'esac', '}'].includes(word)) this.#close(word);
    else return word === 'do';
    this.#join = null;
    return true;
  }

  #open(end: string, runs: Tri, condition: string, isCondition = false): void {
    this.#frames.push({ end, runs: isCondition ? 'yes' : runs, taken: 'no', isCondition, condition });
  }

  #branch(frame: Frame, condition: Tri): void {
    frame.runs = and(not(frame.taken), condition);
    frame.taken = or(frame.taken, condition);
    frame.isCondition = false;
  }

  /** `elif` asks its question only where no branch before was taken; asking changes nothing, so it counts as run. */
  #again(frame: Frame): void {
    frame.runs = 'yes';
    frame.isCondition = true;
    frame.condition = '';
  }

  #close(end: string): void {
    if (this.#frames.at(-1)?.end !== end) return;
    this.#frames.pop();
    if (end === 'done') this.#profileVariable = null;
    this.#last = 'unclear';
  }

  #command(): void {
    const words = this.#words;
    this.#words = [];
    if (words.length === 0) return;
    const joined = this.#join === null ? 'yes' : this.#join === '&&' ? this.#last : not(this.#last);
    const runs = [...this.#frames.map((f) => f.runs), joined].reduce(and, this.#reached);
    const result = succeeds(words, this.#shell());
    const top = this.#frames.at(-1);
    if (top?.isCondition)
      top.condition = [top.condition, words.join(' ')].filter(Boolean).join(` ${this.#join ?? ';'} `);
    this.#execute(words, runs, joined === 'yes' ? null : this.#previous);
    this.#previous = words.join(' ');
    this.#last =
      this.#join === null ? result : this.#join === '&&' ? and(this.#last, result) : or(this.#last, result);
    this.#join = null;
  }

  #shell(): ShellSituation {
    return { ...this.situation, umask: this.reader.umask, profileVariable: this.#profileVariable };
  }

  #execute(given: readonly string[], runs: Tri, after: string | null): void {
    const words = given[0] === 'builtin' || given[0] === 'command' ? given.slice(1) : given;
    const [name, argument] = words;
    if (name === 'for' && argument !== undefined) this.#loop(argument, words.slice(2));
    else if (name === 'umask') this.#umask(words, runs, after);
    else if ((name === '.' || name === 'source') && argument !== undefined) this.#source(argument, runs);
    else if ((name === 'return' || name === 'exit') && !this.#isForOthers())
      this.#reached = and(this.#reached, not(runs));
  }

  /** Debian's bashrc ends itself in a `case $-` for shells that are not interactive; ours is. */
  #isForOthers(): boolean {
    return this.#frames.some((frame) => frame.condition.startsWith('case $-'));
  }

  #loop(name: string, words: readonly string[]): void {
    const isProfile = words.some((word) => word.includes(PROFILE_FOLDER));
    this.#open('done', isProfile ? 'yes' : 'unclear', `for ${name}`);
    if (isProfile) this.#profileVariable = name;
  }

  #umask(words: readonly string[], runs: Tri, after: string | null): void {
    const argument = words.slice(1).find((word) => !/^-[Sp]+$/.test(word));
    if (argument === undefined) return;
    const doubts = this.#frames.filter((f) => f.runs !== 'yes' && f.condition !== '').map((f) => f.condition);
    const condition = [...doubts, ...(after === null ? [] : [after])].join(', ');
    this.reader.set({
      file: this.file,
      line: this.#line,
      text: words.join(' '),
      umask: parseUmask(argument, this.reader.umask),
      runs,
      condition: condition === '' ? null : condition.slice(0, 200),
    });
  }

  /** ASSUMED: a file whose name is worked out from other variables (nvm, rvm) sets no umask. */
  #source(word: string, runs: Tri): void {
    if (runs === 'no') return;
    if (this.#profileVariable !== null && variable(word) === this.#profileVariable) {
      const names = this.situation.files.list(PROFILE_FOLDER);
      if (!names.ok) return;
      for (const name of names.value)
        if (name.endsWith('.sh')) this.reader.read(`${PROFILE_FOLDER}/${name}`, runs);
      return;
    }
    const path = word.replace(/^(~|\$HOME|\$\{HOME\})(?=\/)/, this.situation.home);
    if (path.startsWith('/') && !/[$`*?]/.test(path)) this.reader.read(path, runs);
  }
}
