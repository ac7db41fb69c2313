import type { WalkLimits } from '../../ports/files.js';
import { SCAN_LIMITS } from '../permissions/tree-scan.js';
import { CONFIG_ROOT } from './managed-paths.js';

/** The first walk of a full scan, and nearly always the largest: it may begin before anything else is known of the node. */
export const FIRST_WALK: Omit<WalkLimits, 'signal'> & { readonly path: string } = {
  path: CONFIG_ROOT,
  ...SCAN_LIMITS,
};
