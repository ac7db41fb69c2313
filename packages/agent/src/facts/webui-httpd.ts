/** The web UI's Apache, as its httpd.conf has it. */
export interface WebuiHttpdFact {
  readonly path: string;
  readonly state: 'parsed' | 'missing' | 'denied' | 'failed';
  /** Included files that could not be read: they may hold further virtual hosts. */
  readonly unread: readonly string[];
  readonly listens: readonly { readonly line: number; readonly address: string; readonly port: number }[];
  readonly vhosts: readonly {
    readonly file: string;
    readonly line: number;
    /** As written: `_default_:443`. */
    readonly address: string;
    readonly sslEngine: boolean;
    readonly certificateFile: string | null;
    readonly certificateKeyFile: string | null;
    readonly serverName: string | null;
  }[];
  /** Solaris: the name-service cache is on; null where that cannot be told. */
  readonly nameServiceCache: boolean | null;
}
