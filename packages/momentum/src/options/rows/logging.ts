import type { OptionRow } from '../row.js';
import { HTTP_RECEPTION, OUTBOUND } from '../scopes.js';

/** Logs and debugging. */
// biome-ignore format: one option a line
export const LOGGING_ROWS: readonly OptionRow[] = [
  { name: 'control_cache', type: 'text', scopes: ['logs'], page: 'eccluster.conf3' },
  { name: 'critical', type: 'list', scopes: ['debug_flags'], default: 'ALL', page: 'conf.ref.debug_flags' },
  { name: 'debug', type: 'list', scopes: ['debug_flags'], page: 'conf.ref.debug_flags' },
  { name: 'dir_mode', type: 'mode', scopes: ['logs'], page: 'eccluster.conf3' },
  { name: 'error', type: 'list', scopes: ['debug_flags'], default: 'ALL', page: 'conf.ref.debug_flags' },
  { name: 'file_mode', type: 'mode', scopes: ['logs'], page: 'eccluster.conf3' },
  { name: 'info', type: 'list', scopes: ['debug_flags'], page: 'conf.ref.debug_flags' },
  { name: 'log_requests_to_paniclog', type: 'boolean', scopes: HTTP_RECEPTION, default: 'false', since3: '3.1.4', page: 'rest.http_listener' },
  { name: 'logfile', type: 'text', scopes: ['logs'], page: 'eccluster.conf3' },
  { name: 'max_idle', type: 'number', scopes: ['logs'], page: 'eccluster.conf3' },
  { name: 'max_open', type: 'number', scopes: ['logs'], page: 'eccluster.conf3' },
  { name: 'notice', type: 'list', scopes: ['debug_flags'], page: 'conf.ref.debug_flags' },
  { name: 'response_transcode_pattern', type: 'text', scopes: OUTBOUND, page: 'conf.ref.response_transcode_pattern' },
  { name: 'response_transcode_replace', type: 'text', scopes: OUTBOUND, page: 'conf.ref.response_transcode_replace' },
  { name: 'signing_stats', type: 'text', scopes: ['global'], default: 'all', since3: '3.0.17', page: 'conf.ref.signing_stats' },
  { name: 'timestampformat', type: 'text', scopes: ['global'], default: '[%a %d %b %Y %H:%M:%S]', page: 'conf.ref.timestampformat' },
  { name: 'warning', type: 'list', scopes: ['debug_flags'], page: 'conf.ref.debug_flags' },
];
