import type { OptionRow } from '../row.js';
import { OUTBOUND } from '../scopes.js';

/** Push notifications, HTTP delivery and XMPP. */
// biome-ignore format: one option a line
export const PUSH_ROWS: readonly OptionRow[] = [
  { name: 'apn_expiry', type: 'text', scopes: OUTBOUND, default: 'yes', since3: '3.5.5', restart: true, page: 'apns.apn_expiry' },
  { name: 'delivery_response_timeout', type: 'number', scopes: ['binding', 'domain', 'global'], default: '5000', since3: '3.5.5', page: 'conf.ref.delivery_response_timeout' },
  { name: 'gcm_application_id', type: 'text', scopes: OUTBOUND, since3: '3.5.5', page: 'push.gcm.gcm_application_id' },
  { name: 'gcm_authorization_token_id', type: 'text', scopes: OUTBOUND, since3: '3.5.5', secret: true, page: 'push.gcm.gcm_authorization_token_id' },
  { name: 'gcm_delay_while_idle', type: 'boolean', scopes: OUTBOUND, default: 'false', since3: '3.5.5', page: 'push.gcm.gcm_delay_while_idle' },
  { name: 'gcm_dry_run', type: 'boolean', scopes: OUTBOUND, default: 'false', since3: '3.5.5', page: 'push.gcm.gcm_dry_run' },
  { name: 'gcm_ttl', type: 'number', scopes: OUTBOUND, default: '-1', since3: '3.5.5', page: 'push.gcm.ttl' },
  { name: 'http_basic_auth', type: 'text', scopes: OUTBOUND, since3: '3.5.6', secret: true, page: 'conf.ref.http_basic_auth' },
  { name: 'http_host', type: 'text', scopes: OUTBOUND, since3: '3.5.6', page: 'conf.ref.http_host' },
  { name: 'http_method', type: 'text', scopes: OUTBOUND, default: 'POST', since3: '3.5.6', page: 'conf.ref.http_method' },
  { name: 'http_uri', type: 'text', scopes: OUTBOUND, since3: '3.5.6', page: 'conf.ref.http_uri' },
  { name: 'http_version', type: 'text', scopes: OUTBOUND, default: '1.1', since3: '3.5.6', page: 'conf.ref.http_version' },
  { name: 'xmpp_dialback_secret', type: 'text', scopes: ['domain'], since3: '3.4', secret: true, page: 'mobility.xmpp.modules' },
  { name: 'xmpp_role', type: 'text', scopes: ['domain'], since3: '3.4', page: 'mobility.xmpp.modules' },
];
