import type { OptionRow } from '../row.js';

/** SNMP agent and traps. A change needs a restart (conf.ref.snmp). */
// biome-ignore format: one option a line
export const SNMP_ROWS: readonly OptionRow[] = [
  { name: 'address', type: 'text', scopes: ['snmp'], restart: true, page: 'conf.ref.snmp' },
  { name: 'community', type: 'text', scopes: ['snmp'], default: 'Public', restart: true, page: 'conf.ref.snmp' },
  { name: 'state', type: 'boolean', scopes: ['snmp'], default: '1', restart: true, page: 'conf.ref.snmp' },
  { name: 'state', type: 'boolean', scopes: ['snmp_traps'], default: '0', restart: true, page: 'conf.ref.snmp' },
  { name: 'syscontact', type: 'text', scopes: ['snmp'], restart: true, page: 'conf.ref.snmp' },
  { name: 'sysdescription', type: 'text', scopes: ['snmp'], restart: true, page: 'conf.ref.snmp' },
  { name: 'syslocation', type: 'text', scopes: ['snmp'], restart: true, page: 'conf.ref.snmp' },
  { name: 'trap_destination', type: 'text', scopes: ['snmp_traps'], restart: true, page: 'conf.ref.snmp' },
  { name: 'trap_interval', type: 'number', scopes: ['snmp_traps'], default: '60', restart: true, page: 'conf.ref.snmp' },
  { name: 'watch_interval', type: 'number', scopes: ['snmp_traps'], default: '10', restart: true, page: 'conf.ref.snmp' },
  { name: 'watch_variables', type: 'list', scopes: ['snmp_traps'], restart: true, page: 'conf.ref.snmp' },
];
