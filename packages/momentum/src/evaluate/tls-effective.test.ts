import { describe, expect, test } from 'vitest';
import { configOf } from '../../testing/configuration.js';
import { PROTOCOL_VERSIONS } from '../values/tls-protocols.js';
import { type TlsScope, tlsScopes } from './tls.js';
import { effectiveTls, type TlsRuntime } from './tls-effective.js';

function scopesOf(text: string, release?: string): readonly TlsScope[] {
  return tlsScopes(configOf(text), release === undefined ? {} : { momentumVersion: release });
}

/** `SSLv2 SSLv3 1.0 1.1 1.2 1.3`, each as y, n or `?`, of the outbound default. */
function outbound(settings: string, runtime: TlsRuntime = {}): string {
  const [scope] = scopesOf(`TLS = "required"\n${settings}`, runtime.momentumVersion ?? undefined).filter(
    ({ direction }) => direction === 'outbound',
  );
  const answer = scope && effectiveTls(scope, runtime);
  if (!answer) throw new Error('no TLS');
  return PROTOCOL_VERSIONS.map(
    (version) => ({ yes: 'y', no: 'n', unclear: '?' })[answer.versions[version]],
  ).join(' ');
}

const openssl = (version: string, momentumVersion = '3.6.23'): TlsRuntime => ({
  momentumVersion,
  libraryVersions: { openssl: version },
});
const gnutls = (version?: string): TlsRuntime => ({
  momentumVersion: '4.1.0.2',
  libraryVersions: { gnutls: version ?? null },
});
const GNUTLS = 'TLS_Engine = "gnutls"\n';
const DECLARED = 'TLS_Protocols = "+ALL:-SSLv2:-SSLv3"';

describe('the versions that a connection can have', () => {
  test.each<[string, string, TlsRuntime, string]>([
    ['unset is everything (conf.ref.tls_protocols)', '', {}, 'y y y y y ?'],
    ['what the list takes away is off', DECLARED, {}, 'n n y y y ?'],
    [
      'OpenSSL 0.9.8 knows no 1.1 and 1.2 (conf.ref.tls_protocols)',
      DECLARED,
      openssl('0.9.8e'),
      'n n y n n n',
    ],
    ['nor does 1.0.0', DECLARED, openssl('1.0.0-fips'), 'n n y n n n'],
    ['1.0.1 does', DECLARED, openssl('1.0.1e-fips'), 'n n y y y n'],
    ['0.9.8 has SSLv2', '', openssl('0.9.8e'), 'y y y n n n'],
    ['1.0 perhaps', '', openssl('1.0.2k'), '? y y y y n'],
    ['1.1.0 not, and SSLv3 by its build', '', openssl('1.1.0'), 'n ? ? ? y n'],
    ['1.1.1 perhaps speaks 1.3', DECLARED, openssl('1.1.1k', '4.3.0'), 'n n ? ? y ?'],
    ['3.0 at security level 0 only', DECLARED, openssl('3.0.7', '4.7.0'), 'n n ? ? y ?'],
    [
      'a release without the option has all that its library has',
      DECLARED,
      openssl('0.9.8e', '3.6.5'),
      'y y y n n n',
    ],
    ['whatever the file says', DECLARED, { momentumVersion: '4.1.0.1' }, 'y y y y y ?'],
    [
      'no platform of Momentum 3 has an OpenSSL with 1.3',
      DECLARED,
      { momentumVersion: '3.6.23' },
      'n n y y y n',
    ],
    ['a list with two readings', 'TLS_Protocols = "-SSLv2:-SSLv3:+TLSv1.2"', {}, 'n n ? ? y ?'],
    ['suites of TLS 1.2 only', 'TLS_Ciphers = "ECDHE-RSA-AES128-GCM-SHA256:AESGCM"', {}, 'n n n n y ?'],
    ['one older suite', 'TLS_Ciphers = "ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA"', {}, 'y y y y y ?'],
    ['GnuTLS: the base of 3.1 has SSLv3 (install.security_considerations)', GNUTLS, gnutls(), 'n y y y y ?'],
    ['GnuTLS does not read TLS_Protocols', `${GNUTLS}${DECLARED}`, gnutls(), 'n y y y y ?'],
    [
      'but the priority string',
      `${GNUTLS}TLS_Ciphers = "NORMAL:-VERS-SSL3.0"`,
      gnutls('3.1.5'),
      'n n y y y n',
    ],
    ['base NONE', `${GNUTLS}TLS_Ciphers = "NONE:+VERS-TLS1.2"`, gnutls(), 'n n n n y n'],
    ['a later GnuTLS has no SSLv3 in its base', GNUTLS, gnutls('3.4.0'), 'n n y y y n'],
    ['and 1.3 from 3.6.5 on', GNUTLS, gnutls('3.6.5'), 'n n y y y y'],
    ['a list of OpenSSL under GnuTLS', `${GNUTLS}TLS_Ciphers = "DEFAULT:!LOW"`, gnutls(), 'n ? ? ? ? ?'],
    ['Momentum 3 has no GnuTLS', GNUTLS, { momentumVersion: '3.6.23' }, 'y y y y y n'],
    ['a file that was not read may set it', 'include "/etc/other.conf"', {}, '? ? ? ? ? ?'],
  ])('%s', (_name, settings, runtime, expected) => {
    expect(outbound(settings, runtime)).toBe(expected);
  });

  test.each([
    ['a listener without a certificate', 'ESMTP_Listener { Listen ":25" { } }', 'inbound'],
    ['mail that is sent in the clear', 'TLS = "no"', 'outbound'],
  ])('%s has none', (_name, text, direction) => {
    const scope = scopesOf(text).find((one) => one.direction === direction);
    expect(scope && effectiveTls(scope)).toBeNull();
  });
});

describe('what is told beside', () => {
  const notesOf = (listen: string, runtime: TlsRuntime = {}) =>
    scopesOf(
      `ESMTP_Listener {\n  SMTP_Extensions = ( "STARTTLS" )\n  TLS_Certificate = "/c"\n  Listen ":465" { ${listen} }\n}`,
    ).flatMap((scope) => (scope.direction === 'inbound' ? (effectiveTls(scope, runtime)?.notes ?? []) : []));

  test.each<[string, string, string | null]>([
    ['Use_SSL with STARTTLS (conf.aaa)', 'Use_SSL = true', 'exclude each other'],
    ['Use_SSL alone', 'Use_SSL = true SMTP_Extensions = ( "PIPELINING" )', null],
    ['STARTTLS alone', '', null],
    [
      'Use_SSL without a certificate',
      'Use_SSL = true TLS_Certificate = "none" SMTP_Extensions = ( )',
      'needs a TLS_Certificate',
    ],
  ])('%s', (_name, listen, expected) => {
    const notes = notesOf(listen);
    if (expected === null) expect(notes).toEqual([]);
    else expect(notes).toEqual([expect.stringContaining(expected)]);
  });

  test('what the library cannot speak, once for each version that the list asks for', () => {
    expect(notesOf('TLS_Protocols = "+TLSv1.0:+TLSv1.2"', openssl('0.9.8e'))).toEqual([
      'TLSv1.2: OpenSSL knows it since 1.0.1',
    ]);
  });
});
