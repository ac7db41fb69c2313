import type { OptionRow } from '../row.js';
import {
  ECSTREAM_RECEPTION,
  HTTP_RECEPTION,
  RECEPTION,
  RECEPTION_OR_GLOBAL,
  SOCKETS,
  SOCKETS_BUT_HTTP,
  SOCKETS_OF_ALL,
} from '../scopes.js';

/** Listeners and their sockets. */
// biome-ignore format: one option a line
export const LISTENERS_ROWS: readonly OptionRow[] = [
  { name: 'accept_queue_backlog', type: 'number', scopes: SOCKETS_OF_ALL, default: '0', page: 'ecelerity.conf' },
  { name: 'banner_hostname', type: 'text', scopes: RECEPTION, page: 'ecelerity.conf' },
  { name: 'context', type: 'dictionary', scopes: RECEPTION, page: 'ecelerity.conf' },
  { name: 'disable_chunked', type: 'boolean', scopes: HTTP_RECEPTION, default: 'false', since3: '3.1.4', page: 'mobility.mm7.listener' },
  { name: 'disable_nagle_algorithm', type: 'boolean', scopes: [...SOCKETS, 'global'], default: 'false', page: 'conf.ref.disable_nagle_algorithm' },
  { name: 'ecstream_idle_time', type: 'number', scopes: ECSTREAM_RECEPTION, default: '300', page: 'ecelerity.conf' },
  { name: 'enable', type: 'boolean', scopes: SOCKETS_OF_ALL, default: 'true', page: 'ecelerity.conf' },
  { name: 'events_per_iter', type: 'number', scopes: SOCKETS, default: '0', page: 'ecelerity.conf' },
  { name: 'idle_time', type: 'number', scopes: [...RECEPTION, 'http_listener', 'xmpp_listener'], default: [{ since: '3.0', text: '0' }, { since: '4.0', text: '300' }], page: 'ecelerity.conf' },
  { name: 'listen_backlog', type: 'number', scopes: SOCKETS, default: '500', page: 'ecelerity.conf' },
  { name: 'listener_sessions', type: 'number', scopes: RECEPTION, default: '0', page: 'ecelerity.conf' },
  { name: 'max_message_size', type: 'number', scopes: RECEPTION, default: '0', page: 'ecelerity.conf' },
  { name: 'max_receptions_per_connection', type: 'number', scopes: RECEPTION_OR_GLOBAL, default: '0', page: 'ecelerity.conf' },
  { name: 'max_recipients_per_message', type: 'number', scopes: RECEPTION, default: '0', page: 'ecelerity.conf' },
  { name: 'max_request_size', type: 'number', scopes: HTTP_RECEPTION, since3: '3.1.4', page: 'rest.http_listener' },
  { name: 'mcmt_reception', type: 'text', scopes: RECEPTION, default: 'passthru', since3: '3.1.4', page: 'mm7.mcmt_reception' },
  { name: 'pool_name', type: 'text', scopes: SOCKETS, page: 'ecelerity.conf' },
  { name: 'received_hostname', type: 'text', scopes: RECEPTION, page: 'ecelerity.conf' },
  { name: 'reconfig_message', type: 'text', scopes: ['esmtp_listener'], default: '4.3.2 Reconfiguration in progress', page: 'ecelerity.conf' },
  { name: 'require_ehlo', type: 'boolean', scopes: RECEPTION_OR_GLOBAL, default: 'false', page: 'conf.ref.require_ehlo' },
  { name: 'service_sessions', type: 'number', scopes: RECEPTION, default: '0', page: 'ecelerity.conf' },
  { name: 'smtp_extensions', type: 'list', scopes: RECEPTION, page: 'ecelerity.conf' },
  { name: 'static_banner', type: 'text', scopes: RECEPTION, page: 'ecelerity.conf' },
  { name: 'tcp_recv_buffer_size', type: 'number', scopes: SOCKETS_BUT_HTTP, default: '4096', page: 'ecelerity.conf' },
  { name: 'tcp_recv_buffer_size', type: 'number', scopes: ['http_listener'], default: [{ since: '3.0', text: '4096' }, { since: '3.6', text: '32768' }], page: 'ecelerity.conf' },
  { name: 'tcp_send_buffer_size', type: 'number', scopes: SOCKETS_BUT_HTTP, default: '4096', page: 'ecelerity.conf' },
  { name: 'tcp_send_buffer_size', type: 'number', scopes: ['http_listener'], default: [{ since: '3.0', text: '4096' }, { since: '3.6', text: '32768' }], page: 'ecelerity.conf' },
  { name: 'timeout', type: 'number', scopes: ['control_listener'], default: '60', page: 'ecelerity.conf' },
];
