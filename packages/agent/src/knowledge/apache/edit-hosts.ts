/** A virtual host that speaks TLS, for a file that has none (Manual, install.solaris shows the web UI's). */
export interface TlsHost {
  readonly port: number;
  readonly serverName: string;
  readonly certificatePath: string;
  readonly keyPath: string;
  /** The line (from 1) that opens the one host without TLS whose settings it gets too; null: there is none. */
  readonly like: number | null;
  readonly needsListen: boolean;
}

/** The text with `*` for `_default_` in the line (from 1) that opens a host (Manual, install.solaris). Null: it is not there. */
export function withoutDefault(text: string, line: number): string | null {
  const lines = text.split('\n');
  const open = lines[line - 1] ?? '';
  if (!/^\s*<VirtualHost\s[^>]*_default_:/i.test(open)) return null;
  lines[line - 1] = open.replaceAll(/_default_(?=:)/gi, '*');
  return lines.join('\n');
}

/** The text with SSLEngine on in a line (from 1); `pair`: named behind it, as nothing names one. Null: no line that says off. */
export function withEngineOn(
  text: string,
  line: number,
  pair: { readonly certificatePath: string; readonly keyPath: string } | null,
): string | null {
  const lines = text.split('\n');
  const match = /^([ \t]*SSLEngine[ \t]+)(?:off|optional)([ \t]*\r?)$/i.exec(lines[line - 1] ?? '');
  if (!match) return null;
  const [, head = '', tail = ''] = match;
  const indent = /^[ \t]*/.exec(head)?.[0] ?? '';
  const named = pair
    ? [`SSLCertificateFile ${pair.certificatePath}`, `SSLCertificateKeyFile ${pair.keyPath}`]
    : [];
  lines.splice(line - 1, 1, `${head}on${tail}`, ...named.map((one) => `${indent}${one}${tail.trimStart()}`));
  return lines.join('\n');
}

/** The text with the host at its end, in the file's own indentation and line ends. Null: `like` does not close. */
export function withTlsHost(text: string, host: TlsHost): string | null {
  const ending = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(/\r?\n/);
  const indent = /^<VirtualHost\b.*\r?\n([ \t]+)\S/im.exec(text)?.[1] ?? '  ';
  const body = host.like === null ? [] : bodyOf(lines, host.like);
  if (body === null) return null;
  const named = body.some((line) => /^\s*ServerName\s/i.test(line));
  const added = [
    ...(host.needsListen ? [`Listen ${host.port}`] : []),
    `<VirtualHost *:${host.port}>`,
    ...(named ? [] : [`${indent}ServerName ${host.serverName}`]),
    ...body,
    `${indent}SSLEngine on`,
    `${indent}SSLProtocol all -SSLv2 -SSLv3`,
    `${indent}SSLCertificateFile ${host.certificatePath}`,
    `${indent}SSLCertificateKeyFile ${host.keyPath}`,
    '</VirtualHost>',
  ];
  const gap = text === '' || text.endsWith('\n') ? '' : ending;
  return `${text}${gap}${added.join(ending)}${ending}`;
}

/** What stands in a host, without what is about TLS. Null: it is not closed in this file. */
function bodyOf(lines: readonly string[], open: number): string[] | null {
  const rest = lines.slice(open);
  const close = rest.findIndex((line) => /^\s*<\/VirtualHost>/i.test(line));
  if (close < 0 || !/^\s*<VirtualHost\b/i.test(lines[open - 1] ?? '')) return null;
  return rest.slice(0, close).filter((line) => !/^\s*SSL/i.test(line));
}
