import type { FileReader } from '../../ports/files.js';
import type { ApacheConfig } from './directives.js';
import { ConfigReader } from './reader.js';

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
