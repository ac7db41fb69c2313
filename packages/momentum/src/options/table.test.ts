import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseBoolean } from '../values/boolean.js';
import { compareVersions } from '../values/version.js';
import type { OptionType } from './info.js';
import type { OptionRow } from './row.js';
import { OPTION_ROWS } from './rows/all.js';
import { SCOPE_TYPES } from './scopes.js';
import { defaultOf, OPTION_NAMES, optionExists, optionInfo } from './table.js';

const RELEASE = /^(3\.\d+(\.\d+)?|4\.\d+(\.\d+){0,2})$/;

const textsOf = ({ default: text }: OptionRow): readonly (string | null)[] =>
  typeof text === 'object' ? text.map((dated) => dated.text) : [text ?? null];

const WRITTEN_AS: Readonly<Record<OptionType, (text: string) => boolean>> = {
  boolean: (text) => parseBoolean(text) !== null,
  number: (text) => Number.isSafeInteger(Number(text)),
  mode: (text) => /^0[0-7]{3}$/.test(text),
  path: (text) => text.startsWith('/'),
  protocols: (text) => /^[+-][A-Za-z0-9.]+(:[+-][A-Za-z0-9.]+)*$/.test(text),
  ciphers: (text) => text !== '',
  text: (text) => text !== '',
  list: (text) => text !== '' && !/[(),"]/.test(text),
  dictionary: () => false,
};

describe('the rows of the table', () => {
  test('are many, from several files', () => {
    expect(OPTION_ROWS.length).toBeGreaterThan(350);
    expect(OPTION_NAMES).toHaveLength(new Set(OPTION_ROWS.map(({ name }) => name)).size);
  });

  test('say nothing twice: a name stands once for each scope', () => {
    const keys = OPTION_ROWS.flatMap(({ name, scopes }) => scopes.map((scope) => `${name} in ${scope}`));
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  });

  test('are sorted by name within their file', async () => {
    const folder = new URL('./rows/', import.meta.url);
    const files = readdirSync(folder).filter((file) => file !== 'all.ts');
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const exported = (await import(new URL(file, folder).href)) as Record<string, readonly OptionRow[]>;
      const [rows = []] = Object.values(exported);
      const names = rows.map(({ name }) => name);
      expect(names).toEqual(names.toSorted());
      expect(rows.every((row) => OPTION_ROWS.includes(row))).toBe(true);
    }
  });

  test('name scopes that are known, and at least one', () => {
    const odd = OPTION_ROWS.filter(
      ({ scopes }) => scopes.length === 0 || scopes.some((scope) => !SCOPE_TYPES.includes(scope)),
    );
    expect(odd).toEqual([]);
  });

  test('write names in lower case, as they are looked up', () => {
    expect(OPTION_ROWS.filter(({ name }) => !/^[a-z0-9_]+$/.test(name))).toEqual([]);
  });

  test('have a default that their type can be', () => {
    const odd = OPTION_ROWS.flatMap((row) =>
      textsOf(row)
        .filter((text) => text !== null && !WRITTEN_AS[row.type](text))
        .map((text) => `${row.name}: ${text}`),
    );
    expect(odd).toEqual([]);
  });

  test('that have several defaults have them from the first release on, each later and another', () => {
    for (const { name } of OPTION_ROWS.filter((row) => typeof row.default === 'object')) {
      const { defaults } = optionInfo(name) ?? { defaults: [] };
      expect(defaults[0]?.since, name).toBe('3.0');
      for (const [i, later] of defaults.entries()) {
        const earlier = defaults[i - 1];
        expect(later.since, name).toMatch(RELEASE);
        if (!earlier) continue;
        expect(compareVersions(later.since, earlier.since), name).toBe(1);
        expect(later.text, name).not.toBe(earlier.text);
      }
    }
  });

  test('name releases as 3.6.6, and several in the order of their branches', () => {
    const releases = OPTION_ROWS.flatMap(({ since3, since4 }) => [since3, since4]).filter(
      (since) => since !== undefined && since !== 'none',
    );
    for (const since of releases) {
      const parts = since.split(', ');
      expect(parts.filter((part) => !RELEASE.test(part))).toEqual([]);
      expect(parts).toEqual(parts.toSorted(compareVersions));
    }
  });

  test('are in the manual of one line at least', () => {
    expect(OPTION_ROWS.filter(({ since3, since4 }) => since3 === 'none' && since4 === 'none')).toEqual([]);
  });
});

