import type { FileReader } from '../../ports/files.js';
import { ConfigReader } from './reader.js';

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

export interface ApacheOptions {
  /** Variables of the environment that httpd is started with, as far as files tell. */
  readonly environment?: ReadonlyMap<string, string>;
}

/**
 * What decides over virtual hosts and TLS in a configuration of httpd 2.2 or 2.4, composed as httpd composes it:
 * variables, conditions, macros and includes. What only the running httpd can know is an unknown, never left out.
 */
export function apacheConfig(files: FileReader, path: string, options: ApacheOptions = {}): ApacheConfig {
  const environment = options.environment ?? new Map<string, string>();
  const first = new ConfigReader(files, path, environment, new Set());
  first.readAll();
  // httpd takes directives of mod_ssl and is told nowhere to load it: it is compiled in.
  if (!first.hasTls || first.loadsTls) return first;
  const second = new ConfigReader(files, path, environment, new Set(['ssl']));
  second.readAll();
  return second;
}

/** The port and address of `Listen`'s argument: `443`, `127.0.0.1:443`, `[::1]:443`. */
export function listenAddress(arg: string): { readonly address: string; readonly port: number } | null {
  const match = /^(?:(.*):)?(\d{1,5})$/.exec(arg);
  const port = Number(match?.[2]);
  if (!match || port < 1 || port > 65535) return null;
  return { address: (match[1] ?? '').replace(/^\[(.*)\]$/, '$1') || '*', port };
}
