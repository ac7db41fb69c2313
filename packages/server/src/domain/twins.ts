/** A second agent of one identity is told to come back after this: it is noticed again, and throws nobody off. */
export const TWIN_RETRY_MS = 10 * 60_000;
/** Not seen for so long, it has gone: it would have come back twice. */
export const TWIN_QUIET_MS = 30 * 60_000;
/** The starts of a node's agent that are remembered, to know one that comes back after another. */
export const BOOTS_MAX = 4;

export interface Boot {
  /** New at every start of an agent's process. */
  readonly bootId: string;
  readonly address: string;
}

/**
 * Whether a start that was followed by another is back: one process has one start, so that there are two. An agent that
 * was started again, or whose connection was cut, never looks so.
 */
export function isTwin(seen: readonly Boot[], bootId: string): boolean {
  const index = seen.findIndex((boot) => boot.bootId === bootId);
  return index !== -1 && index !== seen.length - 1;
}

/** The starts seen, this one last. */
export function withBoot(seen: readonly Boot[], boot: Boot): readonly Boot[] {
  return [...seen.filter(({ bootId }) => bootId !== boot.bootId), boot].slice(-BOOTS_MAX);
}
