import type { HeldConfiguration } from '@castellan/shared/model/configuration';

/** What `eccfg` says, or why it was not asked. */
export type Asked<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'not-known'; readonly why: string };

/** How this node's configuration and the repository keep up with each other. */
export interface ConfigSyncFact {
  /** The node takes its configuration from a repository: it is an MTA, a manager or a single node. */
  readonly isManaged: boolean;
  readonly bootFile: string;
  readonly autoupdate:
    | { readonly kind: 'set'; readonly value: string; readonly line: number }
    | { readonly kind: 'unset' }
    | { readonly kind: 'unclear'; readonly why: string }
    /** There is no cluster.boot. */
    | { readonly kind: 'no-file' };
  /** Versioned files that differ from what was checked out; without a time: it cannot be told (deleted ones). */
  readonly edits: Asked<{
    readonly edited: readonly { readonly path: string; readonly mtimeMs: number | null }[];
    readonly conflicts: readonly string[];
  }>;
  readonly subclusters: Asked<readonly { readonly name: string; readonly isConflict: boolean }[]>;
  /** Tables of cron that were inspected, with the lines that pull. */
  readonly cron: {
    readonly tables: readonly { readonly path: string; readonly pullLines: readonly number[] }[];
    readonly unread: readonly { readonly path: string; readonly problem: string }[];
    /** Where the job stands by the manual. */
    readonly expectedAt: string;
  };
  /** The working copy of this node, whether or not the repository is here. */
  readonly copy: Asked<HeldConfiguration>;
  readonly revision: Asked<{
    readonly own: number;
    readonly newest: number;
    /** When the newest was committed. */
    readonly newestMs: number;
  }>;
}
