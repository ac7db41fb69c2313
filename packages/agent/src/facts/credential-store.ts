import type { Access } from '@castellan/shared/model/plan';
import type { Place } from '@castellan/shared/model/verdict';
import type { Acl } from '../ports/files.js';
import type { FileReach } from './parts/file-reach.js';

export interface StoreFile {
  readonly path: string;
  /** Without links; null where it does not exist. */
  readonly realPath: string | null;
  readonly state: 'present' | 'missing' | 'denied' | 'other';
  readonly access: Access | null;
  /** Absent or null: it has no access list. */
  readonly acl?: Acl | 'unread' | null;
  readonly sizeBytes?: number;
  readonly mtimeMs?: number;
  /** Whether Momentum's user can read it, through every folder above; absent where the node has no such user. */
  readonly reach?: FileReach;
  readonly dev: number | null;
  readonly ino: number | null;
  /** Of the database only: it begins as SQLite 3 files do. Null where not read. */
  readonly isSqlite: boolean | null;
}

/** The encrypted credentials of securecreds. The documentation names two places; see `split`. */
export interface CredentialStoreFact {
  /** A securecreds block is in force in one of the main configuration files. */
  readonly isEnabled: boolean;
  /** securecreds blocks in files of the configuration's folders that no main file reaches: they do nothing. */
  readonly blocksElsewhere: readonly Place[];
  /** What the configuration's securecreds block names, else the module's default. */
  readonly database: StoreFile;
  readonly key: StoreFile;
  readonly namedBy: Place | null;
  /** The same pair at the documentation's other default place. */
  readonly other: { readonly database: StoreFile; readonly key: StoreFile };
  /** Both places hold files that are not the same: the module and credmgr disagree. */
  readonly split: boolean;
  /** -wal, -journal and -shm beside the database. */
  readonly siblings: readonly StoreFile[];
  readonly folder: { readonly path: string; readonly access: Access | null };
  /** Folders above the files in which another than root and Momentum's user could put others in their place. */
  readonly openFolders?: readonly { readonly path: string; readonly access: Access }[];
}
