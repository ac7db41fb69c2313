import type { OptionRow } from '../row.js';
import { BINDINGS, ECSTREAM_RECEPTION, OUTBOUND, PATHWAYS } from '../scopes.js';

/** How much mail goes out at once. */
// biome-ignore format: one option a line
export const SHAPING_ROWS: readonly OptionRow[] = [
  { name: 'cluster_max_outbound_connections', type: 'number', scopes: ['binding', 'domain', 'global', 'host'], default: '-1', page: 'conf.ref.cluster_max_outbound_connections' },
  { name: 'cluster_outbound_throttle_connections', type: 'text', scopes: ['binding_group', 'domain', 'global'], page: 'conf.ref.cluster_outbound_throttle_connections' },
  { name: 'cluster_outbound_throttle_messages', type: 'text', scopes: ['binding_group', 'domain', 'global'], page: 'conf.ref.cluster_outbound_throttle_messages' },
  { name: 'cluster_scope_max_outbound_connections', type: 'number', scopes: [...OUTBOUND, 'host'], since3: '3.0.16', page: 'conf.ref.cluster_scope_max_outbound_connections' },
  { name: 'cluster_server_max_outbound_connections', type: 'number', scopes: BINDINGS, page: 'conf.ref.cluster_server_max_outbound_connections' },
  { name: 'connection_allocation_aggressiveness', type: 'text', scopes: OUTBOUND, default: 'normal', page: 'conf.ref.connection_allocation_aggressiveness' },
  { name: 'ecstream_max_batch_size', type: 'number', scopes: ECSTREAM_RECEPTION, default: '10000', page: 'ecelerity.conf' },
  { name: 'inbound_throttle_messages', type: 'text', scopes: PATHWAYS, page: 'conf.ref.inbound_throttle_messages' },
  { name: 'max_deliveries_per_connection', type: 'number', scopes: OUTBOUND, default: '0', page: 'conf.ref.max_deliveries_per_connection' },
  { name: 'max_outbound_connections', type: 'number', scopes: [...OUTBOUND, 'host'], default: '32', page: 'conf.ref.max_outbound_connections' },
  { name: 'max_recipients_per_batch', type: 'number', scopes: OUTBOUND, default: '100', page: 'conf.ref.max_recipients_per_batch' },
  { name: 'max_recipients_per_connection', type: 'number', scopes: [...OUTBOUND, 'esmtp_listener', 'listen', 'peer'], default: '0', page: 'conf.ref.max_recipients_per_connection' },
  { name: 'max_retries', type: 'text', scopes: OUTBOUND, default: 'auto', page: 'conf.ref.max_retries' },
  { name: 'max_retry_interval', type: 'number', scopes: OUTBOUND, default: '43200', page: 'conf.ref.max_retry_interval' },
  { name: 'never_attempt_expired_messages', type: 'boolean', scopes: OUTBOUND, default: 'false', page: 'conf.ref.never_attempt_expired_messages' },
  { name: 'outbound_throttle_connections', type: 'text', scopes: OUTBOUND, page: 'conf.ref.outbound_throttle_connections' },
  { name: 'outbound_throttle_messages', type: 'text', scopes: OUTBOUND, page: 'conf.ref.outbound_throttle_messages' },
  { name: 'scope_max_outbound_connections', type: 'number', scopes: [...OUTBOUND, 'host'], since3: '3.2', page: 'conf.ref.scope_max_outbound_connections' },
  { name: 'server_max_file_descriptors', type: 'number', scopes: ['global'], default: '3000000', page: 'conf.ref.server_max_file_descriptors' },
  { name: 'server_max_outbound_connections', type: 'number', scopes: BINDINGS, default: '75000', page: 'conf.ref.server_max_outbound_connections' },
  { name: 'server_reserve_outbound_connections', type: 'number', scopes: ['global'], default: '200', page: 'conf.ref.server_reserve_outbound_connections' },
  { name: 'siv_throttle_cache_size', type: 'number', scopes: ['global'], default: [{ since: '3.0', text: '100' }, { since: '3.0.24', text: '1000' }], page: 'conf.ref.siv_throttle_cache_size' },
  { name: 'suspend_delivery', type: 'boolean', scopes: OUTBOUND, default: 'false', page: 'conf.ref.suspend_delivery' },
];
