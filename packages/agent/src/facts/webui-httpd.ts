/** The web UI's Apache, as its httpd.conf has it. */
export interface WebuiHttpdFact {
  readonly path: string;
  readonly state: 'parsed' | 'missing' | 'denied' | 'failed';
  /** Included files that could not be read: they may hold further virtual hosts. */
  readonly unread: readonly string[];
  /** Lines that could make or change a virtual host or its TLS, and whose meaning the files do not tell. */
  readonly unknowns: readonly { readonly file: string; readonly line: number; readonly why: string }[];
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
  /** What httpd itself said of its virtual hosts (`httpd -t -D DUMP_VHOSTS`). */
  readonly authority: HttpdAnswer;
  /** Solaris: the name-service cache is on; null where that cannot be told. */
  readonly nameServiceCache: boolean | null;
}

export type HttpdAnswer =
  | { readonly kind: 'not-asked'; readonly why: string }
  | { readonly kind: 'agrees'; readonly program: string }
  /** `only` names virtual hosts that one of the two sees. */
  | {
      readonly kind: 'differs';
      readonly program: string;
      readonly onlyHttpd: readonly string[];
      readonly onlyFiles: readonly string[];
    };
