/** What is known of an option. `since` null: since before the oldest manual; `none`: the line never had it. */
export interface OptionInfo {
  readonly name: string;
  readonly type: 'boolean' | 'text' | 'number' | 'list' | 'dictionary' | 'path' | 'protocols' | 'ciphers';
  readonly scopes: readonly string[];
  /** Text of the default; null: no default, or none documented. */
  readonly default: string | null;
  readonly since: { readonly major3: string | null | 'none'; readonly major4: string | null | 'none' };
  readonly change: 'reload' | 'restart';
  /** Page of the manual. */
  readonly page: string;
}
