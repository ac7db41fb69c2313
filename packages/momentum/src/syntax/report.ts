import type { Token } from '../lex/token.js';
import type { Diagnostic } from '../text/diagnostic.js';
import type { LineMap } from '../text/span.js';

/** After this many diagnostics of one text the rest is counted only. */
export const DIAGNOSTICS_MAX = 200;

/**
 * `documented`: the rules that the manual gives. `permissive`: what its own examples do besides, with a warning; the
 * server is known to read such files, or they would not stand in the manual of two releases.
 */
export type Dialect = 'documented' | 'permissive';

/** Collects what is wrong with one text. */
export class Report {
  readonly #diagnostics: Diagnostic[] = [];
  #left = 0;
  #errors = 0;
  /** How many of the listed ones are warnings. */
  #warnings = 0;

  constructor(
    readonly file: string,
    readonly lines: LineMap,
    private readonly dialect: Dialect,
  ) {}

  get errors(): number {
    return this.#errors;
  }

  error(code: string, token: Token, message: string, hint: string | null): void {
    this.#errors += 1;
    this.#add('error', code, token, message, hint);
  }

  warning(code: string, token: Token, message: string, hint: string | null): void {
    this.#add('warning', code, token, message, hint);
  }

  /** Against the documented rules, and done in the manual's own examples. */
  deviation(code: string, token: Token, message: string, hint: string | null): void {
    if (this.dialect === 'documented') this.error(code, token, message, hint);
    else this.warning(code, token, message, hint);
  }

  /** In the order of the text; the last one says how many were left out. */
  diagnostics(): Diagnostic[] {
    const sorted = this.#diagnostics.sort((a, b) => a.line - b.line || a.column - b.column);
    const last = sorted.at(-1);
    if (this.#left === 0 || !last) return sorted;
    const message = `${this.#left} more problems of this file are not listed`;
    return [
      ...sorted,
      { ...last, severity: this.#errors > 0 ? 'error' : 'warning', code: 'too-many', message, hint: null },
    ];
  }

  #add(
    severity: Diagnostic['severity'],
    code: string,
    token: Token,
    message: string,
    hint: string | null,
  ): void {
    // An error is worth more than a warning: it takes the place of one when the list is full.
    if (this.#diagnostics.length >= DIAGNOSTICS_MAX) {
      this.#left += 1;
      if (severity === 'warning' || this.#warnings === 0) return;
      this.#warnings -= 1;
      this.#diagnostics.splice(
        this.#diagnostics.findLastIndex((d) => d.severity === 'warning'),
        1,
      );
    }
    if (severity === 'warning') this.#warnings += 1;
    this.#diagnostics.push({
      severity,
      code,
      file: this.file,
      ...this.lines.position(token.start),
      message,
      hint,
    });
  }
}
