/** The text is no shell script that is understood here. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
}

/** How deep commands may stand in one another: each level is a call. */
export const NESTING_MAX = 100;

/** A place in a script: moves forward, counts lines, and passes over the texts of here-documents. */
export class Cursor {
  at = 0;
  readonly #heredocs: { readonly end: string; readonly isIndented: boolean }[] = [];
  #depth = 0;

  constructor(
    readonly text: string,
    public line = 1,
  ) {}

  get char(): string {
    return this.text[this.at] ?? '';
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  startsWith(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  /** `pattern` is sticky (`y`). Returns what it matches here, without moving. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  take(count: number): string {
    const taken = this.text.slice(this.at, this.at + count);
    this.at += taken.length;
    for (const c of taken) if (c === '\n') this.line += 1;
    return taken;
  }

  /** Spaces, continued lines and comments. */
  skipBlank(): void {
    for (;;) {
      if (this.startsWith('\\\n')) this.take(2);
      else if (this.char === ' ' || this.char === '\t' || this.char === '\r') this.take(1);
      else if (this.char === '#') this.take(this.#endOfLine() - this.at);
      else return;
    }
  }

  /** Blanks and ends of lines; the texts of here-documents begin after the first of these. */
  skipLines(): void {
    for (this.skipBlank(); this.char === '\n'; this.skipBlank()) this.newline();
  }

  newline(): void {
    this.take(1);
    for (let next = this.#heredocs.shift(); next; next = this.#heredocs.shift()) this.#skipHeredoc(next);
  }

  heredoc(end: string, isIndented: boolean): void {
    this.#heredocs.push({ end, isIndented });
  }

  /** Runs `read` one level deeper. */
  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > NESTING_MAX) throw new NotUnderstood('too many commands stand in one another');
    const result = read();
    this.#depth -= 1;
    return result;
  }

  /** To the `close` that belongs to the bracket just before, quotes respected; takes it too. */
  balanced(open: string, close: string): string {
    const from = this.at;
    for (let depth = 1; !this.isAtEnd; ) {
      const c = this.char;
      if (c === '\\') this.take(2);
      else if (c === "'" || c === '"') this.#quoted(c);
      else {
        if (c === open) depth += 1;
        if (c === close) depth -= 1;
        this.take(1);
        if (depth === 0) return this.text.slice(from, this.at - 1);
      }
    }
    throw new NotUnderstood(`"${open}" is not closed`);
  }

  #quoted(quote: string): void {
    this.take(1);
    while (!this.isAtEnd && this.char !== quote) this.take(quote === '"' && this.char === '\\' ? 2 : 1);
    if (this.isAtEnd) throw new NotUnderstood('a quote is not closed');
    this.take(1);
  }

  #endOfLine(): number {
    const end = this.text.indexOf('\n', this.at);
    return end < 0 ? this.text.length : end;
  }

  #skipHeredoc({ end, isIndented }: { end: string; isIndented: boolean }): void {
    while (!this.isAtEnd) {
      const line = this.text.slice(this.at, this.#endOfLine());
      this.take(line.length + 1);
      if ((isIndented ? line.replace(/^\t+/, '') : line) === end) return;
    }
  }
}
