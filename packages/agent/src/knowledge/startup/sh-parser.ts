import { assignmentOf, withArray } from './sh-assignment.js';
import { Cursor, NotUnderstood } from './sh-cursor.js';
import type { Arm, Assignment, Branch, Command, Link, Redirect, Script, Word } from './sh-tree.js';
import { type Substitutions, WordReader } from './sh-words.js';

const RESERVED = new Set(
  'if then elif else fi while until do done for case esac select function { } [[ ! time coproc'.split(' '),
);
const TEXT_MAX = 200;
const REDIRECT = /(?:\d+|\{\w+\})?(<<<|<<-?|<>|<&|>&|>>|>\||&>>|&>|<(?!\()|>(?!\())/y;

/** Reads a script of sh or bash, as far as it is understood. */
export function parseScript(text: string, line = 1): Script {
  return new Parser(new Cursor(text, line)).file();
}

/** Whether a word ends a list of commands, being the grammar's. */
type Ends = readonly string[];

class Parser implements Substitutions {
  readonly #words: WordReader;

  constructor(private readonly cursor: Cursor) {
    this.#words = new WordReader(cursor, this);
  }

  /** Command by command: what stands before an error is run all the same. */
  file(): Script {
    const commands: Command[] = [];
    try {
      for (this.cursor.skipLines(); !this.cursor.isAtEnd; this.cursor.skipLines())
        commands.push(...this.#item());
      return { commands, stop: null };
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      return { commands, stop: { line: this.cursor.line, reason: error.message } };
    }
  }

  inParentheses(): Script {
    const body = this.#list([')']);
    this.#expect(')');
    return body;
  }

  of(text: string, line: number): Script {
    const script = parseScript(text, line);
    if (script.stop) throw new NotUnderstood(script.stop.reason);
    return script;
  }

  #list(ends: Ends): Script {
    return this.cursor.nested(() => {
      const commands: Command[] = [];
      for (this.cursor.skipLines(); !this.#isAt(ends); this.cursor.skipLines()) {
        if (this.cursor.isAtEnd) throw new NotUnderstood(`"${ends[0]}" is missing`);
        commands.push(...this.#item());
      }
      return { commands, stop: null };
    });
  }

  /** A chain of commands, and the `;` or `&` after it. */
  #item(): Command[] {
    const command = this.#chain();
    this.cursor.skipBlank();
    if (this.cursor.char === '&' && !this.cursor.startsWith('&&')) {
      this.cursor.take(1);
      return [{ ...common(command), redirects: [], kind: 'background', command }];
    }
    if (this.cursor.match(/;(?![;&])/y)) this.cursor.take(1);
    else if (!this.cursor.isAtEnd && !/[\n);}]/.test(this.cursor.char) && !this.#isAt([...RESERVED]))
      throw new NotUnderstood(`"${this.cursor.char}" is not expected`);
    return [command];
  }

  #chain(): Command {
    const from = this.#start();
    const first = this.#pipeline();
    const rest: Link[] = [];
    for (;;) {
      this.cursor.skipBlank();
      const operator = this.cursor.startsWith('&&') ? '&&' : this.cursor.startsWith('||') ? '||' : null;
      if (operator === null) break;
      this.cursor.take(2);
      this.cursor.skipLines();
      rest.push({ operator, command: this.#pipeline() });
    }
    return rest.length === 0 ? first : { ...this.#common(from), kind: 'chain', first, rest };
  }

  #pipeline(): Command {
    const from = this.#start();
    let isNegated = false;
    for (;;) {
      if (this.#isAt(['!'])) isNegated = !isNegated;
      else if (!this.#isAt(['time'])) break;
      this.#reserved();
      this.cursor.skipBlank();
      if (this.cursor.match(/-p(?=\s)/y)) this.cursor.take(2);
      this.cursor.skipBlank();
    }
    const commands = [this.#command()];
    for (;;) {
      this.cursor.skipBlank();
      if (this.cursor.char !== '|' || this.cursor.startsWith('||')) break;
      this.cursor.take(this.cursor.startsWith('|&') ? 2 : 1);
      this.cursor.skipLines();
      commands.push(this.#command());
    }
    const [only] = commands;
    if (commands.length === 1 && !isNegated && only) return only;
    return { ...this.#common(from), kind: 'pipeline', commands, isNegated };
  }

  #command(): Command {
    const from = this.#start();
    const compound = this.cursor.nested(() => this.#compound());
    if (!compound) return this.#simple();
    const redirects: Redirect[] = [];
    for (let one = this.#redirect(); one; one = this.#redirect()) redirects.push(one);
    return { ...compound, ...this.#common(from), redirects } as Command;
  }

  #compound(): Command | null {
    const from = this.#start();
    const { cursor } = this;
    if (cursor.startsWith('((')) {
      cursor.take(2);
      const expression = cursor.balanced('(', ')');
      if (cursor.take(1) !== ')') throw new NotUnderstood('"((" is not closed');
      return { ...this.#common(from), kind: 'arithmetic', expression };
    }
    if (cursor.char === '(') {
      cursor.take(1);
      return { ...this.#common(from), kind: 'subshell', body: this.inParentheses() };
    }
    const word = this.#peekReserved();
    if (word === null) return null;
    if (word === '[[') return this.#conditional();
    if (word === 'if') return this.#if();
    if (word === 'while' || word === 'until') return this.#loop(word === 'until');
    if (word === 'for' || word === 'select') return this.#for(word);
    if (word === 'case') return this.#case();
    if (word === 'function') return this.#function();
    this.#reserved();
    if (word === '{') {
      const body = this.#list(['}']);
      this.#expect('}');
      return { ...this.#common(from), kind: 'group', body };
    }
    if (word === 'coproc') throw new NotUnderstood('coproc');
    throw new NotUnderstood(`"${word}" is not expected`);
  }

  #conditional(): Command {
    const from = this.#start();
    this.#reserved();
    const words: Word[] = [];
    for (;;) {
      this.cursor.skipLines();
      const { line } = this.cursor;
      const operator = this.cursor.match(/&&|\|\||[()<>]/y)?.[0];
      if (operator !== undefined) {
        this.cursor.take(operator.length);
        words.push({ parts: [{ kind: 'opaque', text: operator, isQuoted: false }], raw: operator, line });
        continue;
      }
      const isRegex = words.at(-1)?.raw === '=~';
      const word = isRegex ? this.#regex() : this.#words.word();
      if (!word) throw new NotUnderstood('"]]" is missing');
      if (word.raw === ']]') return { ...this.#common(from), kind: 'conditional', words };
      words.push(word);
    }
  }

  /** A regular expression may hold what else would end a word. */
  #regex(): Word | null {
    const { line } = this.cursor;
    const raw = this.cursor.match(/(?:\\.|"[^"\n]*"|'[^'\n]*'|[^\s\\"'])+/y)?.[0];
    if (raw === undefined) return null;
    this.cursor.take(raw.length);
    const isPlain = /^[\w-]+$/.test(raw);
    return { parts: [{ kind: isPlain ? 'text' : 'opaque', text: raw, isQuoted: false }], raw, line };
  }

  #if(): Command {
    const from = this.#start();
    const branches: Branch[] = [];
    for (;;) {
      this.#reserved();
      const condition = this.#list(['then']);
      this.#reserved();
      branches.push({ condition, body: this.#list(['elif', 'else', 'fi']) });
      if (!this.#isAt(['elif'])) break;
    }
    let otherwise: Script | null = null;
    if (this.#isAt(['else'])) {
      this.#reserved();
      otherwise = this.#list(['fi']);
    }
    this.#expect('fi');
    return { ...this.#common(from), kind: 'if', branches, otherwise };
  }

  #loop(isUntil: boolean): Command {
    const from = this.#start();
    this.#reserved();
    const condition = this.#list(['do']);
    return { ...this.#common(from), kind: 'loop', isUntil, condition, body: this.#do() };
  }

  #do(): Script {
    this.cursor.skipLines();
    this.#expect('do');
    const body = this.#list(['done']);
    this.#expect('done');
    return body;
  }

  #for(word: 'for' | 'select'): Command {
    const from = this.#start();
    this.#reserved();
    this.cursor.skipBlank();
    if (word === 'for' && this.cursor.startsWith('((')) {
      this.cursor.take(2);
      const names = this.cursor.balanced('(', ')').match(/[A-Za-z_]\w*/g) ?? [];
      this.#expect(')');
      this.cursor.skipBlank();
      if (this.cursor.char === ';') this.cursor.take(1);
      return { ...this.#common(from), kind: 'some-times', names, body: this.#do() };
    }
    const name = this.#words.word()?.raw ?? '';
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new NotUnderstood(`"${word}" has no name`);
    this.cursor.skipLines();
    let words: Word[] | null = null;
    if (this.#isAt(['in'])) {
      this.#reserved();
      words = [];
      for (this.cursor.skipBlank(); !/[;\n]/.test(this.cursor.char || ';'); this.cursor.skipBlank()) {
        const next = this.#words.word();
        if (!next) throw new NotUnderstood(`"${this.cursor.char}" is not expected`);
        words.push(next);
      }
    }
    this.cursor.skipBlank();
    if (this.cursor.char === ';') this.cursor.take(1);
    const body = this.#do();
    if (word === 'select') return { ...this.#common(from), kind: 'some-times', names: [name, 'REPLY'], body };
    return { ...this.#common(from), kind: 'for', name, words, body };
  }

  #case(): Command {
    const from = this.#start();
    this.#reserved();
    this.cursor.skipLines();
    const word = this.#words.word();
    if (!word) throw new NotUnderstood('"case" has no word');
    this.cursor.skipLines();
    this.#expect('in');
    const arms: Arm[] = [];
    for (this.cursor.skipLines(); !this.#isAt(['esac']); this.cursor.skipLines()) arms.push(this.#arm());
    this.#expect('esac');
    return { ...this.#common(from), kind: 'case', word, arms };
  }

  #arm(): Arm {
    if (this.cursor.char === '(') this.cursor.take(1);
    const patterns: Word[] = [];
    do {
      if (this.cursor.char === '|') this.cursor.take(1);
      this.cursor.skipBlank();
      const pattern = this.#words.word();
      if (!pattern) throw new NotUnderstood('a pattern is missing');
      patterns.push(pattern);
      this.cursor.skipBlank();
    } while (this.cursor.char === '|');
    this.#expect(')');
    const body = this.#list([';;&', ';;', ';&', 'esac']);
    const end = this.cursor.match(/;;&|;;|;&/y)?.[0] ?? '';
    this.cursor.take(end.length);
    return { patterns, body, end: end === ';&' || end === ';;&' ? end : ';;' };
  }

  #function(): Command {
    const from = this.#start();
    this.#reserved();
    this.cursor.skipBlank();
    const name = this.#words.word()?.raw ?? '';
    return this.#functionOf(name, from);
  }

  #functionOf(name: string, from: Start): Command {
    this.cursor.skipBlank();
    const brackets = this.cursor.match(/\([ \t]*\)/y)?.[0];
    if (brackets) this.cursor.take(brackets.length);
    this.cursor.skipLines();
    const body = this.#command();
    if (body.kind === 'simple') throw new NotUnderstood(`function "${name}" has no body`);
    return { ...this.#common(from), kind: 'function', name, body };
  }

  #simple(): Command {
    const from = this.#start();
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (;;) {
      const redirect = this.#redirect();
      if (redirect) {
        redirects.push(redirect);
        continue;
      }
      const word = this.#processSubstitution() ?? this.#words.word();
      if (!word) break;
      const assignment = words.length === 0 ? assignmentOf(this.cursor, word) : null;
      if (assignment) assignments.push(assignment);
      else {
        words.push(withArray(this.cursor, word));
        if (words.length === 1 && this.cursor.match(/[ \t]*\([ \t]*\)/y))
          return this.#functionOf(word.raw, from);
      }
    }
    if (words.length + assignments.length + redirects.length === 0)
      throw new NotUnderstood(`"${this.cursor.char}" is not expected`);
    return { ...this.#common(from), kind: 'simple', assignments, words, redirects };
  }

  #processSubstitution(): Word | null {
    const { line } = this.cursor;
    if (!this.cursor.match(/[<>]\(/y)) return null;
    this.cursor.take(2);
    this.cursor.nested(() => this.inParentheses());
    return { parts: [{ kind: 'opaque', text: '<(...)', isQuoted: false }], raw: '<(...)', line };
  }

  #redirect(): Redirect | null {
    this.cursor.skipBlank();
    const match = this.cursor.match(REDIRECT);
    if (!match?.[1]) return null;
    this.cursor.take(match[0].length);
    this.cursor.skipBlank();
    const target = this.#processSubstitution() ?? this.#words.word();
    if (!target) throw new NotUnderstood('a redirection has no target');
    if (match[1] === '<<' || match[1] === '<<-')
      this.cursor.heredoc(target.raw.replace(/["'\\]/g, ''), match[1] === '<<-');
    return { operator: match[1], target };
  }

  #peekReserved(): string | null {
    this.cursor.skipBlank();
    const word = this.cursor.match(/[a-z]+(?=[\s;&|()<>]|$)|[{}](?=[\s;&|()<>]|$)|\[\[(?=\s)|!(?=\s)/y)?.[0];
    return word !== undefined && RESERVED.has(word) ? word : null;
  }

  #reserved(): void {
    this.cursor.skipBlank();
    this.cursor.take(this.cursor.match(/[a-z]+|[{}!]|\[\[/y)?.[0].length ?? 0);
  }

  #isAt(ends: Ends): boolean {
    this.cursor.skipBlank();
    return ends.some((end) => {
      if (!this.cursor.startsWith(end)) return false;
      return /^[;)]/.test(end) || /[\s;&|()<>]/.test(this.cursor.text[this.cursor.at + end.length] ?? ' ');
    });
  }

  #expect(word: string): void {
    if (!this.#isAt([word])) throw new NotUnderstood(`"${word}" is missing`);
    this.cursor.take(word.length);
  }

  #start(): Start {
    this.cursor.skipBlank();
    return { at: this.cursor.at, line: this.cursor.line };
  }

  #common(from: Start): { line: number; text: string; redirects: readonly Redirect[] } {
    const text = this.cursor.text.slice(from.at, Math.min(this.cursor.at, from.at + TEXT_MAX));
    return { line: from.line, text: text.trim(), redirects: [] };
  }
}

interface Start {
  readonly at: number;
  readonly line: number;
}

function common({ line, text }: Command): { line: number; text: string } {
  return { line, text };
}
