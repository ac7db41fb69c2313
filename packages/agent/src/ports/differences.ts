/** What was inspected, and is watched: paths, folders whose names count, folders with all below them. */
export interface WatchList {
  readonly paths: ReadonlySet<string>;
  readonly listed: ReadonlySet<string>;
  readonly walked: ReadonlySet<string>;
}

/** A node that gives no events: it remembers what was watched, and tells what is another when it is asked. */
export interface Differences {
  /**
   * Watches this, and nothing else, from now on. Gives what may have changed between the look that it comes from and now,
   * among what was not watched before. Rejects with a CasError: the node is not there any more.
   */
  follow(list: WatchList): Promise<Difference>;
  /** `isWithTrees`: trees are asked too. Rejects as `follow` does. */
  ask(isWithTrees: boolean): Promise<Difference>;
}

export interface Difference {
  readonly changed: ReadonlySet<string>;
  /** Paths that are watched on the node, entries of trees with them. */
  readonly watched: number;
  /** There was more than is watched at most. */
  readonly isCut: boolean;
  /** What the node's processor spent on trees, milliseconds. */
  readonly treesCpuMs: number;
}
