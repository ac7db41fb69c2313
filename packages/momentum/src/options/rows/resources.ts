import type { OptionRow } from '../row.js';
import { BINDINGS, OUTBOUND, SOCKETS } from '../scopes.js';

/** Memory, threads, caches and event loops. */
// biome-ignore format: one option a line
export const RESOURCES_ROWS: readonly OptionRow[] = [
  { name: 'address_metrics_cleanse_interval', type: 'number', scopes: ['global'], default: '3600', page: 'conf.ref.address_metrics_cleanse_interval' },
  { name: 'address_metrics_lifetime', type: 'number', scopes: ['global'], default: '1800', page: 'conf.ref.address_metrics_lifetime' },
  { name: 'backlog', type: 'number', scopes: ['threadpool'], default: '0', restart: true, page: 'conf.ref.threadpool' },
  { name: 'clear_mail_queue_maintainers', type: 'boolean', scopes: ['global'], default: [{ since: '3.0', text: 'false' }, { since: '3.6', text: 'true' }], page: 'conf.ref.clear_mail_queue_maintainers' },
  { name: 'concurrency', type: 'number', scopes: [...SOCKETS, 'threadpool'], default: '0', page: 'ecelerity.conf' },
  { name: 'delayed_binding_domain_fuzz', type: 'number', scopes: BINDINGS, default: '0', since3: '3.0.26', page: 'conf.ref.delayed_binding_domain_fuzz' },
  { name: 'delivery_pool', type: 'text', scopes: ['global'], since3: '3.6', restart: true, page: 'conf.ref.delivery_pool' },
  { name: 'dns_cache_purge_interval', type: 'number', scopes: ['global'], default: '60', page: 'conf.ref.dns_cache_purge_interval' },
  { name: 'event_loop', type: 'text', scopes: ['ecstream_listener', 'esmtp_listener', 'http_listener', 'listen'], since3: '3.6', restart: true, page: 'ecelerity.conf' },
  { name: 'exclude_vctx_conn', type: 'list', scopes: OUTBOUND, page: 'conf.ref.exclude_vctx' },
  { name: 'exclude_vctx_mess', type: 'list', scopes: OUTBOUND, page: 'conf.ref.exclude_vctx' },
  { name: 'expensive_batch_assessment', type: 'boolean', scopes: ['global'], default: 'false', page: 'conf.ref.expensive_batch_assessment' },
  { name: 'initial_hash_buckets', type: 'number', scopes: ['global'], default: '32', since3: '3.1', page: 'conf.ref.initial_hash_buckets' },
  { name: 'mail_queue_check_vm_interval', type: 'number', scopes: ['global'], default: '60', page: 'conf.ref.mail_queue_check_vm_interval' },
  { name: 'maintainer_pool', type: 'text', scopes: ['global'], since3: '3.6', restart: true, page: 'conf.ref.maintainer_pool' },
  { name: 'match_cache_life', type: 'number', scopes: ['global'], default: '0', page: 'conf.ref.match_cache_life' },
  { name: 'match_cache_size', type: 'number', scopes: ['global'], default: '16384', page: 'conf.ref.match_cache_size' },
  { name: 'max_timed_events_per_iter', type: 'number', scopes: ['global'], default: '1024', since3: '3.0.22', page: 'conf.ref.max_timed_events_per_iter' },
  { name: 'memory_goal', type: 'number', scopes: ['global'], default: '90', page: 'conf.ref.memory_goal' },
  { name: 'memory_hwm', type: 'number', scopes: ['global'], default: '95', page: 'conf.ref.memory_hwm' },
  { name: 'migrate_connections_between_sibling_domains', type: 'boolean', scopes: ['global'], default: 'true', since3: '3.4', page: 'conf.ref.migrate_connections_between_sibling_domains' },
  { name: 'mime_parse_large_messages_during_reception', type: 'boolean', scopes: ['global'], default: 'true', page: 'conf.ref.mime_parse_large_messages_during_reception' },
  { name: 'pcre_cache_size', type: 'number', scopes: ['global'], default: '100', page: 'conf.ref.pcre_cache_size' },
  { name: 'pcre_cache_ttl', type: 'number', scopes: ['global'], default: '300', page: 'conf.ref.pcre_cache_ttl' },
  { name: 'scheduler', type: 'text', scopes: ['global'], restart: true, page: 'conf.ref.scheduler' },
  { name: 'stack_size', type: 'number', scopes: ['threadpool'], default: '0', restart: true, page: 'conf.ref.threadpool' },
  { name: 'tcp_buffer_size', type: 'number', scopes: ['cluster', 'global'], default: '32768', page: 'conf.ref.tcp_buffer_size' },
  { name: 'umem_reap_interval', type: 'number', scopes: ['global'], default: '1800', page: 'conf.ref.umem_reap_interval' },
  { name: 'use_iflist_cache', type: 'number', scopes: ['global'], default: '0', restart: true, page: 'conf.ref.use_iflist_cache' },
];
