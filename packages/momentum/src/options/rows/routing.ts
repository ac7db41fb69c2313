import type { OptionRow } from '../row.js';
import { DOMAINS, OUTBOUND, PATHWAYS, RECEPTION, RECEPTION_OR_GLOBAL } from '../scopes.js';

/** Where mail goes, and who may relay. */
// biome-ignore format: one option a line
export const ROUTING_ROWS: readonly OptionRow[] = [
  { name: 'allow_ip_literal', type: 'boolean', scopes: RECEPTION_OR_GLOBAL, default: 'true', page: 'conf.ref.allow_ip_literal' },
  { name: 'blackhole', type: 'boolean', scopes: OUTBOUND, default: 'false', page: 'conf.ref.blackhole' },
  { name: 'delivery_method', type: 'text', scopes: OUTBOUND, default: 'ESMTP', page: 'conf.ref.delivery_method' },
  { name: 'dns_fallback_to_tcp', type: 'boolean', scopes: ['global'], default: 'false', since3: '3.0.22', page: 'conf.ref.dns_fallback_to_tcp' },
  { name: 'domain_for_unqualified_recipient_addresses', type: 'text', scopes: RECEPTION_OR_GLOBAL, page: 'conf.ref.domain_for_unqualified_recipient_addresses' },
  { name: 'domain_for_unqualified_sender_address', type: 'text', scopes: RECEPTION_OR_GLOBAL, page: 'conf.ref.domain_for_unqualified_sender_address' },
  { name: 'ecstream_port', type: 'number', scopes: OUTBOUND, default: '1825', since3: '3.2', page: 'conf.ref.ecstream_port' },
  { name: 'fully_resolve_before_smtp', type: 'boolean', scopes: OUTBOUND, default: 'true', page: 'conf.ref.fully_resolve_before_smtp' },
  { name: 'gateway', type: 'text', scopes: OUTBOUND, page: 'conf.ref.gateway' },
  { name: 'lmtp_port', type: 'number', scopes: OUTBOUND, default: '2003', page: 'conf.ref.lmtp_port' },
  { name: 'only_use_best_mx_for_relay_domains', type: 'boolean', scopes: ['global'], default: 'true', page: 'conf.ref.only_use_best_mx_for_relay_domains' },
  { name: 'open_relay', type: 'boolean', scopes: RECEPTION, default: 'false', page: 'ecelerity.conf' },
  { name: 'prohibited_hosts', type: 'list', scopes: ['global'], page: 'conf.ref.prohibited_hosts' },
  { name: 'relay_domains', type: 'list', scopes: PATHWAYS, page: 'conf.ref.relay_domains' },
  { name: 'relay_for_sending_domains', type: 'list', scopes: RECEPTION, page: 'ecelerity.conf' },
  { name: 'relay_hosts', type: 'list', scopes: RECEPTION_OR_GLOBAL, page: 'conf.ref.relay_hosts' },
  { name: 'remote_smtp_port', type: 'number', scopes: OUTBOUND, default: '25', page: 'conf.ref.remote_smtp_port' },
  { name: 'resolv_conf', type: 'path', scopes: ['global'], page: 'conf.ref.resolv_conf' },
  { name: 'routes', type: 'list', scopes: DOMAINS, page: 'conf.ref.routes' },
  { name: 'skip_hosts', type: 'list', scopes: ['global'], since3: 'none', since4: '4.2.1.6', page: 'conf.ref.skip_hosts' },
  { name: 'use_ipv6', type: 'boolean', scopes: ['global'], default: 'false', page: 'conf.ref.use_ipv6' },
];
