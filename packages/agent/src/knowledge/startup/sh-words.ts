import { type Cursor, NotUnderstood } from './sh-cursor.js';
import type { Part, Script, Word } from './sh-tree.js';

/** What a word needs of the parser: the commands of a substitution. */
export interface Substitutions {
  /** From after `$(` to its `)`, which it takes. */
  inParentheses(): Script;
  of(text: string, line: number): Script;
}

const NAME = /[A-Za-z_]\w*|\d|[@*#?$!-]/y;
const BRACED_NAME = /[A-Za-z_]\w*|\d+|[@*#?$!-]/y;
const OPERATOR = /:?[-=+?]|##?|%%?/y;
const BREAKS = /[\s;&|()<>]/;
const PLAIN = /[\w./:,%=-]+/y;

const text = (value: string, isQuoted: boolean): Part => ({ kind: 'text', text: value, isQuoted });

/** Words of sh, piece by piece. */
export class WordReader {
  constructor(
    private readonly cursor: Cursor,
    private readonly substitutions: Substitutions,
  ) {}

  /** At its first character; null where there is none. */
  word(): Word | null {
    const { at, line } = this.cursor;
    const parts = this.#parts((c) => BREAKS.test(c), false);
    const raw = this.cursor.text.slice(at, this.cursor.at);
    return raw === '' ? null : { parts, raw, line };
  }

  #parts(isEnd: (c: string) => boolean, isQuoted: boolean): Part[] {
    const parts: Part[] = [];
    const { cursor } = this;
    while (!cursor.isAtEnd) {
      if (cursor.match(/[?*+@!]\(/y) && !isQuoted) parts.push(this.#extended());
      else if (isEnd(cursor.char)) break;
      else this.#part(parts, isQuoted);
    }
    return parts;
  }

  #part(parts: Part[], isQuoted: boolean): void {
    const { cursor } = this;
    const c = cursor.char;
    if (c === "'") parts.push(this.#single());
    else if (c === '"') parts.push(...this.#double());
    else if (c === '`') parts.push(this.#backquoted(isQuoted));
    else if (c === '$') parts.push(...this.#dollar(isQuoted));
    else if (c === '\\') {
      const escaped = cursor.take(2).slice(1);
      if (escaped !== '\n') parts.push(text(escaped, true));
    } else parts.push(text(cursor.take(cursor.match(PLAIN)?.[0].length ?? 1), isQuoted));
  }

  #extended(): Part {
    const head = this.cursor.take(2);
    return { kind: 'opaque', text: `${head}${this.cursor.balanced('(', ')')})`, isQuoted: false };
  }

  #single(): Part {
    const { cursor } = this;
    const end = cursor.text.indexOf("'", cursor.at + 1);
    if (end < 0) throw new NotUnderstood('a quote is not closed');
    return text(cursor.take(end - cursor.at + 1).slice(1, -1), true);
  }

  #double(): Part[] {
    const { cursor } = this;
    cursor.take(1);
    // An empty pair of quotes is a word of its own.
    const parts: Part[] = [text('', true)];
    while (cursor.char !== '"') {
      if (cursor.isAtEnd) throw new NotUnderstood('a quote is not closed');
      if (cursor.char === '\\') {
        const pair = cursor.take(2);
        if (pair !== '\\\n') parts.push(text(/[$`"\\]/.test(pair[1] ?? '') ? pair.slice(1) : pair, true));
      } else if (cursor.char === '`') parts.push(this.#backquoted(true));
      else if (cursor.char === '$') parts.push(...this.#dollar(true));
      else parts.push(text(cursor.take(cursor.match(PLAIN)?.[0].length ?? 1), true));
    }
    cursor.take(1);
    return parts;
  }

  #backquoted(isQuoted: boolean): Part {
    const { cursor } = this;
    const { line } = cursor;
    cursor.take(1);
    let inner = '';
    while (cursor.char !== '`') {
      if (cursor.isAtEnd) throw new NotUnderstood('a backquote is not closed');
      if (cursor.char === '\\') {
        const pair = cursor.take(2);
        inner += /[$`\\]/.test(pair[1] ?? '') ? pair.slice(1) : pair;
      } else inner += cursor.take(1);
    }
    cursor.take(1);
    return { kind: 'command', body: cursor.nested(() => this.substitutions.of(inner, line)), isQuoted };
  }

  #dollar(isQuoted: boolean): Part[] {
    const { cursor } = this;
    if (cursor.startsWith('$((')) {
      cursor.take(3);
      const inner = cursor.balanced('(', ')');
      if (cursor.take(1) !== ')') throw new NotUnderstood('"$((" is not closed');
      return [{ kind: 'arithmetic', text: inner, isQuoted }];
    }
    cursor.take(1);
    if (cursor.char === '(') {
      cursor.take(1);
      const body = cursor.nested(() => this.substitutions.inParentheses());
      return [{ kind: 'command', body, isQuoted }];
    }
    if (cursor.char === '{') return [this.#braced(isQuoted)];
    if (!isQuoted && cursor.char === '"') return this.#double();
    if (!isQuoted && cursor.char === "'") return [this.#ansi()];
    const name = cursor.match(NAME)?.[0];
    if (name === undefined) return [text('$', isQuoted)];
    cursor.take(name.length);
    return [{ kind: 'parameter', name, operator: '', operand: [], isQuoted }];
  }

  #ansi(): Part {
    const { cursor } = this;
    const from = cursor.at;
    cursor.take(1);
    while (cursor.char !== "'") {
      if (cursor.isAtEnd) throw new NotUnderstood('a quote is not closed');
      cursor.take(cursor.char === '\\' ? 2 : 1);
    }
    cursor.take(1);
    const inner = cursor.text.slice(from + 1, cursor.at - 1);
    return inner.includes('\\') ? { kind: 'opaque', text: `$'${inner}'`, isQuoted: true } : text(inner, true);
  }

  #braced(isQuoted: boolean): Part {
    const { cursor } = this;
    cursor.take(1);
    const length = cursor.match(/#(?=\w+\})/y) !== null;
    if (length) cursor.take(1);
    const name = cursor.match(BRACED_NAME)?.[0] ?? '';
    cursor.take(name.length);
    const operator = cursor.char === '}' ? '' : (cursor.match(OPERATOR)?.[0] ?? 'other');
    if (operator === 'other' || name === '') {
      cursor.balanced('{', '}');
      return { kind: 'parameter', name, operator: 'other', operand: [], isQuoted };
    }
    cursor.take(operator.length);
    const operand = cursor.nested(() => this.#parts((c) => c === '}', false));
    if (cursor.take(1) !== '}') throw new NotUnderstood('"${" is not closed');
    // Within quotes a default is no list of fields either.
    const parts = isQuoted && !/[#%]/.test(operator) ? operand.map((p) => ({ ...p, isQuoted })) : operand;
    return { kind: 'parameter', name, operator: length ? 'length' : operator, operand: parts, isQuoted };
  }
}
