import type { OptionRow } from '../row.js';
import { ADAPTIVE_ROWS } from './adaptive.js';
import { BINDINGS_ROWS } from './bindings.js';
import { BOUNCES_ROWS } from './bounces.js';
import { CLUSTER_ROWS } from './cluster.js';
import { CONFORMANCE_ROWS } from './conformance.js';
import { GENERAL_ROWS } from './general.js';
import { LISTENERS_ROWS } from './listeners.js';
import { LOGGING_ROWS } from './logging.js';
import { MODULES_ROWS } from './modules.js';
import { PUSH_ROWS } from './push.js';
import { RESOURCES_ROWS } from './resources.js';
import { ROUTING_ROWS } from './routing.js';
import { SECURITY_ROWS } from './security.js';
import { SHAPING_ROWS } from './shaping.js';
import { SNMP_ROWS } from './snmp.js';
import { SPOOL_ROWS } from './spool.js';
import { TIMEOUTS_ROWS } from './timeouts.js';
import { TLS_ROWS } from './tls.js';
import { TRACKING_ROWS } from './tracking.js';

/** Every option of the table, by subject. */
export const OPTION_ROWS: readonly OptionRow[] = [
  ...ADAPTIVE_ROWS,
  ...BINDINGS_ROWS,
  ...BOUNCES_ROWS,
  ...CLUSTER_ROWS,
  ...CONFORMANCE_ROWS,
  ...GENERAL_ROWS,
  ...LISTENERS_ROWS,
  ...LOGGING_ROWS,
  ...MODULES_ROWS,
  ...PUSH_ROWS,
  ...RESOURCES_ROWS,
  ...ROUTING_ROWS,
  ...SECURITY_ROWS,
  ...SHAPING_ROWS,
  ...SNMP_ROWS,
  ...SPOOL_ROWS,
  ...TIMEOUTS_ROWS,
  ...TLS_ROWS,
  ...TRACKING_ROWS,
];
