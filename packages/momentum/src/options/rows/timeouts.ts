import type { OptionRow } from '../row.js';
import { DOMAINS, OUTBOUND } from '../scopes.js';

/** Waits and lifetimes. */
// biome-ignore format: one option a line
export const TIMEOUTS_ROWS: readonly OptionRow[] = [
  { name: 'body_timeout', type: 'number', scopes: OUTBOUND, default: '600', page: 'conf.ref.body_timeout' },
  { name: 'connect_timeout', type: 'number', scopes: OUTBOUND, default: '300', page: 'conf.ref.connect_timeout' },
  { name: 'connect_timeout_to_delay', type: 'number', scopes: OUTBOUND, default: '900', page: 'conf.ref.connect_timeout_to_delay' },
  { name: 'control_client_timeout', type: 'number', scopes: ['global'], default: '60', page: 'conf.ref.control_client_timeout' },
  { name: 'delay_dsn_max_retry_interval', type: 'number', scopes: OUTBOUND, default: '0', page: 'conf.ref.delay_dsn_max_retry_interval' },
  { name: 'delay_dsn_retry_interval', type: 'number', scopes: OUTBOUND, default: '3600', page: 'conf.ref.delay_dsn_retry_interval' },
  { name: 'dns_expire_interval', type: 'number', scopes: ['global'], default: '10', page: 'conf.ref.dns_expire_interval' },
  { name: 'dns_failures_to_purge', type: 'number', scopes: DOMAINS, default: '10', page: 'conf.ref.dns_failures_to_purge' },
  { name: 'ecstream_timeout', type: 'number', scopes: OUTBOUND, default: '600', since3: '3.2', page: 'conf.ref.ecstream_timeout' },
  { name: 'ehlo_timeout', type: 'number', scopes: OUTBOUND, default: '300', page: 'conf.ref.ehlo_timeout' },
  { name: 'host_failure_retry', type: 'number', scopes: DOMAINS, default: '120', page: 'conf.ref.host_failure_retry' },
  { name: 'idle_timeout', type: 'number', scopes: OUTBOUND, default: '5', page: 'conf.ref.idle_timeout' },
  { name: 'mailfrom_timeout', type: 'number', scopes: OUTBOUND, default: '300', page: 'conf.ref.mailfrom_timeout' },
  { name: 'max_dns_ttl', type: 'number', scopes: ['global'], default: '4294967295', page: 'conf.ref.max_dns_ttl' },
  { name: 'message_expiration', type: 'number', scopes: OUTBOUND, default: '86400', page: 'conf.ref.message_expiration' },
  { name: 'min_dns_ttl', type: 'number', scopes: ['global'], default: '0', page: 'conf.ref.min_dns_ttl' },
  { name: 'mx_failures_fallback_to_a', type: 'number', scopes: DOMAINS, default: '3', page: 'conf.ref.mx_failures_fallback_to_a' },
  { name: 'mx_failures_to_delay', type: 'number', scopes: DOMAINS, default: '50', page: 'conf.ref.mx_failures_to_delay' },
  { name: 'rcptto_timeout', type: 'number', scopes: OUTBOUND, default: '300', page: 'conf.ref.rcptto_timeout' },
  { name: 'retry_interval', type: 'number', scopes: OUTBOUND, default: '1200', page: 'conf.ref.retry_interval' },
  { name: 'rset_timeout', type: 'number', scopes: OUTBOUND, default: '30', page: 'conf.ref.rset_timeout' },
];
