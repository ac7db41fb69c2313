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

/**
 * What is known of an option. `since`: null is the first release of the line (3.0, 4.0), `none` is never, several
 * releases with commas are several branches (`3.5.10, 3.6.4`).
 */
export interface OptionInfo {
  readonly name: string;
  readonly type: OptionType;
  readonly scopes: readonly string[];
  /** Text of the default; null: no default, or none documented. */
  readonly default: string | null;
  readonly since: { readonly major3: string | null; readonly major4: string | null };
  readonly change: 'reload' | 'restart';
  /** Page of the manual. */
  readonly page: string;
}
