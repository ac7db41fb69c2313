import type { ApacheConfig, ApacheDirective, ApacheUnknown, ApacheVhost } from './directives.js';
import { listenAddress } from './httpd-conf.js';

export interface ApachePair {
  readonly certificatePath: string;
  readonly keyPath: string;
}

/** The main server, or one virtual host, as mod_ssl makes it of its own settings and those of the main server. */
export interface ApacheHost {
  /** Null: the main server. */
  readonly vhost: ApacheVhost | null;
  readonly serverName: string | null;
  readonly engine: 'on' | 'off' | 'unknown';
  /** The line that decides `engine`; null: none does. */
  readonly decidedBy: { readonly file: string; readonly line: number } | null;
  /** A certificate and the key at the same place of the list, as mod_ssl loads them. */
  readonly pairs: readonly ApachePair[];
  readonly chainPath: string | null;
  /** What could change this host, and was not understood. */
  readonly doubt: ApacheUnknown | null;
}

/** The main server first, then the virtual hosts in their order. */
export function apacheHosts(config: ApacheConfig): ApacheHost[] {
  const vhosts = config.directives.flatMap(({ name, vhost }) =>
    name === '<virtualhost>' && vhost ? [vhost] : [],
  );
  const byVhost = new Map<ApacheVhost | null, ApacheDirective[]>([[null, []]]);
  for (const vhost of vhosts) byVhost.set(vhost, []);
  for (const directive of config.directives) byVhost.get(directive.vhost)?.push(directive);
  const main = byVhost.get(null) ?? [];
  return [null, ...vhosts].map((vhost) => hostOf(config, vhost, byVhost.get(vhost) ?? [], main));
}

function hostOf(
  config: ApacheConfig,
  vhost: ApacheVhost | null,
  own: readonly ApacheDirective[],
  main: readonly ApacheDirective[],
): ApacheHost {
  const all = (from: readonly ApacheDirective[], name: string) => from.filter((d) => d.name === name);
  const last = (name: string) => all(own, name).at(-1) ?? all(main, name).at(-1) ?? null;
  /** The host's own take the places of the main server's, one by one. */
  const merged = (name: string) => {
    const list = (from: readonly ApacheDirective[]) => [
      ...new Set(all(from, name).map(({ args }) => args[0] ?? '')),
    ];
    const mine = list(own);
    return vhost === null ? mine : [...mine, ...list(main).slice(mine.length)];
  };
  const keys = merged('sslcertificatekeyfile');
  const pairs = merged('sslcertificatefile').map((certificatePath, index) => ({
    certificatePath,
    // Apache looks for the key in the certificate's file when no other is named.
    keyPath: keys[index] ?? certificatePath,
  }));
  const decides = last('sslengine');
  const engine = decides
    ? engineOf(decides)
    : pairs.length > 0 && isHttps(config, vhost, last('protocol'))
      ? 'on'
      : 'off';
  const isInherited = all(own, 'sslengine').length === 0 || all(own, 'sslcertificatefile').length === 0;
  return {
    vhost,
    // The main server's name is no name of a virtual host's.
    serverName: hostName(all(own, 'servername').at(-1)?.args[0]),
    engine,
    decidedBy: decides ? { file: decides.file, line: decides.line } : null,
    pairs,
    chainPath: last('sslcertificatechainfile')?.args[0] ?? null,
    doubt:
      (vhost !== null && config.unknowns.find((one) => one.vhost === vhost)) ||
      (isInherited ? (config.unknowns.find((one) => one.vhost === null) ?? null) : null),
  };
}

/** `optional` takes whoever does not ask for TLS without it. */
function engineOf({ args }: ApacheDirective): ApacheHost['engine'] {
  const value = args[0]?.toLowerCase() ?? '';
  if (value === 'on') return 'on';
  return value === 'off' || value === 'optional' ? 'off' : 'unknown';
}

/** Apache speaks TLS without SSLEngine where the listener's protocol is https, which is the default of port 443. */
function isHttps(config: ApacheConfig, vhost: ApacheVhost | null, protocol: ApacheDirective | null): boolean {
  if (protocol) return protocol.args[0]?.toLowerCase() === 'https';
  const ports = new Set(vhost?.address.split(' ').map((one) => listenAddress(one)?.port));
  return config.directives.some(({ name, args }) => {
    const port = name === 'listen' ? listenAddress(args[0] ?? '')?.port : undefined;
    if (port === undefined || (vhost !== null && !ports.has(port))) return false;
    return args[1] === undefined ? port === 443 : args[1].toLowerCase() === 'https';
  });
}

function hostName(given: string | undefined): string | null {
  return given?.replace(/^https?:\/\//, '').replace(/:\d+$/, '') || null;
}

/** Where httpd gets pass phrases from without asking anybody; null: it asks. */
export function passphraseProgram(config: ApacheConfig): string | null {
  const dialog =
    config.directives.findLast(({ name }) => name === 'sslpassphrasedialog')?.args[0] ?? 'builtin';
  // Its arguments may be the pass phrase itself.
  return dialog.toLowerCase() === 'builtin' ? null : (dialog.trim().split(/\s/)[0] ?? dialog);
}
