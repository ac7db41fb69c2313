import type { Access } from '@castellan/shared/model/plan';
import type { Acl } from '../ports/files.js';

/**
 * Files or folders of one owner, group, mode and access list that the group, others or the list may let somebody write,
 * or that are not root's. A tree of many thousand files has a handful of these.
 */
export interface WritableKind {
  readonly isFolder: boolean;
  readonly access: Access;
  readonly acl: Acl | 'unread' | null;
  readonly count: number;
  /** The first of them. */
  readonly paths: readonly string[];
}

/** One of Momentum's places whose content decides what runs. */
export interface WritablePlace {
  /** What is found, what stands below it included; a file's or a folder's path. */
  readonly path: string;
  /** `program`: root runs what stands there. `configuration`: the service's user may write it. */
  readonly kind: 'program' | 'configuration';
  readonly entriesSeen: number;
  /** Only what somebody beside root and the owner may write, or what another than root owns. */
  readonly kinds: readonly WritableKind[];
  readonly unseen: readonly { readonly path: string; readonly problem: string }[];
  /** A limit was reached: more may be writable than is named. */
  readonly isTruncated: boolean;
}

/** Only places that the node has. */
export interface WritablePlacesFact {
  readonly places: readonly WritablePlace[];
}
