import type { OptionRow } from '../row.js';
import { OUTBOUND } from '../scopes.js';

/** Modules, and scopes that the option tables leave out. */
// biome-ignore format: one option a line
export const MODULES_ROWS: readonly OptionRow[] = [
  { name: 'allow', type: 'list', scopes: ['role'], page: 'conf.ref.authorization' },
  { name: 'cache_life', type: 'number', scopes: ['datasource'], default: '3600', page: 'modules.ds_core' },
  { name: 'cache_size', type: 'number', scopes: ['datasource'], default: '1000', page: 'modules.ds_core' },
  { name: 'credentials', type: 'path', scopes: ['securecreds'], default: '/opt/msys/etc/credentials.db', since3: '3.2', page: 'modules.securecreds' },
  { name: 'dkim', type: 'boolean', scopes: OUTBOUND, since4: 'none', page: 'conf.ref.dkim' },
  { name: 'domainkeys', type: 'boolean', scopes: OUTBOUND, page: 'conf.ref.domainkeys' },
  { name: 'enable_fbl_header_insertion', type: 'boolean', scopes: OUTBOUND, page: 'conf.ref.enable_fbl_header_insertion' },
  { name: 'key', type: 'path', scopes: ['securecreds'], default: '/opt/msys/etc/credentials.key', since3: '3.2', page: 'modules.securecreds' },
  { name: 'no_cache', type: 'boolean', scopes: ['datasource'], default: 'false', page: 'modules.ds_core' },
  { name: 'opendkim_sign', type: 'boolean', scopes: OUTBOUND, default: 'true', since3: '3.6', restart: true, page: 'conf.ref.opendkim_sign' },
  // The page names `false` as the default of these: nothing is set, and no text that a server is sent.
  { name: 'outbound_smtp_auth_key', type: 'text', scopes: OUTBOUND, since3: '3.6.12', since4: '4.2', page: 'modules.outbound_smtp_auth' },
  { name: 'outbound_smtp_auth_pass', type: 'text', scopes: OUTBOUND, since3: '3.6.12', since4: '4.2', secret: true, page: 'modules.outbound_smtp_auth' },
  { name: 'outbound_smtp_auth_type', type: 'text', scopes: OUTBOUND, since3: '3.6.12', since4: '4.2', page: 'modules.outbound_smtp_auth' },
  { name: 'outbound_smtp_auth_user', type: 'text', scopes: OUTBOUND, since3: '3.6.12', since4: '4.2', page: 'modules.outbound_smtp_auth' },
  { name: 'query', type: 'text', scopes: ['authenticate'], page: 'modules.auth_ds' },
  { name: 'returns_password', type: 'boolean', scopes: ['authenticate'], page: 'modules.auth_ds' },
  { name: 'secret', type: 'text', scopes: ['server'], secret: true, page: 'modules.auth_radius' },
  { name: 'uri', type: 'text', scopes: ['datasource'], page: 'modules.ds_core' },
];
