import type { ManualRow } from './manual.generated.js';

/** Options of modules and of scopes that the manuals' option tables leave out; each with its page. */
export const MODULE_ROWS: readonly ManualRow[] = [
  ['credentials', 'securecreds', '/opt/msys/etc/credentials.db', '3.2', null, 'modules.securecreds', 0],
  ['key', 'securecreds', '/opt/msys/etc/credentials.key', '3.2', null, 'modules.securecreds', 0],
  ['uri', 'datasource', null, null, null, 'modules.ds_core', 0],
  ['no_cache', 'datasource', null, null, null, 'modules.ds_core', 0],
  ['cache_life', 'datasource', null, null, null, 'modules.ds_core', 0],
  ['cache_size', 'datasource', null, null, null, 'modules.ds_core', 0],
  ['query', 'authenticate', null, null, null, 'modules.auth_ds', 0],
  ['returns_password', 'authenticate', null, null, null, 'modules.auth_ds', 0],
  ['secret', 'server', null, null, null, 'modules.auth_radius', 0],
  ['outbound_smtp_auth_user', 'B BG D G', null, null, null, 'conf.ref.outbound_smtp_auth_user', 0],
  ['outbound_smtp_auth_pass', 'B BG D G', null, null, null, 'conf.ref.outbound_smtp_auth_pass', 0],
  ['outbound_smtp_auth_type', 'B BG D G', null, null, null, 'conf.ref.outbound_smtp_auth_type', 0],
  ['allow', 'role', null, null, null, 'conf.ref.authorization', 0],
];

interface Correction {
  readonly default?: string | null;
  readonly since4?: string;
  readonly change?: 'restart';
}

/** Where an option's own page says more than the table, or something else. */
export const CORRECTIONS: Readonly<Record<string, Correction>> = {
  // conf.ref.tls_protocols names +ALL; the table leaves the default blank. Unset means that everything is on.
  tls_protocols: { default: '+ALL' },
  // config.tls_engine: since 4.1, and a restart; the table says 4.0 and marks nothing.
  tls_engine: { since4: '4.1', change: 'restart' },
  // The table names the folder; the licence is the file in it (install.prepare).
  license: { default: '/opt/msys/ecelerity/etc/license' },
};
