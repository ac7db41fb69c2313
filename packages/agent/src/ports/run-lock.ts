/** One run at a time on this host, across processes. */
export interface RunLock {
  /** Null: somebody holds it. A lock whose process is gone is taken over. Throws StateProblem where none can be made. */
  take(): { release(): void } | null;
  /** The process that holds it, or null. */
  holder?(): number | null;
}
