import type { Config } from '@castellan/momentum';

/** One main configuration file with everything it includes. */
export interface LoadedConfig {
  /** `mta` for ecelerity.conf, `manager` for eccluster.conf. */
  readonly kind: 'mta' | 'manager';
  readonly main: string;
  readonly config: Config;
}

/** The node's configuration, parsed and ready for questions. Never empty: without a main file the fact is unavailable. */
export interface MomentumConfigFact {
  readonly configs: readonly LoadedConfig[];
  /** Files that are included and could not be read: what they would say is unknown. */
  readonly unread: readonly {
    readonly path: string;
    readonly problem: string;
    readonly from: { readonly file: string; readonly line: number } | null;
  }[];
  readonly diagnostics: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
    readonly hint: string | null;
  }[];
}
