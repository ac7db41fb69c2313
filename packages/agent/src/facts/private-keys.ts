import type { Access } from '@castellan/shared/model/plan';
import type { Place } from '@castellan/shared/model/verdict';

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
  /** Folders above it that a user other than root and the owner may write: the key could be replaced there. */
  readonly writableParents: readonly { readonly path: string; readonly access: Access }[];
}

export interface PrivateKeysFact {
  readonly keys: readonly PrivateKeyFile[];
  /** Keys that are named and could not be looked at. */
  readonly unread: readonly { readonly path: string; readonly problem: string; readonly at: Place }[];
}
