import type { Access } from '@castellan/shared/model/plan';
import type { Place } from '@castellan/shared/model/verdict';
import type { Acl } from '../ports/files.js';

/** A file that holds a secret, or may. What it holds is no part of this. */
export interface SecretFile {
  readonly path: string;
  /** Without links. */
  readonly realPath: string;
  readonly what: string;
  /** What names it; absent: the manual does. */
  readonly namedAt?: Place;
  /** The first line with a secret; null: it is one as a whole, or where is not known. */
  readonly line: number | null;
  /** Null: it could not be read. */
  readonly holdsSecret: boolean | null;
  /** Who must be able to read it besides root. */
  readonly reader: 'root' | 'ecuser' | 'msyspg';
  readonly access: Access;
  readonly acl: Acl | 'unread' | null;
  /** The outermost folder above it that strangers cannot pass; null: there is none, or it is not known. */
  readonly shutBy: string | null;
  /** Why it is not known whether strangers come to it; null: it is. */
  readonly wayUnknown: string | null;
}

export interface SecretFilesFact {
  readonly files: readonly SecretFile[];
  readonly unseen: readonly { readonly path: string; readonly problem: string }[];
}
