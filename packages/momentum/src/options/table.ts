import { compareVersions } from '../values/version.js';
import type { OptionInfo } from './info.js';

const OUTBOUND = ['binding', 'binding_group', 'domain', 'global'];
const INBOUND = ['ecstream_listener', 'esmtp_listener', 'http_listener', 'listen', 'pathway', 'pathway_group', 'peer'];
const BOTH = [...OUTBOUND, ...INBOUND];

type Row = [name: string, type: OptionInfo['type'], scopes: readonly string[], fallback: string | null, since3: string | null, since4: string | null, page: string, change?: 'restart'];

/** Manual: options-summary (3.x) and config.options.summary (4.x), and each option's own page. */
const ROWS: readonly Row[] = [
  ['tls', 'text', OUTBOUND, 'no', null, null, 'conf.ref.tls'],
  ['tls_ifavailable_fallback', 'boolean', OUTBOUND, 'true', '3.5.10', '4.1', 'conf.ref.tls_ifavailable_fallback'],
  ['tls_verify', 'text', OUTBOUND, 'no', null, null, 'conf.ref.tls_verify'],
  ['tls_ca', 'path', OUTBOUND, null, null, null, 'conf.ref.tls_ca'],
  ['tls_certificate', 'path', [...BOTH, 'xmpp_listener'], null, null, null, 'conf.ref.tls_certificate'],
  ['tls_key', 'path', [...BOTH, 'xmpp_listener'], null, null, null, 'conf.ref.tls_key'],
  ['tls_client_ca', 'path', [...INBOUND, 'global', 'xmpp_listener'], null, null, null, 'conf.ref.tls_client_ca'],
  ['tls_ciphers', 'ciphers', [...BOTH, 'xmpp_listener'], null, null, null, 'conf.ref.tls_ciphers'],
  ['tls_protocols', 'protocols', BOTH, '+ALL', '3.6.6', '4.1.0.2', 'conf.ref.tls_protocols'],
  ['tls_enable_dhe_ciphers', 'boolean', ['global'], 'true', '3.6.6', '4.0', 'conf.ref.tls_enable_dhe_ciphers'],
  ['tls_dhparams_file', 'path', ['global'], null, '3.6.6', '4.0', 'conf.ref.tls_dhparams_file'],
  ['tls_engine', 'text', ['global'], 'openssl', 'none', '4.1', 'config.tls_engine', 'restart'],
  ['tls_verify_mode', 'text', INBOUND, null, null, null, 'conf.ref.tls_verify_mode'],
  ['tls_allow_renegotiation', 'boolean', INBOUND, 'true', '3.5.4', '4.0', 'conf.ref.tls_allow_renegotiation'],
  ['tls_verified_peer_can_relay', 'boolean', INBOUND, 'false', null, null, 'conf.ref.tls_verified_peer_can_relay'],
  ['tls_verified_peer_is_authorized', 'boolean', INBOUND, 'false', '3.1.4', '4.0', 'conf.ref.tls_verified_peer_is_authorized'],
  ['use_ssl', 'boolean', INBOUND, 'false', null, null, 'conf.ref.use_ssl'],
  ['starttls_injection_policy', 'text', INBOUND, 'reject', '3.3', '4.0', 'conf.ref.starttls_injection_policy'],
  ['smtp_extensions', 'list', INBOUND, null, null, null, 'conf.ref.smtp_extensions'],
  ['enable', 'boolean', [...INBOUND, 'control_listener'], 'true', null, null, 'ecelerity.conf'],
  ['relay_hosts', 'list', [...INBOUND, 'global'], null, null, null, 'conf.ref.relay_hosts'],
  ['relay_domains', 'list', [...INBOUND, 'global'], null, null, null, 'conf.ref.relay_domains'],
  ['open_relay', 'boolean', [...INBOUND, 'global'], 'false', null, null, 'conf.ref.open_relay'],
  ['prohibited_hosts', 'list', OUTBOUND, null, null, null, 'conf.ref.prohibited_hosts'],
  ['file_mode', 'text', ['listen', 'control_listener'], '0660', null, null, 'conf.ref.file_mode'],
  ['enable_authentication', 'boolean', [...INBOUND, 'control_listener'], null, null, null, 'conf.aaa'],
  ['enable_authorization', 'boolean', ['control_listener', ...INBOUND], 'false', null, null, 'conf.aaa'],
  ['pathway', 'text', INBOUND, null, null, null, 'conf.ref.pathway'],
  ['user', 'text', ['security'], 'ecuser', null, null, 'conf.ref.user', 'restart'],
  ['group', 'text', ['security'], 'ecuser', null, null, 'conf.ref.group', 'restart'],
  ['capabilities', 'text', ['security'], null, null, null, 'conf.ref.capabilities', 'restart'],
  ['supplemental_groups', 'list', ['security'], null, null, null, 'conf.ref.supplemental_groups', 'restart'],
  ['credentials', 'path', ['securecreds'], '/opt/msys/etc/credentials.db', '3.2', null, 'modules.securecreds'],
  ['key', 'path', ['securecreds'], '/opt/msys/etc/credentials.key', '3.2', null, 'modules.securecreds'],
  ['local_changes_file', 'path', ['global'], '/opt/msys/ecelerity/etc/local_changes.conf', null, null, 'conf.ref.local_changes_file'],
  ['spool_mode', 'text', ['global'], '0640', null, null, 'conf.ref.spool_mode', 'restart'],
  ['trace_smtp_mode', 'text', ['global'], '0640', null, null, 'conf.ref.trace_smtp_mode', 'restart'],
  ['max_outbound_connections', 'number', [...OUTBOUND, 'host'], '32', null, null, 'conf.ref.max_outbound_connections'],
];

const TABLE: ReadonlyMap<string, OptionInfo> = new Map(
  ROWS.map(([name, type, scopes, fallback, major3, major4, page, change]) => [
    name,
    { name, type, scopes, default: fallback, since: { major3, major4 }, change: change ?? 'reload', page } as OptionInfo,
  ]),
);

export function optionInfo(name: string): OptionInfo | null {
  return TABLE.get(name.toLowerCase()) ?? null;
}

/** Whether a release knows an option; null where the option itself is not in the table. */
export function optionExists(name: string, momentumVersion: string): boolean | null {
  const info = optionInfo(name);
  if (!info) return null;
  const since = Number.parseInt(momentumVersion, 10) >= 4 ? info.since.major4 : info.since.major3;
  if (since === 'none') return false;
  return since === null || compareVersions(momentumVersion, since) >= 0;
}
