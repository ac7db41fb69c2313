import type { OptionRow } from '../row.js';
import { BINDINGS, OUTBOUND, PATHWAYS } from '../scopes.js';

/** Bindings, pathways and names. */
// biome-ignore format: one option a line
export const BINDINGS_ROWS: readonly OptionRow[] = [
  { name: 'alias_schemes', type: 'list', scopes: [...PATHWAYS, 'domain'], page: 'conf.ref.alias_schemes' },
  { name: 'bind_address', type: 'text', scopes: BINDINGS, default: '*', restart: true, page: 'conf.ref.bind_address' },
  { name: 'cluster_group', type: 'text', scopes: ['cluster'], default: 'ec_cluster', page: 'ecelerity-cluster.conf' },
  { name: 'default_binding', type: 'text', scopes: ['global'], default: 'normal', page: 'conf.ref.default_binding' },
  { name: 'duravip_follow', type: 'text', scopes: ['listen'], page: 'cluster.config.duravip' },
  { name: 'duravip_preference', type: 'text', scopes: ['binding', 'listen'], page: 'cluster.config.duravip' },
  { name: 'ehlo_hostname', type: 'text', scopes: OUTBOUND, default: '__hostname__', page: 'conf.ref.ehlo_hostname' },
  { name: 'enable_duravip', type: 'boolean', scopes: ['binding', 'listen'], page: 'cluster.config.duravip' },
  { name: 'hostname', type: 'text', scopes: ['global'], page: 'conf.ref.hostname' },
  { name: 'pathway', type: 'text', scopes: ['ecstream_listener', 'esmtp_listener', 'listen', 'peer'], since3: '3.0.24', page: 'conf.ref.pathway' },
];