/** Name, scope, release or null for none, default, page that says it (R: the manual of 3.x, M: of 4.x). */
const DEFAULTS: readonly [string, string, string | null, string | null, string][] = [
  ['tls_protocols', 'global', null, '+ALL', 'R/conf.ref.tls_protocols, M/config.tls_protocols'],
  ['TLS_Protocols', 'Binding', null, '+ALL', 'names without regard to case: R/conf.ecelerity.conf'],
  ['tls', 'domain', null, 'no', 'R/conf.ref.tls'],
  ['tls_verify', 'global', null, 'no', 'R/conf.ref.tls_verify'],
  ['tls_verify_mode', 'listen', null, null, 'R/conf.ref.tls_verify_mode'],
  ['tls_ciphers', 'global', null, null, 'R/conf.ref.tls_ciphers'],
  ['tls_engine', 'global', null, 'openssl', 'M/config.tls_engine'],
  ['tls_allow_renegotiation', 'listen', null, 'true', 'R/conf.ref.tls_allow_renegotiation'],
  ['starttls_injection_policy', 'peer', null, 'reject', 'R/conf.ref.starttls_injection_policy'],
  ['server_max_outbound_connections', 'global', null, '75000', 'R/conf.ref.server_max_outbound_connections'],
  ['delay_dsn_max_retry_interval', 'global', null, '0', 'R/conf.ref.delay_dsn_max_retry_interval'],
  ['max_retries', 'domain', null, 'auto', 'R/conf.ref.max_retries'],
  ['bind_address', 'binding', null, '*', 'R/conf.ref.bind_address'],
  ['delivery_method', 'global', null, 'ESMTP', 'R/conf.ref.delivery_method'],
  ['license', 'global', null, '/opt/msys/ecelerity/etc/license', 'R/conf.ref.license'],
  ['credentials', 'securecreds', null, '/opt/msys/etc/credentials.db', 'R/modules.securecreds'],
  ['cache_life', 'datasource', null, '3600', 'R/modules.ds_core'],
  ['no_cache', 'datasource', null, 'false', 'R/modules.ds_core'],
  ['outbound_smtp_auth_pass', 'domain', null, null, 'R/modules.outbound_smtp_auth: false, which is nothing'],
  ['community', 'snmp', null, 'Public', 'R/conf.ref.snmp'],
  ['state', 'snmp', null, '1', 'R/conf.ref.snmp'],
  ['state', 'snmp_traps', null, '0', 'R/conf.ref.snmp'],
  ['State', 'SNMP_Traps', null, '0', 'names without regard to case: R/conf.ecelerity.conf'],
  ['file_mode', 'control_listener', null, '0660', 'R/ecelerity.conf'],
  ['file_mode', 'logs', null, null, 'R/eccluster.conf3'],
  ['siv_throttle_cache_size', 'global', '3.0.23', '100', 'R/conf.ref.siv_throttle_cache_size'],
  ['siv_throttle_cache_size', 'global', '3.0.24', '1000', 'R/conf.ref.siv_throttle_cache_size'],
  ['siv_throttle_cache_size', 'global', '4.2', '1000', 'M/conf.ref.siv_throttle_cache_size'],
  ['siv_throttle_cache_size', 'global', null, '1000', 'without a release: the newest'],
  ['clear_mail_queue_maintainers', 'global', '3.5.9', 'false', 'R/conf.ref.clear_mail_queue_maintainers'],
  ['clear_mail_queue_maintainers', 'global', '3.6', 'true', 'R/conf.ref.clear_mail_queue_maintainers'],
  ['clear_mail_queue_maintainers', 'global', '4.0', 'true', 'M/conf.ref.clear_mail_queue_maintainers'],
  ['adaptive_attempt_threshold', 'domain', '3.1.6', '100', 'R/modules.adaptive'],
  ['adaptive_attempt_threshold', 'domain', '3.2', '2000', 'R/modules.adaptive'],
  ['transform_8bitmime_content', 'global', '3.1.5', 'no', 'R/conf.ref.transform_8bitmime_content'],
  ['transform_8bitmime_content', 'global', '3.1.6', 'ifneeded', 'R/conf.ref.transform_8bitmime_content'],
  ['ssl_lock_method', 'global', '3.0.16', null, 'R/conf.ref.ssl_lock_method'],
  ['ssl_lock_method', 'global', '3.0.17', 'mutex', 'R/conf.ref.ssl_lock_method'],
  ['idle_time', 'esmtp_listener', '3.6.23', '0', 'R/ecelerity.conf'],
  ['idle_time', 'esmtp_listener', '4.2', '300', 'M/config.options.summary'],
  ['tcp_send_buffer_size', 'esmtp_listener', '3.6.6', '4096', 'R/ecelerity.conf'],
  ['tcp_send_buffer_size', 'http_listener', '3.5.9', '4096', 'R/ecelerity.conf'],
  ['tcp_send_buffer_size', 'http_listener', '3.6', '32768', 'R/ecelerity.conf'],
  ['tcp_recv_buffer_size', 'http_listener', '4.1', '32768', 'M/config.options.summary'],
  ['idle_time', 'esmtp_listener', '2.2.4', '0', 'a release before the first: the oldest'],
  ['no_such_option', 'global', null, null, 'no row'],
];

