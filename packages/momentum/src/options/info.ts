/** What a value is, for those who check, compare or write one. `mode`: octal digits; `ciphers`: of the library in use. */
export type OptionType =
  | 'boolean'
  | 'text'
  | 'number'
  | 'list'
  | 'dictionary'
  | 'path'
  | 'protocols'
  | 'ciphers'
  | 'mode';

/** A default from a release on, up to the next one of the list. Text null: none is documented. */
export interface DatedDefault {
  readonly since: string;
  readonly text: string | null;
}

/**
 * What is known of an option. `since`: null is the first release of the line (3.0, 4.0), `none` is never, several
 * releases with commas are several branches (`3.5.10, 3.6.4`).
 */
export interface OptionInfo {
  readonly name: string;
  readonly type: OptionType;
  readonly scopes: readonly string[];
  /** Text of the newest default; null: no default, or none documented. */
  readonly default: string | null;
  /** Every default, from the oldest release on: more than one where releases differ. */
  readonly defaults: readonly DatedDefault[];
  readonly since: { readonly major3: string | null; readonly major4: string | null };
  readonly change: 'reload' | 'restart';
  /** Page of the manual. */
  readonly page: string;
  /** Whether its whole value is a secret. */
  readonly secret: boolean;
}
