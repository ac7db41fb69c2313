/** One `<VirtualHost …>`, where it opens. */
export interface ApacheVhost {
  readonly file: string;
  readonly line: number;
  /** `_default_:443`, or several with blanks between. */
  readonly address: string;
}

/** One directive that decides over hosts or TLS. Opening a virtual host is the directive `<virtualhost>`. */
export interface ApacheDirective {
  /** Lower-case. */
  readonly name: string;
  /** With the values of variables; paths of keys and certificates are absolute. */
  readonly args: readonly string[];
  readonly file: string;
  readonly line: number;
  /** The virtual host around it; null outside of one. */
  readonly vhost: ApacheVhost | null;
  /** A macro made it: `line` is that of its use. */
  readonly isOfMacro: boolean;
}

/** A line that could make or change a virtual host or its TLS, and whose meaning the files alone do not tell. */
export interface ApacheUnknown {
  readonly file: string;
  /** 0: the file as a whole. */
  readonly line: number;
  readonly text: string;
  readonly why: string;
  /** What it stands in: only this host is in doubt. Null: all. */
  readonly vhost: ApacheVhost | null;
}

export interface ApacheConfig {
  /** In Apache's order, those that certainly take effect. */
  readonly directives: readonly ApacheDirective[];
  /** Files that could not be read, the main one among them; each is also an unknown. */
  readonly unread: readonly { readonly path: string; readonly problem: string }[];
  readonly unknowns: readonly ApacheUnknown[];
  /** Programs that httpd would run while it reads or starts: `|program`, `exec:program`. */
  readonly runsPrograms: boolean;
  /** Every file that was read. */
  readonly filesRead: readonly string[];
}
