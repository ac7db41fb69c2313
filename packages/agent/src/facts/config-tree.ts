import type { Access } from '@castellan/shared/model/plan';
import type { Principal } from './install.js';
import type { Doubt } from './parts/doubt.js';

/** A file or folder that the service's user must read, and cannot. */
export interface Denied {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  readonly access: Access;
  /** `read` for a file, `search` for a folder (r-x). */
  readonly lacks: 'read' | 'search';
  /** The file may hold a secret: a repair never makes it readable to all. */
  readonly holdsSecret: boolean;
  /** The outermost folder above it that bars the user too; null: nothing above does. */
  readonly within: string | null;
}

/** The configuration as the service's user meets it: every folder above, every file below. */
export interface ConfigTreeFact {
  /** As whom Momentum runs, and so must read it. */
  readonly user: Principal;
  readonly doubts: readonly Doubt[];
  /** Folders that were walked. */
  readonly roots: readonly string[];
  readonly entriesSeen: number;
  /** Everything that bars the service's user by itself; `within` tells what comes into sight only after another. */
  readonly denied: readonly Denied[];
  /** Under conf, owned by another than the service's user, and whether that user can read it all the same. */
  readonly foreign: readonly { readonly path: string; readonly access: Access; readonly readable: boolean }[];
  readonly brokenLinks: readonly string[];
  /** What the agent itself could not look into. */
  readonly unseen: readonly { readonly path: string; readonly problem: string }[];
  /** Subversion keeps the tree: modes are not versioned, a pull makes the files anew. */
  readonly workingCopy: boolean;
  /** A limit of the walk was reached: more may be denied than is named. */
  readonly isTruncated: boolean;
}
