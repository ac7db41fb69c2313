/** A piece of a word, as written. `isQuoted`: not split into fields, and no pattern. */
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly isQuoted: boolean }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      /** `:-`, `#` ...; empty for the plain value, `length` for `${#NAME}`, `other` for what is not evaluated. */
      readonly operator: string;
      readonly operand: readonly Part[];
      readonly isQuoted: boolean;
    }
  | { readonly kind: 'command'; readonly body: Script; readonly isQuoted: boolean }
  | { readonly kind: 'arithmetic'; readonly text: string; readonly isQuoted: boolean }
  /** Written in a way that is not evaluated: process substitution, extended patterns, ANSI-C escapes, arrays. */
  | { readonly kind: 'opaque'; readonly text: string; readonly isQuoted: boolean };

export interface Word {
  readonly parts: readonly Part[];
  readonly raw: string;
  readonly line: number;
}

export interface Assignment {
  readonly name: string;
  /** Null: an array, or a subscript. */
  readonly value: readonly Part[] | null;
  readonly isAppend: boolean;
}

export interface Redirect {
  readonly operator: string;
  readonly target: Word;
}

export interface Arm {
  readonly patterns: readonly Word[];
  readonly body: Script;
  readonly end: ';;' | ';&' | ';;&';
}

/** `text` is the command as written, shortened; `redirects` are of the whole command. */
interface Common {
  readonly line: number;
  readonly text: string;
  readonly redirects: readonly Redirect[];
}

export type Command = Common &
  (
    | {
        readonly kind: 'simple';
        readonly assignments: readonly Assignment[];
        readonly words: readonly Word[];
      }
    | { readonly kind: 'pipeline'; readonly commands: readonly Command[]; readonly isNegated: boolean }
    | { readonly kind: 'chain'; readonly first: Command; readonly rest: readonly Link[] }
    | { readonly kind: 'background'; readonly command: Command }
    | { readonly kind: 'group'; readonly body: Script }
    | { readonly kind: 'subshell'; readonly body: Script }
    | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: Script | null }
    | {
        readonly kind: 'loop';
        readonly isUntil: boolean;
        readonly condition: Script;
        readonly body: Script;
      }
    | {
        readonly kind: 'for';
        readonly name: string;
        /** Null: the positional parameters. */
        readonly words: readonly Word[] | null;
        readonly body: Script;
      }
    /** `for ((;;))` and `select`: run some number of times that is not worked out. */
    | { readonly kind: 'some-times'; readonly names: readonly string[]; readonly body: Script }
    | { readonly kind: 'case'; readonly word: Word; readonly arms: readonly Arm[] }
    | { readonly kind: 'function'; readonly name: string; readonly body: Command }
    | { readonly kind: 'conditional'; readonly words: readonly Word[] }
    | { readonly kind: 'arithmetic'; readonly expression: string }
  );

export interface Link {
  readonly operator: '&&' | '||';
  readonly command: Command;
}

export interface Branch {
  readonly condition: Script;
  readonly body: Script;
}

export interface Script {
  readonly commands: readonly Command[];
  /** Where the text could not be understood any further, or null. */
  readonly stop: { readonly line: number; readonly reason: string } | null;
}
