import type { Looked } from './watch-set.js';

/** Tells which paths changed, of those that were inspected. */
export interface Watching {
  /** For heartbeats: each kind of watch, when it last proved itself, and how often it asks where events do not come. */
  readonly proofs: readonly {
    readonly name: string;
    readonly provenAt: string | null;
    readonly everyS?: number;
  }[];
  /** Why not everything is watched, or null. */
  readonly problem: string | null;
  /** Watches what was inspected. `all`: everything was. */
  follow(looked: Looked, all?: boolean): Promise<void>;
  /** Works until the signal. */
  run(): Promise<void>;
  close(): Promise<void>;
}
