import type { WalkLimits } from '../../ports/files.js';

/** What the child of a check is to walk: the folder that it has open as `CHILD_FOLDER`, told as `path`. */
export interface WalkOrder extends Omit<WalkLimits, 'signal'> {
  /** As a walk begins its paths; empty for `/`. */
  readonly path: string;
}

export const CHILD_FOLDER = 3;
/** The child writes at least so often. */
export const BEAT_MS = 250;

export function isSameOrder(a: WalkOrder, b: WalkOrder): boolean {
  return (
    a.path === b.path &&
    a.entriesMax === b.entriesMax &&
    a.depthMax === b.depthMax &&
    a.skipNames.join('\0') === b.skipNames.join('\0')
  );
}
