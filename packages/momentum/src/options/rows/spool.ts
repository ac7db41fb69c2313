import type { OptionRow } from '../row.js';
import { BINDINGS, OUTBOUND } from '../scopes.js';

/** The spool and messages in memory. */
// biome-ignore format: one option a line
export const SPOOL_ROWS: readonly OptionRow[] = [
  { name: '_unsafe_spool', type: 'boolean', scopes: ['global'], default: 'false', page: 'conf.ref.unsafe_spool' },
  { name: 'disk_queue_drain_rate', type: 'number', scopes: ['global'], default: '100', page: 'conf.ref.disk_queue_drain_rate' },
  { name: 'drop_body_after_trans_fail', type: 'number', scopes: OUTBOUND, default: '3', page: 'conf.ref.drop_body_after_trans_fail' },
  { name: 'force_fsync', type: 'boolean', scopes: ['global'], default: 'false', page: 'conf.ref.force_fsync' },
  { name: 'growbuf_size', type: 'number', scopes: ['global'], default: '16384', page: 'conf.ref.growbuf_size' },
  { name: 'inline_transfail_processing', type: 'number', scopes: ['global'], default: '1', page: 'conf.ref.inline_transfail_processing' },
  { name: 'keep_message_dicts_in_memory', type: 'boolean', scopes: ['global'], default: 'false', restart: true, page: 'conf.ref.keep_message_dicts_in_memory' },
  { name: 'large_message_threshold', type: 'number', scopes: ['global'], default: '131072', page: 'conf.ref.large_message_threshold' },
  { name: 'legacy_message_threshold', type: 'number', scopes: ['global'], default: '1048576', page: 'conf.ref.legacy_message_threshold' },
  { name: 'malloc2mmap_threshold', type: 'number', scopes: ['global'], default: '4092', page: 'conf.ref.malloc2mmap_threshold' },
  { name: 'masterdb_file', type: 'path', scopes: ['global'], default: '/var/log/ecelerity/ecdb', restart: true, page: 'conf.ref.masterdb_file' },
  { name: 'max_resident_active_queue', type: 'number', scopes: OUTBOUND, default: '250', page: 'conf.ref.max_resident_active_queue' },
  { name: 'max_resident_messages', type: 'number', scopes: BINDINGS, default: '32768', page: 'conf.ref.max_resident_messages' },
  { name: 'max_resident_transfails', type: 'number', scopes: ['global'], default: '100', page: 'conf.ref.max_resident_transfails' },
  { name: 'permastore_interval', type: 'number', scopes: ['global'], default: '300', page: 'conf.ref.permastore_interval' },
  { name: 'soft_bounce_drain_rate', type: 'number', scopes: ['global'], default: '100', page: 'conf.ref.soft_bounce_drain_rate' },
  { name: 'spool_mode', type: 'mode', scopes: ['global'], default: '0640', restart: true, page: 'conf.ref.spool_mode' },
  { name: 'spoolbase', type: 'path', scopes: ['global'], default: '/var/spool/ecelerity', restart: true, page: 'conf.ref.spoolbase' },
  { name: 'trace_smtp_mode', type: 'mode', scopes: ['global'], default: '0640', restart: true, page: 'conf.ref.trace_smtp_mode' },
  { name: 'transfail_drain_rate', type: 'number', scopes: ['global'], default: '100', page: 'conf.ref.transfail_drain_rate' },
  { name: 'unlink_on_spool_in_failure', type: 'boolean', scopes: ['global'], default: 'true', page: 'conf.ref.unlink_on_spool_in_failure' },
  { name: 'use_mmap', type: 'boolean', scopes: ['global'], default: 'false', page: 'conf.ref.use_mmap' },
  { name: 'use_sendfile', type: 'boolean', scopes: ['global'], default: 'false', page: 'conf.ref.use_sendfile' },
];
