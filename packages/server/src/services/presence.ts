/** When each node was last heard, in this life of the server. Lost at a restart on purpose: then everybody has grace. */
export interface Presence {
  readonly startedAt: number;
  heard(nodeId: string, at: number): void;
  lastHeardAt(nodeId: string): number | null;
}

export function presence(startedAt: number): Presence {
  const heardAt = new Map<string, number>();
  return {
    startedAt,
    heard: (nodeId, at) => heardAt.set(nodeId, at),
    lastHeardAt: (nodeId) => heardAt.get(nodeId) ?? null,
  };
}