describe('defaults', () => {
  test.each(DEFAULTS)('%s in %s, release %s: %s (%s)', (name, scope, release, text) => {
    expect(defaultOf(name, scope, release ?? undefined)).toBe(text);
  });

  test('are all told where releases differ', () => {
    expect(optionInfo('idle_time')?.defaults).toEqual([
      { since: '3.0', text: '0' },
      { since: '4.0', text: '300' },
    ]);
    expect(optionInfo('idle_timeout')?.defaults).toEqual([{ since: '3.0', text: '5' }]);
  });
});

/** Name, release, whether it has the option, page. */
const EXISTS: readonly [string, string, boolean | null, string][] = [
  ['tls_protocols', '3.6.5', false, 'R/conf.ref.tls_protocols'],
  ['tls_protocols', '3.6.6', true, 'R/conf.ref.tls_protocols'],
  ['tls_protocols', '4.1.0.1', false, 'M/config.tls_protocols'],
  ['tls_protocols', '4.1.0.2', true, 'M/config.tls_protocols'],
  ['tls_protocols', '4.2', true, 'a later branch'],
  ['TLS_Protocols', '3.6.5', false, 'names without regard to case: R/conf.ecelerity.conf'],
  ['tls_ifavailable_fallback', '3.5.9', false, 'R/conf.ref.tls_ifavailable_fallback'],
  ['tls_ifavailable_fallback', '3.5.10', true, 'R/conf.ref.tls_ifavailable_fallback'],
  ['tls_ifavailable_fallback', '3.6.3', false, 'R/conf.ref.tls_ifavailable_fallback'],
  ['tls_ifavailable_fallback', '3.6.4', true, 'R/conf.ref.tls_ifavailable_fallback'],
  ['tls_ifavailable_fallback', '4.0', false, 'M/config.tls_ifavailable_fallback'],
  ['adaptive_notification_events', '3.6.0', false, 'R/modules.adaptive'],
  ['adaptive_notification_events', '3.5.6', true, 'R/modules.adaptive'],
  ['tls_engine', '3.6.23', false, 'M/config.tls_engine'],
  ['tls_engine', '4.0', false, 'M/config.tls_engine'],
  ['tls_engine', '4.1', true, 'M/config.tls_engine'],
  ['adaptive_default_suspension_enabled', '4.1', false, 'M/modules.adaptive'],
  ['adaptive_default_suspension_enabled', '4.2', true, 'M/modules.adaptive'],
  ['adaptive_alert_email_sender', '4.0', true, 'M/modules.adaptive'],
  ['watch_interval', '4.0', true, 'M/conf.ref.snmp'],
  ['tcp_recv_buffer_size', '4.0', true, 'M/config.options.summary'],
  ['outbound_smtp_auth_pass', '3.6.11', false, 'R/modules.outbound_smtp_auth'],
  ['outbound_smtp_auth_pass', '4.2', true, 'M/modules.outbound_smtp_auth'],
  ['pathway', '3.0.23', false, 'R/conf.ref.pathway'],
  ['pathway', '3.6.6', true, 'a later branch'],
  ['delivery_response_timeout', '3.5.5', true, 'R/conf.ref.delivery_response_timeout'],
  ['bounce_cache_size', '4.2', false, 'R/conf.ref.bounce_cache_size'],
  ['bind_address', '3.0', true, 'R/conf.ref.bind_address'],
  ['no_such_option', '3.6.6', null, 'no row'],
];

