import { type Allowed, PROTOCOL_VERSIONS, type ProtocolList, type ProtocolVersion } from './tls-protocols.js';
import { compareVersions } from './version.js';

const NAMES: Readonly<Record<ProtocolVersion, string>> = {
  SSLv2: 'SSL2.0',
  SSLv3: 'SSL3.0',
  'TLSv1.0': 'TLS1.0',
  'TLSv1.1': 'TLS1.1',
  'TLSv1.2': 'TLS1.2',
  'TLSv1.3': 'TLS1.3',
};
/** NEWS of GnuTLS: 3.4.0 takes SSL 3.0 out of the bases, 3.6.5 puts TLS 1.3 into them. */
const SSL3_LEAVES = '3.4.0';
const TLS13_COMES = '3.6.5';
const BASES = new Set([
  'NORMAL',
  'LEGACY',
  'PERFORMANCE',
  'SECURE128',
  'SECURE192',
  'SECURE256',
  'PFS',
  'NONE',
  'SUITEB128',
  'SUITEB192',
]);
const FROM_NOTHING = new Set(['NONE', 'SUITEB128', 'SUITEB192']);

/**
 * Reads a GnuTLS priority string for its protocol versions (Manual 4.x, config.tls_engine: under GnuTLS these, not
 * tls_protocols, decide). Without a version of the library, the bases are those of Momentum's GnuTLS 3.1, which include
 * SSL 3.0, and TLS 1.3 stays unclear until the list says something of it. GnuTLS never speaks SSL 2.0.
 */
export function parseGnutlsPriority(text: string, libraryVersion: string | null = null): ProtocolList {
  const tokens = text
    .split(':')
    .map((t) => t.trim())
    .filter((t) => t !== '');
  const base = tokens[0]?.toUpperCase() ?? '';
  const warnings = BASES.has(base)
    ? []
    : [`"${tokens[0] ?? ''}" is not a base that GnuTLS knows: is this a cipher list of OpenSSL?`];
  const on = new Set<string>(FROM_NOTHING.has(base) ? [] : baseOf(libraryVersion));
  for (const token of tokens.slice(1)) apply(token, on);
  const saysNothingOf13 =
    !FROM_NOTHING.has(base) && !tokens.some((token) => /VERS-(ALL|TLS-ALL|TLS1\.3)$/i.test(token));

  return {
    warnings,
    allows(version): Allowed {
      if (version === 'SSLv2') return 'no';
      if (warnings.length > 0) return 'unclear';
      if (version === 'TLSv1.3' && libraryVersion === null && saysNothingOf13) return 'unclear';
      return on.has(NAMES[version]) ? 'yes' : 'no';
    },
    without(versions) {
      // What is no priority string gives way whole: its words would take nothing away from a base.
      const kept = warnings.length > 0 ? ['NORMAL'] : tokens;
      const named = versions.filter((v) => v !== 'SSLv2').map((v) => `-VERS-${NAMES[v]}`);
      const missing = named.filter(
        (token) => !kept.some((t) => t.toUpperCase() === token.toUpperCase()) || on.has(token.slice(6)),
      );
      return [...kept, ...missing].join(':');
    },
  };
}

function baseOf(libraryVersion: string | null): string[] {
  const middle = ['TLS1.0', 'TLS1.1', 'TLS1.2'];
  if (libraryVersion === null || compareVersions(libraryVersion, SSL3_LEAVES) < 0)
    return ['SSL3.0', ...middle];
  return compareVersions(libraryVersion, TLS13_COMES) < 0 ? middle : [...middle, 'TLS1.3'];
}

function apply(token: string, on: Set<string>): void {
  const match = /^([+!-])VERS-(.+)$/i.exec(token);
  if (!match) return;
  const name = (match[2] ?? '').toUpperCase();
  const names =
    name === 'ALL' || name === 'TLS-ALL'
      ? PROTOCOL_VERSIONS.filter((v) => v !== 'SSLv2').map((v) => NAMES[v])
      : [name];
  for (const each of names) {
    if (match[1] === '+') on.add(each);
    else on.delete(each);
  }
}
