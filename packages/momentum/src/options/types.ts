import type { OptionType } from './info.js';

const LISTS = `alias_schemes allow codes high_action low_action prohibited_hosts relay_domains relay_for_sending_domains
  relay_hosts routes smtp_extensions supplemental_groups adaptive_notification_events
  watch_variable watch_variables`;
const DICTIONARIES = `authcrammd5parameters authdigestmd5parameters authloginparameters authplainparameters authorizationparameters
  context map`;
const PATHS = `credentials key tls_ca tls_certificate tls_client_ca tls_dhparams_file tls_key local_changes_file license pidfile spoolbase
  chroot masterdb_file`;
const MODES = 'file_mode dir_mode spool_mode trace_smtp_mode';

const BY_NAME: ReadonlyMap<string, OptionType> = new Map([
  ...entries(LISTS, 'list'),
  ...entries(DICTIONARIES, 'dictionary'),
  ...entries(PATHS, 'path'),
  ...entries(MODES, 'mode'),
  ['tls_protocols', 'protocols'],
  ['tls_ciphers', 'ciphers'],
  ...entries(
    'enable_authentication enable_authorization tls_verified_peer_can_relay no_cache returns_password',
    'boolean',
  ),
]);

function entries(names: string, type: OptionType): [string, OptionType][] {
  return names.split(/\s+/).map((name) => [name, type]);
}

/** Known by name, else told from the default. */
export function typeOf(name: string, fallback: string | null): OptionType {
  const known = BY_NAME.get(name);
  if (known) return known;
  if (fallback === 'true' || fallback === 'false') return 'boolean';
  return fallback !== null && /^-?\d+(\.\d+)?$/.test(fallback) ? 'number' : 'text';
}
