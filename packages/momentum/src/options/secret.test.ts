import { describe, expect, test } from 'vitest';
import { OPTION_ROWS } from './rows/all.js';
import { isSecretOption } from './secret.js';

const ROWS: readonly [string, boolean, string][] = [
  ['outbound_smtp_auth_pass', true, 'R/modules.outbound_smtp_auth'],
  ['Outbound_SMTP_Auth_Pass', true, 'names without regard to case'],
  ['outbound_smtp_auth_user', false, 'R/modules.outbound_smtp_auth'],
  ['http_basic_auth', true, 'R/conf.ref.http_basic_auth: user and password'],
  ['gcm_authorization_token_id', true, 'R/options-summary'],
  ['xmpp_dialback_secret', true, 'R/options-summary'],
  ['secret', true, 'R/modules.auth_radius'],
  ['returns_password', false, 'R/modules.auth_ds: whether, not what'],
  ['key', false, 'R/modules.securecreds: a path'],
  ['tls_key', false, 'R/conf.ref.tls_key: a path'],
  ['password', true, 'in no table: by its name'],
  ['Bind-Password', true, 'in no table: by its name'],
  ['key_passphrase', true, 'in no table: by its name'],
  ['ldap_passwd', true, 'in no table: by its name'],
  ['db_pass', true, 'in no table: by its name'],
  ['use_password', false, 'in no table: about a password'],
  ['compass', false, 'in no table: another word'],
  ['by_passage', false, 'in no table: another word'],
  ['password_file', false, 'in no table: where a password is'],
];

describe('secret options', () => {
  test.each(ROWS)('%s: %s (%s)', (name, secret) => {
    expect(isSecretOption(name)).toBe(secret);
  });

  test('are those of the table that say so', () => {
    expect(OPTION_ROWS.filter(({ secret }) => secret).map(({ name }) => name)).toEqual([
      'outbound_smtp_auth_pass',
      'secret',
      'gcm_authorization_token_id',
      'http_basic_auth',
      'xmpp_dialback_secret',
    ]);
  });
});
