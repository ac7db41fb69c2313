import type { Access } from '@castellan/shared/model/plan';
import type { Acl } from '../ports/files.js';

/** A file or folder that its group, others or an access list may let somebody write, or that is not root's. */
export interface WritableEntry {
  readonly path: string;
  readonly isFolder: boolean;
  readonly access: Access;
  readonly acl: Acl | 'unread' | null;
}

/** One of Momentum's places whose content decides what runs. */
export interface WritablePlace {
  /** What is found, what stands below it included; a file's or a folder's path. */
  readonly path: string;
  /** `program`: root runs what stands there. `configuration`: the service's user may write it. */
  readonly kind: 'program' | 'configuration';
  readonly entriesSeen: number;
  /** Only entries that somebody beside root and the owner may write, or that another than root owns. */
  readonly entries: readonly WritableEntry[];
  readonly unseen: readonly { readonly path: string; readonly problem: string }[];
  /** A limit was reached: more may be writable than is named. */
  readonly isTruncated: boolean;
}

/** Only places that the node has. */
export interface WritablePlacesFact {
  readonly places: readonly WritablePlace[];
}
