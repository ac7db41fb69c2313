import type { OptionRow } from '../row.js';
import { OUTBOUND, RECEPTION, TLS_ACCEPTED, TLS_ACCEPTED_OR_XMPP } from '../scopes.js';

/** TLS of all connections. */
// biome-ignore format: one option a line
export const TLS_ROWS: readonly OptionRow[] = [
  { name: 'crypto_engine', type: 'text', scopes: ['global'], page: 'conf.ref.crypto_engine' },
  { name: 'crypto_lock_method', type: 'text', scopes: ['global'], default: 'EC_SSL_DEFAULTLOCK', restart: true, page: 'conf.ref.crypto_lock_method' },
  { name: 'ssl_lock_method', type: 'text', scopes: ['global'], default: [{ since: '3.0', text: null }, { since: '3.0.17', text: 'mutex' }], restart: true, page: 'conf.ref.ssl_lock_method' },
  { name: 'starttls_injection_policy', type: 'text', scopes: RECEPTION, default: 'reject', since3: '3.3', page: 'conf.ref.starttls_injection_policy' },
  { name: 'tls', type: 'text', scopes: OUTBOUND, default: 'no', page: 'conf.ref.tls' },
  { name: 'tls_allow_renegotiation', type: 'boolean', scopes: TLS_ACCEPTED_OR_XMPP, default: 'true', since3: '3.5.4', page: 'conf.ref.tls_allow_renegotiation' },
  { name: 'tls_ca', type: 'path', scopes: OUTBOUND, page: 'conf.ref.tls_ca' },
  { name: 'tls_certificate', type: 'path', scopes: [...TLS_ACCEPTED_OR_XMPP, ...OUTBOUND], page: 'conf.ref.tls_certificate' },
  { name: 'tls_ciphers', type: 'ciphers', scopes: [...TLS_ACCEPTED_OR_XMPP, ...OUTBOUND], page: 'conf.ref.tls_ciphers' },
  { name: 'tls_client_ca', type: 'path', scopes: [...TLS_ACCEPTED_OR_XMPP, 'global'], page: 'conf.ref.tls_client_ca' },
  { name: 'tls_dhparams_file', type: 'path', scopes: ['global'], since3: '3.6.6', page: 'conf.ref.tls_dhparams_file' },
  { name: 'tls_enable_dhe_ciphers', type: 'boolean', scopes: ['global'], default: 'true', since3: '3.6.6', page: 'conf.ref.tls_enable_dhe_ciphers' },
  // Since 4.1 and with a restart, as its page says; the table has neither.
  { name: 'tls_engine', type: 'text', scopes: ['global'], default: 'openssl', since3: 'none', since4: '4.1', restart: true, page: 'config.tls_engine' },
  { name: 'tls_ifavailable_fallback', type: 'boolean', scopes: OUTBOUND, default: 'true', since3: '3.5.10, 3.6.4', since4: '4.1', page: 'conf.ref.tls_ifavailable_fallback' },
  { name: 'tls_key', type: 'path', scopes: [...TLS_ACCEPTED_OR_XMPP, ...OUTBOUND], page: 'conf.ref.tls_key' },
  // The page names +ALL where the table is blank: unset means that everything is on.
  { name: 'tls_protocols', type: 'protocols', scopes: [...TLS_ACCEPTED, ...OUTBOUND], default: '+ALL', since3: '3.6.6', since4: '4.1.0.2', page: 'conf.ref.tls_protocols' },
  { name: 'tls_verified_peer_can_relay', type: 'boolean', scopes: [...RECEPTION, 'ecstream_listener'], default: 'false', page: 'ecelerity.conf' },
  { name: 'tls_verified_peer_is_authorized', type: 'boolean', scopes: ['http_listener', 'listen', 'pathway', 'peer'], default: 'false', since3: '3.1.4', page: 'rest.http_listener' },
  { name: 'tls_verify', type: 'text', scopes: OUTBOUND, default: 'no', page: 'conf.ref.tls_verify' },
  { name: 'tls_verify_mode', type: 'text', scopes: TLS_ACCEPTED_OR_XMPP, page: 'conf.ref.tls_verify_mode' },
  { name: 'use_ssl', type: 'boolean', scopes: TLS_ACCEPTED, default: 'false', page: 'ecelerity.conf' },
];
