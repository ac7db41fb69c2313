import type { Access } from '@castellan/shared/model/plan';
import type { Place } from '@castellan/shared/model/verdict';
import type { Acl } from '../ports/files.js';
import type { FileReach } from './parts/file-reach.js';

/** One file that holds a private key, and who can get at it. */
export interface PrivateKeyFile {
  /** As the service names it. */
  readonly path: string;
  /** Without links. */
  readonly realPath: string;
  /** What names it: a service, or a line of the configuration. */
  readonly usedBy: { readonly what: string; readonly at: Place };
  /** Who should own it. */
  readonly owner: 'ecuser' | 'msyspg';
  readonly access: Access;
  /** Its access list; absent or null: there is none. */
  readonly acl?: Acl | 'unread' | null;
  /** Whether the service can read it as its own user; absent where it reads its key as root. */
  readonly reach?: FileReach;
  /** Folders above it that a user other than root and the owner may write: the key could be replaced there. */
  readonly writableParents: readonly { readonly path: string; readonly access: Access }[];
}

export interface PrivateKeysFact {
  readonly keys: readonly PrivateKeyFile[];
  /** PostgreSQL's release by its data folder (9.6, 15), which decides about its key's mode; null: not known. */
  readonly databaseVersion?: number | null;
  /** Keys that are named and could not be inspected; `relative` and `macro`: which file is meant is not known. */
  readonly unread: readonly { readonly path: string; readonly problem: string; readonly at: Place }[];
}
