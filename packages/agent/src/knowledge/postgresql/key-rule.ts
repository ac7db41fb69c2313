/** From this release on a key may be root's, and its group may then read it. */
const ROOTS_KEY_SINCE = 9.6;

export type KeyRule = 'accepted' | 'refused' | 'unclear';

/**
 * PostgreSQL's own test of its key's owner and mode, without which it does not start (check_ssl_key_file_permissions;
 * before 9.6 in initialize_SSL). Whether it can then open the file is another question.
 */
export function keyRule(access: KeyAccess, owners: KeyOwners, version: number | null): KeyRule {
  const since = acceptedSince(access, owners);
  // Before 9.6 the owner is not asked for; nobody else could open a file of mode 0600.
  const before = (access.mode & 0o077) === 0;
  if (version === null) return since === before ? said(since) : 'unclear';
  return said(version >= ROOTS_KEY_SINCE ? since : before);
}

export interface KeyAccess {
  readonly uid: number;
  readonly mode: number;
}

export interface KeyOwners {
  /** The user that PostgreSQL runs as. */
  readonly uid: number;
  readonly rootUids: ReadonlySet<number>;
}

function acceptedSince({ uid, mode }: KeyAccess, owners: KeyOwners): boolean {
  if (uid === owners.uid && (mode & 0o077) === 0) return true;
  return owners.rootUids.has(uid) && (mode & 0o037) === 0;
}

function said(isAccepted: boolean): KeyRule {
  return isAccepted ? 'accepted' : 'refused';
}
