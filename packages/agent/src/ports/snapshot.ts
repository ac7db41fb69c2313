/**
 * Ports that answer from what was fetched of a node, because a question to it costs a round trip. What is not there yet is
 * a miss: the reader answers that it failed, and whoever works with such an answer works again when it was fetched
 * (engine/passes.ts). Nothing is reported of a pass with misses.
 */
export interface Snapshot {
  /**
   * A new look: what is known is forgotten, and what was asked before is wanted again with the first fetch: at these
   * paths, or everywhere (null). Waits for its turn where many nodes are inspected. Rejects as `fetch` does.
   */
  begin(paths: ReadonlySet<string> | null): Promise<void>;
  /** The look that was begun has ended, however it did: nothing of it is kept but what was asked. */
  end(): void;
  /** Questions that were not answered yet, ever. It grows only. */
  readonly misses: number;
  /**
   * A collector begins. `isSure` false: it works with facts that are not certain; nothing of the node is run or probed
   * for it, nor for one that has missed something itself.
   */
  enter(isSure: boolean): void;
  /** Fetches all that was missed, in one batch. Rejects with a CasError: the node is not there any more. */
  fetch(): Promise<void>;
  /** Asks everything again. The paths that are not what they were are forgotten, and given. Rejects as `fetch` does. */
  changed(): Promise<ReadonlySet<string>>;
}

/** What was asked is not known yet: it is asked in a later pass. */
export class NotFetched extends Error {
  override readonly name = 'NotFetched';
}
