/** One run at a time on this host, across processes. */
export interface RunLock {
  /** Null: somebody holds it. A lock whose process is gone is taken over. Throws StateProblem where none can be made. */
  take(): { release(): void } | null;
  /** The process that holds it, or null. */
  holder?(): number | null;
  /** Whether somebody else holds it than who takes it here: of a node that is looked after from beside, numbers are the node's. */
  isOthers?(): boolean;
}
