import type { Access } from '@castellan/shared/model/plan';
import type { Place } from '@castellan/shared/model/verdict';
import type { Acl } from '../ports/files.js';
import type { Doubt } from './parts/doubt.js';
import type { FileReach } from './parts/file-reach.js';
import type { KeyEvidence } from './parts/pem-evidence.js';

/** A private key that opendkim or dkim_sign signs with. */
export interface DkimKey {
  readonly path: string;
  readonly at: Place;
  readonly isMissing: boolean;
  readonly key: KeyEvidence;
  readonly access: Access | null;
  readonly acl: Acl | 'unread' | null;
  /** Null: the node has no such user. */
  readonly reach: FileReach | null;
}

export interface DkimKeysFact {
  readonly keys: readonly DkimKey[];
  /** Lines that sign by rsa-sha1. */
  readonly sha1: readonly Place[];
  readonly doubts: readonly Doubt[];
}
