import type { OptionRow } from '../row.js';
import { SOCKETS_OF_ALL } from '../scopes.js';

/** Cluster, its logs on the nodes, and DuraVIP. */
// biome-ignore format: one option a line
export const CLUSTER_ROWS: readonly OptionRow[] = [
  { name: 'arp_all_hosts', type: 'boolean', scopes: ['cluster'], default: 'true', since3: '3.0.13', page: 'ecelerity-cluster.conf' },
  { name: 'control_group', type: 'text', scopes: ['cluster'], default: 'ec_console', page: 'ecelerity-cluster.conf' },
  { name: 'debug_level', type: 'text', scopes: ['cluster'], default: 'error', page: 'modules.overview.implicit' },
  { name: 'duravip_balance_set_size', type: 'number', scopes: ['cluster'], default: '1', page: 'ecelerity-cluster.conf' },
  { name: 'enabled', type: 'boolean', scopes: ['cluster'], default: 'true', page: 'modules.overview' },
  { name: 'file_mode', type: 'mode', scopes: SOCKETS_OF_ALL, default: '0660', page: 'ecelerity.conf' },
  { name: 'heartbeat_start_delay', type: 'number', scopes: ['cluster'], default: '15', page: 'ecelerity-cluster.conf' },
  { name: 'heartbeats_per_sec', type: 'number', scopes: ['cluster'], default: '1', page: 'ecelerity-cluster.conf' },
  { name: 'if_check_interval', type: 'number', scopes: ['cluster'], default: '30', page: 'ecelerity-cluster.conf' },
  { name: 'if_down_limit', type: 'number', scopes: ['cluster'], default: '4', page: 'ecelerity-cluster.conf' },
  { name: 'log_active_interval', type: 'number', scopes: ['cluster'], default: '1', page: 'ecelerity-cluster.conf' },
  { name: 'log_group', type: 'text', scopes: ['cluster'], page: 'ecelerity-cluster.conf' },
  { name: 'log_idle_interval', type: 'number', scopes: ['cluster'], default: '10', page: 'ecelerity-cluster.conf' },
  { name: 'logs', type: 'text', scopes: ['cluster'], page: 'ecelerity-cluster.conf' },
  { name: 'mbus_daemon', type: 'number', scopes: ['cluster'], default: '4803', since4: 'none', page: 'ecelerity-cluster.conf' },
  { name: 'nodeaddr', type: 'text', scopes: ['cluster'], page: 'ecelerity-cluster.conf' },
  { name: 'nodename', type: 'text', scopes: ['cluster'], page: 'ecelerity-cluster.conf' },
  { name: 'subcluster', type: 'text', scopes: ['cluster'], since4: 'none', page: 'mbus.conf' },
  { name: 'unconditional_rebind', type: 'boolean', scopes: ['cluster'], default: 'true', page: 'ecelerity-cluster.conf' },
  { name: 'view_balance_interval', type: 'number', scopes: ['cluster'], default: '10', page: 'ecelerity-cluster.conf' },
  { name: 'view_broadcast_interval', type: 'number', scopes: ['cluster'], default: '0', page: 'ecelerity-cluster.conf' },
  { name: 'view_mature_time', type: 'number', scopes: ['cluster'], default: '5', page: 'ecelerity-cluster.conf' },
];
