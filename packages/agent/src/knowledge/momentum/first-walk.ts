import type { WalkLimits } from '../../ports/files.js';
import { SCAN_LIMITS } from '../permissions/tree-scan.js';
import { CONFIG_ROOT, CONFIG_ROOTS, STORE_FOLDERS } from './managed-paths.js';

/** The first walk of a full scan, and nearly always the largest: it may begin before anything else is known of the node. */
export const FIRST_WALK: Omit<WalkLimits, 'signal'> & { readonly path: string } = {
  path: CONFIG_ROOT,
  ...SCAN_LIMITS,
};

/** Of some file in each of these a full scan of nearly every node asks who may read it. */
export const FIRST_LISTS: readonly string[] = [
  ...STORE_FOLDERS,
  '/opt/msys',
  '/opt/msys/ecelerity',
  '/opt/msys/ecelerity/etc/certs',
  `${CONFIG_ROOT}/default`,
  ...CONFIG_ROOTS.slice(1),
  '/opt/msys/3rdParty/etc/openldap',
  '/var/ecconfigd/repo',
  '/var/db',
];
