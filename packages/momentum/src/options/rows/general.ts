import type { OptionRow } from '../row.js';
import { OUTBOUND, PATHWAYS } from '../scopes.js';

/** What fits nowhere else. */
// biome-ignore format: one option a line
export const GENERAL_ROWS: readonly OptionRow[] = [
  { name: 'default_charset', type: 'text', scopes: PATHWAYS, default: 'us-ascii', page: 'conf.ref.default_charset' },
  { name: 'delayed_queue_scan_interval', type: 'number', scopes: ['global'], default: '15', page: 'conf.ref.delayed_queue_scan_interval' },
  // The table names the folder; the licence is the file in it (install.prepare).
  { name: 'license', type: 'path', scopes: ['global'], default: '/opt/msys/ecelerity/etc/license', restart: true, page: 'conf.ref.license' },
  { name: 'local_changes_file', type: 'path', scopes: ['global'], default: '/opt/msys/ecelerity/etc/local_changes.conf', page: 'conf.ref.local_changes_file' },
  { name: 'local_changes_only', type: 'boolean', scopes: ['global'], default: 'false', page: 'conf.ref.local_changes_only' },
  { name: 'pidfile', type: 'path', scopes: ['global'], default: '/var/run/ecelerity.pid', restart: true, page: 'conf.ref.pidfile' },
  { name: 'reserve_maintenance_interval', type: 'number', scopes: ['global'], default: '15', page: 'conf.ref.reserve_maintenance_interval' },
  { name: 'watchdog_interval', type: 'number', scopes: ['global'], default: '60', since4: 'none', page: 'conf.ref.watchdog_interval' },
  { name: 'xclient', type: 'text', scopes: OUTBOUND, default: 'no', page: 'conf.ref.xclient' },
];
