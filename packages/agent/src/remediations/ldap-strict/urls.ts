/** Ports of plain LDAP, and those at which the same is spoken over TLS (IANA; Active Directory's global catalogue). */
const SECURE_PORTS: Readonly<Record<string, string>> = { '389': '636', '3268': '3269' };
const VERSION = 'x-ldap-version';
/** An address of RFC 2255, to the blank or quote that ends it. */
const URL = /(?<![a-z0-9])(ldaps?):\/\/([^\s"'/?]*)([^\s"']*)/gi;

export type Secured =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: string };

/**
 * A setting's text with each directory in it asked over TLS, and by version 3 of the protocol, which ldaps needs (Manual,
 * conf.ldaps). A port of its own is kept only where it is known to speak TLS.
 */
export function secured(text: string): Secured {
  let why: string | null = null;
  const after = text.replace(URL, (_url, scheme: string, authority: string, rest: string) => {
    const isClear = scheme.toLowerCase() === 'ldap';
    const [, host = '', port] = /^(.*?)(?::(\d+))?$/.exec(authority) ?? [];
    const known = port === undefined ? undefined : SECURE_PORTS[port];
    if (isClear && port !== undefined && known === undefined)
      why ??= `${host.replace(/^.*@/, '')}:${port}: at which port it speaks ldaps a person must say`;
    const secure = isClear ? (known ?? port) : port;
    return `ldaps://${host}${secure === undefined ? '' : `:${secure}`}${withVersion(rest)}`;
  });
  return why === null ? { ok: true, text: after } : { ok: false, why };
}

/** `/dn?attributes?scope?filter?extensions`: the version is an extension. */
function withVersion(rest: string): string {
  const [dn = '', attributes = '', scope = '', filter = '', ...more] = (rest === '' ? '/' : rest).split('?');
  const extensions = more
    .join('?')
    .split(',')
    .filter((one) => one !== '');
  const others = extensions.filter((one) => !one.replace(/^!/, '').toLowerCase().startsWith(`${VERSION}=`));
  const isThere = extensions.some((one) => one.toLowerCase() === `${VERSION}=3`);
  const all = isThere ? extensions : [...others, `${VERSION}=3`];
  return [dn, attributes, scope, filter, all.join(',')].join('?');
}
