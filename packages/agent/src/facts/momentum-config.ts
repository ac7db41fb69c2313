import type { Config } from '@castellan/momentum';
import type { Place } from '@castellan/shared/model/verdict';
import type { Doubt } from './parts/doubt.js';

/** One main configuration file with everything it includes. */
export interface LoadedConfig {
  /** `mta` for ecelerity.conf, `manager` for eccluster.conf. */
  readonly kind: 'mta' | 'manager';
  /** What tells one of several instances on this node: `ecelerity`, `ecelerity1`, `eccluster`. */
  readonly instance: string;
  readonly main: string;
  readonly config: Config;
}

/** The user that Momentum runs as (Manual, conf.ref.security, conf.ref.user). */
export interface RunUser {
  readonly name: string;
  /** What names it; null: nothing does, and the manual's own user counts. */
  readonly at: Place | null;
  /** With its own groups and `supplemental_groups`; null: the node has no such user. */
  readonly principal: {
    readonly uid: number;
    readonly gid: number;
    readonly groups: readonly number[];
  } | null;
}

/** The node's configuration, parsed and ready for questions. Never empty: without a main file the fact is unavailable. */
export interface MomentumConfigFact {
  readonly configs: readonly LoadedConfig[];
  /** Where an include without a path is looked for, in this order. */
  readonly searchPath: readonly string[];
  readonly runUser: RunUser;
  /** Files that are included and could not be read: what they would say is unknown. */
  readonly unread: readonly {
    readonly path: string;
    readonly problem: string;
    readonly from: { readonly file: string; readonly line: number } | null;
  }[];
  /** What may be in force beside or instead of `configs`. */
  readonly doubts: readonly Doubt[];
  /** Errors of the language: what stands in such a file does not load. */
  readonly diagnostics: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
    readonly hint: string | null;
  }[];
}
