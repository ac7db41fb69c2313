import type { UmaskFact } from '../../facts/umask.js';
import type { FileReader } from '../../ports/files.js';
import { systemDefault } from './pam.js';
import type { Account } from './sh-state.js';
import { type ShellUmask, shellsOfRoot } from './shells-of-root.js';

/** What root's shells end up with, by the files alone. */
export interface RootUmask {
  readonly start: UmaskFact['systemDefault'];
  /** A login shell, and one that is none. */
  readonly shells: readonly [ShellUmask, ShellUmask];
}

export function rootUmask(files: FileReader, root: Account): RootUmask {
  const start = systemDefault(files);
  return { start, shells: shellsOfRoot(files, root, start.umask) };
}

/** Read and search for others: without them the service's user is shut out of what root makes. */
const OTHERS_NEED = 0o005;
/** Write for group and others: what a mask ought to take away. */
const NOBODY_NEEDS = 0o022;

/** The mask takes from others what the service's user needs. */
export function isBarring(mask: number | null): boolean {
  return mask !== null && (mask & OTHERS_NEED) !== 0;
}

/** The mask leaves write to the group or to others. */
export function isTooOpen(mask: number): boolean {
  return (mask & NOBODY_NEEDS) !== NOBODY_NEEDS;
}
