import type { DkimKey } from '../../facts/dkim-keys.js';
import type { FileReach } from '../../facts/parts/file-reach.js';
import { type Expected, type Holder, othersOf } from '../permissions/holders.js';

/** What is wrong with who can read a DKIM key. */
export interface DkimAccess {
  /** What bars Momentum's user; null: nothing that is known. */
  readonly denied: Extract<FileReach, { kind: 'denied' }> | null;
  /** Who reads it without being expected to. */
  readonly others: readonly Holder[];
}

export function dkimAccess({ access, acl, reach }: DkimKey, expected: Expected): DkimAccess {
  return {
    denied: reach?.kind === 'denied' ? reach : null,
    others: access ? othersOf({ access, acl }, 'read', expected) : [],
  };
}
