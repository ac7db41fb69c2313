/** One directive of an Apache httpd file, with the section around it. */
export interface ApacheDirective {
  /** Lower-case. */
  readonly name: string;
  readonly args: readonly string[];
  readonly line: number;
  /** The innermost `<VirtualHost …>` around it, by the line of its opening; null outside of one. */
  readonly vhost: number | null;
  /** Arguments of that `<VirtualHost …>`. */
  readonly vhostAddress: string | null;
}

/**
 * Directives of one file, in order. Sections other than VirtualHost are looked through. Includes are not followed:
 * Momentum's own files hold their TLS settings themselves (Manual, install.solaris).
 */
export function apacheDirectives(text: string): ApacheDirective[] {
  const directives: ApacheDirective[] = [];
  let vhost: number | null = null;
  let vhostAddress: string | null = null;
  let line = 0;
  let pending = '';
  for (const raw of text.split('\n')) {
    line += 1;
    const joined = pending + raw.trim();
    if (joined.endsWith('\\')) {
      pending = `${joined.slice(0, -1)} `;
      continue;
    }
    pending = '';
    if (joined === '' || joined.startsWith('#')) continue;
    const open = /^<VirtualHost\s+([^>]+)>/i.exec(joined);
    if (open) {
      vhost = line;
      vhostAddress = (open[1] ?? '').trim();
      directives.push({ name: '<virtualhost>', args: vhostAddress.split(/\s+/), line, vhost, vhostAddress });
    } else if (/^<\/VirtualHost>/i.test(joined)) {
      vhost = null;
      vhostAddress = null;
    } else if (!joined.startsWith('<')) {
      const [name = '', ...args] = [...joined.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(
        (m) => m[1] ?? m[2] ?? '',
      );
      directives.push({ name: name.toLowerCase(), args, line, vhost, vhostAddress });
    }
  }
  return directives;
}

/** The port and address of `Listen`'s argument: `443`, `127.0.0.1:443`, `[::1]:443`. */
export function listenAddress(arg: string): { readonly address: string; readonly port: number } | null {
  const match = /^(?:(.*):)?(\d{1,5})$/.exec(arg);
  const port = Number(match?.[2]);
  if (!match || port < 1 || port > 65535) return null;
  return { address: (match[1] ?? '').replace(/^\[(.*)\]$/, '$1') || '*', port };
}
