import { type Clock, steady } from '../ports/clock.js';

/**
 * When each node, and each run under way, was last heard in this life of the server, by the clock that only goes
 * forward: a clock that is put right makes nobody silent. Lost at a restart on purpose: then everybody has grace.
 */
export interface Presence {
  /** Milliseconds that this life of the server has lasted. */
  uptimeMs(): number;
  heard(id: string): void;
  /** Milliseconds since it was last heard; null: not in this life. */
  quietMs(id: string): number | null;
  forget(id: string): void;
  /** How many of those heard have names that begin so. */
  countOf(prefix: string): number;
}

export function presence(clock: Clock): Presence {
  const startedAt = steady(clock);
  const heardAt = new Map<string, number>();
  return {
    uptimeMs: () => steady(clock) - startedAt,
    heard: (id) => void heardAt.set(id, steady(clock)),
    quietMs: (id) => {
      const at = heardAt.get(id);
      return at === undefined ? null : steady(clock) - at;
    },
    forget: (id) => void heardAt.delete(id),
    countOf: (prefix) => [...heardAt.keys()].filter((id) => id.startsWith(prefix)).length,
  };
}
