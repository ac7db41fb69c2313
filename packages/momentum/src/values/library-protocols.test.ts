import { describe, expect, test } from 'vitest';
import { libraryOffers, type TlsLibrary } from './library-protocols.js';
import { PROTOCOL_VERSIONS } from './tls-protocols.js';

/** `SSLv2 SSLv3 1.0 1.1 1.2 1.3`, each as y, n or `?`. */
function offered(library: TlsLibrary, version: string | null): string {
  const letters = { yes: 'y', no: 'n', unclear: '?' };
  return PROTOCOL_VERSIONS.map((one) => letters[libraryOffers(library, version, one).answer]).join(' ');
}

// CHANGES of OpenSSL and its INSTALL; NEWS of GnuTLS.
describe('what a library can speak', () => {
  test.each<[TlsLibrary, string | null, string]>([
    ['openssl', '0.9.8e', 'y y y n n n'],
    ['openssl', '0.9.8zh', 'y y y n n n'],
    ['openssl', '1.0.0', '? y y n n n'],
    ['openssl', '1.0.0t', '? y y n n n'],
    ['openssl', '1.0.1', '? y y y y n'],
    ['openssl', '1.0.2k-fips', '? y y y y n'],
    ['openssl', '1.1.0', 'n ? ? ? y n'],
    ['openssl', '1.1.0l', 'n ? ? ? y n'],
    ['openssl', '1.1.1', 'n ? ? ? y ?'],
    ['openssl', '3.0.7', 'n ? ? ? y ?'],
    ['openssl', '3.5.0', 'n ? ? ? y ?'],
    ['openssl', null, 'y y y y y y'],
    ['gnutls', '3.1.5', 'n y y y y n'],
    ['gnutls', '3.5.19', 'n y y y y n'],
    ['gnutls', '3.6.0', 'n ? y y y n'],
    ['gnutls', '3.6.2', 'n ? y y y n'],
    ['gnutls', '3.6.3', 'n ? y y y y'],
    ['gnutls', null, 'n y y y y y'],
  ])('%s %s', (library, version, expected) => {
    expect(offered(library, version)).toBe(expected);
  });

  test.each<[TlsLibrary, string, (typeof PROTOCOL_VERSIONS)[number], string | null]>([
    ['openssl', '0.9.8', 'TLSv1.2', 'OpenSSL knows it since 1.0.1'],
    ['openssl', '1.1.1', 'TLSv1.1', "the system's openssl.cnf may set MinProtocol"],
    ['openssl', '3.0.0', 'TLSv1.1', 'OpenSSL 3 speaks it at security level 0 only'],
    ['openssl', '3.0.0', 'TLSv1.0', 'OpenSSL 3 speaks it at security level 0 only'],
    ['openssl', '1.0.1', 'TLSv1.2', null],
    ['gnutls', '3.1.5', 'SSLv2', 'GnuTLS never speaks SSLv2'],
  ])('%s %s says why it has %s or not', (library, version, protocol, because) => {
    expect(libraryOffers(library, version, protocol).because).toBe(because);
  });
});
