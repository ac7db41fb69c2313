/** A word with its quotes taken away, or one of `; ;; && || | & ( ) { }` and the end of a line (`\n`). */
export interface Token {
  readonly kind: 'word' | 'operator';
  readonly text: string;
  readonly line: number;
}

/** Of sh's grammar what startup files are made of. Substitutions stay as they are written: `$(id -u)`. */
export function shellTokens(text: string): Token[] {
  return new Lexer(text).run();
}

const OPERATORS = ['&&', '||', ';;', ';', '|', '&', '(', ')', '\n'];
const BREAKS = new Set([' ', '\t', '\r', '\n', ';', '&', '|', '(', ')', '<', '>']);

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  readonly #heredocs: string[] = [];
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Token[] {
    while (this.#at < this.#text.length) this.#step();
    return this.#tokens;
  }

  #step(): void {
    const c = this.#text[this.#at] ?? '';
    if (c === ' ' || c === '\t' || c === '\r') this.#at += 1;
    else if (this.#text.startsWith('\\\n', this.#at)) {
      this.#at += 2;
      this.#line += 1;
    } else if (c === '#') this.#at = this.#endOfLine();
    else if (c === '<' || c === '>') this.#redirection();
    else {
      const operator = OPERATORS.find((o) => this.#text.startsWith(o, this.#at));
      if (operator) this.#operator(operator);
      else this.#push('word', this.#word());
    }
  }

  #operator(operator: string): void {
    this.#push('operator', operator);
    this.#at += operator.length;
    if (operator !== '\n') return;
    this.#line += 1;
    for (let end = this.#heredocs.shift(); end !== undefined; end = this.#heredocs.shift())
      this.#skipHeredoc(end);
  }

  #push(kind: Token['kind'], text: string): void {
    this.#tokens.push({ kind, text, line: this.#line });
  }

  #endOfLine(): number {
    const end = this.#text.indexOf('\n', this.#at);
    return end < 0 ? this.#text.length : end;
  }

  /** `>/dev/null`, `2>&1`, `<<EOF`: none of them changes what is run. */
  #redirection(): void {
    const match = /^(<<-?|<<<|[<>]{1,2}&?)[ \t]*/.exec(this.#text.slice(this.#at, this.#at + 80));
    this.#at += match?.[0].length ?? 1;
    const last = this.#tokens[this.#tokens.length - 1];
    if (last?.kind === 'word' && /^\d$/.test(last.text)) this.#tokens.pop();
    const target = this.#word();
    if (match?.[1]?.startsWith('<<') && match[1] !== '<<<') this.#heredocs.push(target);
  }

  #skipHeredoc(end: string): void {
    while (this.#at < this.#text.length) {
      const line = this.#text.slice(this.#at, this.#endOfLine());
      this.#at = Math.min(this.#text.length, this.#endOfLine() + 1);
      this.#line += 1;
      if (line.trim() === end) return;
    }
  }

  #word(): string {
    let word = '';
    while (this.#at < this.#text.length) {
      const c = this.#text[this.#at] ?? '';
      if (BREAKS.has(c)) break;
      if (c === "'") word += this.#until("'");
      else if (c === '"') word += this.#doubleQuoted();
      else if (c === '`') word += this.#backquoted();
      else if (c === '$') word += this.#dollar();
      else if (c === '\\') {
        word += this.#take(2).slice(1);
      } else word += this.#take(1);
    }
    return word;
  }

  #take(count: number): string {
    const taken = this.#text.slice(this.#at, this.#at + count);
    this.#at += count;
    this.#line += taken.split('\n').length - 1;
    return taken;
  }

  /** From an opening quote to the closing one; to the end of the text where there is none. */
  #until(quote: string): string {
    const end = this.#text.indexOf(quote, this.#at + 1);
    const stop = end < 0 ? this.#text.length : end;
    return this.#take(stop - this.#at + 1).slice(1, end < 0 ? undefined : -1);
  }

  #backquoted(): string {
    return `\`${this.#until('`')}\``;
  }

  #doubleQuoted(): string {
    let inner = '';
    this.#take(1);
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      const c = this.#text[this.#at];
      if (c === '\\') inner += this.#take(2).slice(1);
      else if (c === '$') inner += this.#dollar();
      else if (c === '`') inner += this.#backquoted();
      else inner += this.#take(1);
    }
    this.#take(1);
    return inner;
  }

  /** `$NAME`, `${...}`, `$(...)` as written; brackets in them are counted, quotes are not looked at. */
  #dollar(): string {
    const open = this.#text[this.#at + 1];
    const close = open === '(' ? ')' : open === '{' ? '}' : null;
    if (close === null) return this.#take(1);
    let depth = 0;
    let end = this.#at + 1;
    for (; end < this.#text.length; end += 1) {
      if (this.#text[end] === open) depth += 1;
      else if (this.#text[end] === close) depth -= 1;
      if (depth === 0) break;
    }
    return this.#take(end - this.#at + 1);
  }
}
