/** Nodes of which the same is known: the first by name, NAMED_MAX at most, and how many they are. */
export interface Alike {
  readonly names: readonly string[];
  readonly total: number;
}

/** The most nodes that are named of those that are alike: as many places as a verdict holds (shared/model/verdict.ts). */
export const NAMED_MAX = 100;

export function together(parts: readonly Alike[]): Alike {
  const names = parts.flatMap((part) => part.names).sort();
  return {
    names: names.slice(0, NAMED_MAX),
    total: parts.reduce((sum, { total }) => sum + total, 0),
  };
}

/** `mta1, mta2 and 7 more`: so many names as a summary has room for. */
export function listed({ names, total }: Alike, namesMax = 5): string {
  const shown = names.slice(0, namesMax);
  const left = total - shown.length;
  return left > 0 ? `${shown.join(', ')} and ${left} more` : shown.join(', ');
}

/** `1 node`, `7 nodes`. */
export function nodeCount(count: number): string {
  return count === 1 ? '1 node' : `${count} nodes`;
}
