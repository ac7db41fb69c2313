import { ALL, familyOf, type HbaAddress, masked, named, network } from './hba-address.js';
import type { HbaLine, HbaToken } from './hba-tokens.js';

export interface HbaRecord {
  readonly type: string;
  readonly databases: readonly HbaToken[];
  readonly users: readonly HbaToken[];
  /** Null: `local`. */
  readonly address: HbaAddress | null;
  readonly method: string;
}

/** A text: what PostgreSQL refuses in the line, or what is not known of it. */
export type ParsedRecord = HbaRecord | string;

const TYPES_SINCE: Readonly<Record<string, number>> = {
  local: 0,
  host: 0,
  hostssl: 0,
  hostnossl: 0,
  hostgssenc: 12,
  hostnogssenc: 12,
};
/** With the options that each takes beside those of client certificates. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  trust: [],
  reject: [],
  md5: [],
  'scram-sha-256': [],
  password: [],
  gss: ['map', 'include_realm', 'krb_realm'],
  ident: ['map'],
  peer: ['map'],
  pam: ['pamservice', 'pam_use_hostname'],
  ldap: [
    ...['ldapserver', 'ldapport', 'ldapscheme', 'ldaptls', 'ldapprefix', 'ldapsuffix', 'ldapbasedn'],
    ...['ldapbinddn', 'ldapbindpasswd', 'ldapsearchattribute', 'ldapsearchfilter', 'ldapurl'],
  ],
  radius: ['radiusservers', 'radiussecrets', 'radiusports', 'radiusidentifiers'],
  cert: ['map'],
};
/** Of each group one must be given. */
const MUST: Readonly<Record<string, readonly (readonly string[])[]>> = {
  ldap: [
    ['ldapserver', 'ldapurl'],
    ['ldapbasedn', 'ldapprefix', 'ldapsuffix', 'ldapurl'],
  ],
  radius: [['radiusservers'], ['radiussecrets']],
};
/** Only verify-ca and verify-full are left of the values of clientcert. */
const CLIENTCERT_WORDS_SINCE = 14;

/** One line, as parse_hba_line reads it. */
export function hbaRecord({ fields }: HbaLine, version: number | null): ParsedRecord {
  const [types = [], databases = [], users = []] = fields;
  const type = types[0]?.text ?? '';
  if (types.length !== 1) return 'has several types of connection';
  const since = TYPES_SINCE[type];
  if (since === undefined) return `is of a type that is not known ("${type.slice(0, 32)}")`;
  if (since > 0 && (version === null || version < since))
    return `is of a type known since PostgreSQL ${since}`;
  if (databases.length === 0 || users.length === 0) return 'ends before its users';
  if (
    [...databases, ...users].some(({ text }) => text.startsWith('/')) &&
    !(version !== null && version < 16)
  )
    return 'names databases or users by a regular expression';
  const rest = fields.slice(3);
  const where = type === 'local' ? { address: null, used: 0 } : addressOf(rest);
  if (typeof where === 'string') return where;
  const methods = rest[where.used] ?? [];
  const method = methods[0]?.text ?? '';
  if (methods.length !== 1) return 'has no method, or several';
  const problem = methodProblem(type, method, rest.slice(where.used + 1).flat(), version);
  return problem ?? { type, databases, users, address: where.address, method };
}

function addressOf(
  fields: readonly (readonly HbaToken[])[],
): { readonly address: HbaAddress; readonly used: number } | string {
  const [token, ...others] = fields[0] ?? [];
  if (!token || others.length > 0) return 'has no address, or several';
  const { text, isQuoted } = token;
  if (!isQuoted && text === 'all') return { address: ALL, used: 1 };
  // No other host is of this host.
  if (!isQuoted && text === 'samehost') return { address: { ...named(text), ranges: [] }, used: 1 };
  if (!isQuoted && text === 'samenet') return { address: named(text), used: 1 };
  const slash = text.indexOf('/');
  const host = slash < 0 ? text : text.slice(0, slash);
  const family = familyOf(host);
  if (family === null) return byName(host, slash >= 0);
  if (slash >= 0) {
    const address = network(host, family, text.slice(slash + 1));
    return address ? { address, used: 1 } : 'has a mask that its address cannot have';
  }
  const [mask, ...more] = fields[1] ?? [];
  if (!mask || more.length > 0 || familyOf(mask.text) !== family) return 'has an address without a mask';
  return { address: masked(host, family, mask.text), used: 2 };
}

function byName(host: string, hasMask: boolean): { address: HbaAddress; used: number } | string {
  // The system's resolver takes `127.1`, `0x7f000001` and zones for addresses.
  if (/^(?:0x[\da-f]*|\d+)(?:\.(?:0x[\da-f]*|\d+))*$/i.test(host) || host.includes('%'))
    return 'has an address in a form that is not read here';
  if (hasMask || host === '') return 'has a host’s name with a mask';
  const address = named(host.toLowerCase());
  return { address: host.toLowerCase() === 'localhost' ? { ...address, ranges: [] } : address, used: 1 };
}

function methodProblem(
  type: string,
  method: string,
  options: readonly HbaToken[],
  version: number | null,
): string | null {
  const own = METHODS[method];
  if (own === undefined) return `has a method that is not known ("${method.slice(0, 32)}")`;
  if (method === 'peer' && type !== 'local') return 'has the method peer, which is for local connections';
  if (method === 'gss' && type === 'local') return 'has the method gss, which is not for local connections';
  if (method === 'cert' && type !== 'hostssl') return 'has the method cert, which is for hostssl';
  if (type === 'hostgssenc' && !['gss', 'trust', 'reject'].includes(method))
    return 'has a method that some releases refuse for hostgssenc';
  const given = options.map(({ text }) => text.split(/=(.*)/s, 2));
  for (const [name = '', value] of given) {
    if (value === undefined) return 'has an option that is not name=value';
    const isFine =
      name === 'clientcert' || name === 'clientname'
        ? type === 'hostssl' && takesClient(name, value, method, version)
        : own.includes(name);
    if (!isFine) return `has an option that is not understood ("${name.slice(0, 32)}")`;
  }
  const names = given.map(([name = '']) => name);
  const lacks = (MUST[method] ?? []).some((group) => !group.some((name) => names.includes(name)));
  return lacks ? `lacks an option of the method ${method}` : null;
}

function takesClient(name: string, value: string, method: string, version: number | null): boolean {
  if (name === 'clientname') return version !== null && version >= 14 && /^(CN|DN)$/.test(value);
  if (value === 'verify-full') return version !== null && version >= 12;
  if (value === 'verify-ca') return version !== null && version >= 12 && method !== 'cert';
  return version !== null && version < CLIENTCERT_WORDS_SINCE && /^[01]$/.test(value);
}