describe('releases', () => {
  test.each(EXISTS)('%s in %s: %s (%s)', (name, release, exists) => {
    expect(optionExists(name, release)).toBe(exists);
  });
});

/** Name, change, page. */
const CHANGES: readonly [string, 'reload' | 'restart', string][] = [
  ['tls_engine', 'restart', 'M/config.tls_engine'],
  ['bind_address', 'restart', 'R/conf.ref.bind_address'],
  ['spool_mode', 'restart', 'R/conf.ref.spool_mode'],
  ['user', 'restart', 'R/conf.ref.user'],
  ['community', 'restart', 'R/conf.ref.snmp'],
  ['keep_message_dicts_in_memory', 'restart', 'R/conf.ref.keep_message_dicts_in_memory'],
  ['tls_protocols', 'reload', 'R/conf.ref.tls_protocols'],
  ['match_cache_size', 'reload', 'R/conf.ref.match_cache_size'],
];

describe('what a change needs', () => {
  test.each(CHANGES)('%s: %s (%s)', (name, change) => {
    expect(optionInfo(name)?.change).toBe(change);
  });
});

/** Name, type, page. */
const TYPES: readonly [string, OptionType, string][] = [
  ['tls_protocols', 'protocols', 'R/conf.ref.tls_protocols'],
  ['tls_ciphers', 'ciphers', 'R/conf.ref.tls_ciphers'],
  ['relay_hosts', 'list', 'R/conf.ref.relay_hosts'],
  ['skip_hosts', 'list', 'M/conf.ref.skip_hosts'],
  ['adaptive_retry_interval', 'list', 'R/modules.adaptive'],
  ['error', 'list', 'R/conf.ref.debug_flags'],
  ['context', 'dictionary', 'R/ecelerity.conf'],
  ['tls', 'text', 'R/conf.ref.tls'],
  ['dkim', 'boolean', 'R/conf.ref.dkim'],
  ['spool_mode', 'mode', 'R/conf.ref.spool_mode'],
];

describe('types', () => {
  test.each(TYPES)('%s: %s (%s)', (name, type) => {
    expect(optionInfo(name)?.type).toBe(type);
  });
});

describe('a name with several rows', () => {
  test('has the scopes of all of them', () => {
    expect(optionInfo('state')?.scopes).toEqual(['snmp', 'snmp_traps']);
    expect(optionInfo('tcp_send_buffer_size')?.scopes).toContain('http_listener');
  });

  test('is asked for a host where the page says that a host can have it', () => {
    expect(optionInfo('scope_max_outbound_connections')?.scopes).toContain('host');
    expect(optionInfo('tls')?.scopes).not.toContain('host');
  });
});
