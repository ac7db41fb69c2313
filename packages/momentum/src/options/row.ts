import type { ScopeType } from './scopes.js';

/** A release of a line. Part by part in whole numbers, as `3.6.6` and `4.1.0.2`. */
export type Release3 = `3.${bigint}` | `3.${bigint}.${bigint}`;
export type Release4 = `4.${bigint}` | `4.${bigint}.${bigint}` | `4.${bigint}.${bigint}.${bigint}`;

/** From the releases of several branches on, or never. An option that says nothing is there from the line's start. */
export type Since3 = Release3 | `${Release3}, ${Release3}` | 'none';
export type Since4 = Release4 | 'none';

/** How a default of each type is written. */
interface DefaultTexts {
  readonly boolean: 'true' | 'false' | 'yes' | 'no' | '1' | '0';
  readonly number: `${bigint}`;
  readonly mode: `0${bigint}`;
  readonly path: `/${string}`;
  readonly protocols: `+${string}` | `-${string}`;
  readonly ciphers: string;
  readonly text: string;
  readonly list: string;
  readonly dictionary: string;
}

/** One default from a release on. */
interface Dated<Text> {
  readonly since: Release3 | Release4;
  readonly text: Text | null;
}

type Default<Text> = Text | readonly [Dated<Text>, Dated<Text>, ...Dated<Text>[]];

type Typed = {
  readonly [T in keyof DefaultTexts]: { readonly type: T; readonly default?: Default<DefaultTexts[T]> };
}[keyof DefaultTexts];

/** A page of the manual, by its name there. Pages of the first group are in none of the two public manuals. */
type Page =
  | `${'apns' | 'mm7' | 'mobility' | 'push' | 'rest'}.${string}`
  | `${'cluster' | 'config' | 'conf.ref' | 'modules'}.${string}`
  | 'conf.aaa'
  | 'conf.ecelerity.conf'
  | 'ecelerity.conf'
  | 'ecelerity-cluster.conf'
  | 'eccluster.conf3'
  | 'mbus.conf';

/** All that is known of an option in a set of scopes: the one place for it. */
export type OptionRow = Typed & {
  readonly name: Lowercase<string>;
  readonly scopes: readonly ScopeType[];
  readonly since3?: Since3;
  readonly since4?: Since4;
  /** A reload of the configuration does not suffice. */
  readonly restart?: true;
  /** The whole value is a secret. */
  readonly secret?: true;
  readonly page: Page;
};
