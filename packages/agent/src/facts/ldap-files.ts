import type { FileReach } from './parts/file-reach.js';

/** What of the LDAP client's settings Momentum's user reads itself. */
export interface LdapFile {
  readonly path: string;
  /** `settings`: ldap.conf; `authorities`: TLS_CACERT or TLS_CACERTDIR. */
  readonly what: 'settings' | 'authorities';
  /** The line of ldap.conf that names it. */
  readonly line: number | null;
  readonly isMissing: boolean;
  /** Null: the node has no such user. */
  readonly reach: FileReach | null;
}

export interface LdapFilesFact {
  readonly files: readonly LdapFile[];
}
