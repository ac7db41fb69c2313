import { describe, expect, test } from 'vitest';
import { configOf, MAIN } from '../../testing/configuration.js';
import { type TlsOptions, tlsScopes } from './tls.js';

const labels = (text: string, direction: 'inbound' | 'outbound') =>
  tlsScopes(configOf(text))
    .filter((one) => one.direction === direction)
    .map(({ label }) => label);

/** What is told of the last inbound scope. */
const inbound = (text: string, options?: TlsOptions) =>
  tlsScopes(configOf(text), options).findLast(({ direction }) => direction === 'inbound');

describe('inbound scopes', () => {
  test.each([
    ['nothing', 'TLS = required', []],
    ['a listen', 'ESMTP_Listener { Listen ":25" { } }', ['Esmtp_Listener::Listen:\\:25:']],
    ['a listener without a listen stands for itself', 'HTTP_Listener { }', ['Http_Listener::']],
    ['the listener of the console speaks no TLS', 'Control_Listener { Listen ":2025" { } }', []],
    [
      'the four kinds that do',
      'XMPP_Listener { } ECStream_Listener { } HTTP_Listener { } ESMTP_Listener { }',
      ['Esmtp_Listener::', 'Http_Listener::', 'Ecstream_Listener::', 'Xmpp_Listener::'],
    ],
    [
      'a peer that says something of TLS',
      'ESMTP_Listener { Listen ":25" { Peer "10.0.0.1" { TLS_Key = /k } } }',
      ['Esmtp_Listener::Listen:\\:25:', 'Esmtp_Listener::Listen:\\:25:Peer:10.0.0.1:'],
    ],
    [
      'a peer that says something else',
      'ESMTP_Listener { Listen ":25" { Peer "10.0.0.1" { Idle_Time = 1 Not_TLS = 1 } } }',
      ['Esmtp_Listener::Listen:\\:25:'],
    ],
    [
      'a peer of the listener, in each listen',
      'ESMTP_Listener { Peer "10.0.0.1" { Use_SSL = true } Listen ":25" { } Listen ":26" { } }',
      [
        'Esmtp_Listener::Listen:\\:25:',
        'Esmtp_Listener::Listen:\\:25:Peer:10.0.0.1:',
        'Esmtp_Listener::Listen:\\:26:',
        'Esmtp_Listener::Listen:\\:26:Peer:10.0.0.1:',
      ],
    ],
    [
      'a peer of both is one',
      'ESMTP_Listener { Peer "MX.test" { Use_SSL = true } Listen ":25" { Peer "mx.test" { TLS_Key = /k } } }',
      ['Esmtp_Listener::Listen:\\:25:', 'Esmtp_Listener::Listen:\\:25:Peer:mx.test:'],
    ],
    [
      'a pathway that says something of TLS',
      'Pathway p { TLS_Key = /k }\nPathway q { Idle_Time = 1 }',
      ['Pathway:p:'],
    ],
    [
      'a pathway in a group',
      'Pathway_Group g { Pathway p { SMTP_Extensions = ( STARTTLS ) } }',
      ['Pathway_Group:g:Pathway:p:'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(labels(text, 'inbound')).toEqual(expected);
  });

  test.each(['use_ssl', 'smtp_extensions', 'starttls_injection_policy', 'pathway', 'tls_verify_mode'])(
    'a peer that sets %s is one of its own',
    (option) => {
      const text = `ESMTP_Listener { Listen ":25" { Peer "10.0.0.1" { ${option} = x } } }`;
      expect(labels(text, 'inbound')).toHaveLength(2);
    },
  );

  // conf.aaa: STARTTLS needs the extension and a certificate; Use_SSL is TLS from the first byte.
  test.each([
    ['nothing set', 'ESMTP_Listener { Listen ":25" { ', 'plain'],
    [
      'the extension without a certificate',
      'ESMTP_Listener { Listen ":25" { SMTP_Extensions = ( STARTTLS )',
      'plain',
    ],
    ['a certificate without the extension', 'ESMTP_Listener { Listen ":25" { TLS_Certificate = /c', 'plain'],
    [
      'both',
      'ESMTP_Listener { Listen ":25" { TLS_Certificate = /c SMTP_Extensions = ( "AUTH LOGIN" STARTTLS )',
      'starttls',
    ],
    [
      'both, in small letters',
      'ESMTP_Listener { Listen ":25" { TLS_Certificate = /c SMTP_Extensions = ( starttls )',
      'starttls',
    ],
    [
      'an extension whose name only begins so',
      'ESMTP_Listener { Listen ":25" { TLS_Certificate = /c SMTP_Extensions = ( STARTTLS2 )',
      'plain',
    ],
    [
      'an extension whose name only ends so',
      'ESMTP_Listener { Listen ":25" { TLS_Certificate = /c SMTP_Extensions = ( XSTARTTLS )',
      'plain',
    ],
    [
      'a certificate that is called off',
      'ESMTP_Listener { TLS_Certificate = /c SMTP_Extensions = ( STARTTLS ) Listen ":25" { TLS_Certificate = None',
      'plain',
    ],
    [
      'both from around',
      'TLS_Certificate = /c ESMTP_Listener { SMTP_Extensions = ( STARTTLS ) Listen ":25" {',
      'starttls',
    ],
    ['Use_SSL', 'ESMTP_Listener { Listen ":25" { Use_SSL = on', 'implicit'],
    [
      'Use_SSL before STARTTLS',
      'ESMTP_Listener { Listen ":25" { Use_SSL = on TLS_Certificate = /c SMTP_Extensions = ( STARTTLS )',
      'implicit',
    ],
    ['Use_SSL off', 'ESMTP_Listener { Listen ":25" { Use_SSL = off', 'plain'],
    [
      'HTTP with a certificate alone',
      'HTTP_Listener { Listen ":80" { TLS_Certificate = /c SMTP_Extensions = ( STARTTLS )',
      'plain',
    ],
    ['HTTP with Use_SSL', 'HTTP_Listener { Listen ":80" { Use_SSL = true', 'implicit'],
    ['XMPP with a certificate', 'XMPP_Listener { Listen ":5222" { TLS_Certificate = /c', 'starttls'],
    ['XMPP without one', 'XMPP_Listener { Listen ":5222" { TLS_Certificate = none', 'plain'],
    ['Use_SSL that is open', 'ESMTP_Listener { Listen ":25" { Use_SSL = true include "gone.conf"', 'unknown'],
  ])('the posture of a listen with %s', (_name, text, posture) => {
    expect(inbound(`${text} } }`)?.posture).toBe(posture);
  });

  test.each([
    ['the certificate', 'TLS_Certificate = /c', 'TLS_Certificate = /d'],
    ['the extensions', 'SMTP_Extensions = ( STARTTLS )', 'SMTP_Extensions = ( X )'],
    ['Use_SSL', 'Use_SSL = true', 'Use_SSL = false'],
  ])('is unknown where a pathway leaves %s open', (_name, ofListen, ofPathway) => {
    const text = `Pathway p { ${ofPathway} }\nESMTP_Listener { Listen ":25" { Pathway = p Use_SSL = false TLS_Certificate = /c ${ofListen} } }`;
    const [listen] = tlsScopes(configOf(text));
    expect(listen).toMatchObject({ posture: 'unknown', label: 'Esmtp_Listener::Listen:\\:25:' });
  });

  test('a pathway serves connections that no file tells', () => {
    expect(inbound('Pathway p { Use_SSL = true }')).toMatchObject({ posture: 'unknown', enabled: true });
  });

  test.each([
    ['unset', '', true],
    ['false in the listen', 'enable = false', false],
    ['0 in the listen', 'Enable = 0', false],
    ['what is not a boolean', 'enable = maybe', true],
  ])('whether a listen is enabled: %s', (_name, text, enabled) => {
    expect(inbound(`ESMTP_Listener { Listen ":25" { ${text} } }`)?.enabled).toBe(enabled);
  });

  test('a listener that is switched off switches its listens off', () => {
    expect(inbound('ESMTP_Listener { enable = false Listen ":25" { } }')?.enabled).toBe(false);
  });

  test('where a scope is opened, and what it says', () => {
    const one = inbound('# one\nESMTP_Listener {\n  TLS_Key = /k\n  Listen ":25" { }\n}\n');
    expect(one).toMatchObject({ at: { file: MAIN, line: 4 }, path: [{}, { type: 'listen', name: ':25' }] });
    expect(one?.setting('TLS_Key')).toMatchObject({ text: '/k', indeterminate: false });
  });
});

describe('the library', () => {
  const GNUTLS = 'TLS_Engine = "GnuTLS"\n';
  test.each([
    ['OpenSSL is the default', 'ESMTP_Listener { }', undefined, 'openssl'],
    ['GnuTLS for SMTP', `${GNUTLS}ESMTP_Listener { }`, undefined, 'gnutls'],
    ['GnuTLS for pathways', `${GNUTLS}Pathway p { TLS_Key = /k }`, undefined, 'gnutls'],
    // config.tls_engine: SMTP only.
    ['OpenSSL for HTTP', `${GNUTLS}HTTP_Listener { }`, undefined, 'openssl'],
    ['OpenSSL for ECStream', `${GNUTLS}ECStream_Listener { }`, undefined, 'openssl'],
    ['OpenSSL for XMPP', `${GNUTLS}XMPP_Listener { }`, undefined, 'openssl'],
    ['OpenSSL for a release of 3.x', `${GNUTLS}ESMTP_Listener { }`, '3.6.6', 'openssl'],
    ['OpenSSL for 4.0', `${GNUTLS}ESMTP_Listener { }`, '4.0', 'openssl'],
    ['GnuTLS for 4.1', `${GNUTLS}ESMTP_Listener { }`, '4.1', 'gnutls'],
    ['another word is no GnuTLS', 'TLS_Engine = "gnutls2"\nESMTP_Listener { }', undefined, 'openssl'],
  ])('%s', (_name, text, momentumVersion, library) => {
    const options = momentumVersion === undefined ? {} : { momentumVersion };
    expect(inbound(text, options)?.library).toBe(library);
  });

  test('one configuration is judged for each release by itself, and once for each', () => {
    const config = configOf(`${GNUTLS}ESMTP_Listener { }`);
    expect(tlsScopes(config)[0]?.library).toBe('gnutls');
    expect(tlsScopes(config, { momentumVersion: '3.6.6' })[0]?.library).toBe('openssl');
    expect(tlsScopes(config, { momentumVersion: '4.1' })).toBe(tlsScopes(config, { momentumVersion: '4.1' }));
  });

  test('outgoing mail uses the engine', () => {
    expect(tlsScopes(configOf(GNUTLS))).toMatchObject([{ direction: 'outbound', library: 'gnutls' }]);
  });
});

describe('outbound scopes', () => {
  test.each([
    ['nothing is set: the default alone', '', ['Global']],
    ['a domain with TLS of its own', 'domain d.test { TLS = required }', ['Global', 'Domain:d.test:']],
    ['a domain that says something else', 'domain d.test { Idle_Timeout = 1 }', ['Global']],
    ['a binding with TLS of its own', 'binding b { TLS = required }', ['Global', 'Binding:b:']],
    ['a binding that says something else', 'binding b { Idle_Timeout = 1 }', ['Global']],
    [
      'a domain in a binding',
      'binding b { domain d.test { TLS = required } }',
      ['Global', 'Binding:b:Domain:d.test:'],
    ],
    [
      'a binding in a group',
      'binding_group g { TLS = required binding b { } }',
      ['Global', 'Binding_Group:g:Binding:b:'],
    ],
    ['a group without bindings', 'binding_group g { TLS = required }', ['Global', 'Binding_Group:g:']],
    [
      'a domain in a group, through its binding',
      'binding_group g { binding b { } domain d.test { TLS = required } }',
      ['Global', 'Binding_Group:g:Binding:b:Domain:d.test:'],
    ],
    [
      'a binding in a group and a stanza of it outside',
      'binding_group g { binding b { } }\nbinding b { TLS = required }',
      ['Global', 'Binding:b:', 'Binding_Group:g:Binding:b:'],
    ],
    [
      'a binding and a domain that set different things',
      'binding b { TLS = required }\ndomain d.test { TLS_Ciphers = x }',
      ['Global', 'Domain:d.test:', 'Binding:b:', 'Binding:b:Domain:d.test:'],
    ],
    [
      'a binding that overrules all that a domain sets',
      'binding b { TLS = required }\ndomain d.test { TLS = no }',
      ['Global', 'Domain:d.test:', 'Binding:b:'],
    ],
    [
      'a binding that says nothing, with a domain',
      'binding b { }\ndomain d.test { TLS = no }',
      ['Global', 'Domain:d.test:'],
    ],
    [
      'a domain in the binding and at the top level is one',
      'binding b { TLS = no domain D.test { TLS_Key = /k } }\ndomain d.TEST { TLS_Ciphers = x }',
      ['Global', 'Domain:d.TEST:', 'Binding:b:', 'Binding:b:Domain:D.test:'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(labels(text, 'outbound')).toEqual(expected);
  });

  test.each([
    'tls',
    'tls_protocols',
    'tls_ciphers',
    'tls_certificate',
    'tls_key',
    'tls_ca',
    'tls_verify',
    'tls_ifavailable_fallback',
  ])('a binding that sets %s is one of its own', (option) => {
    expect(labels(`binding b { ${option} = x }`, 'outbound')).toEqual(['Global', 'Binding:b:']);
  });

  test('a group and a global domain that differ are a scope of their own, whose posture is not known', () => {
    const text = 'binding_group g { TLS = required binding b { } }\ndomain d.test { TLS = no }';
    expect(tlsScopes(configOf(text)).map(({ label, posture }) => `${label} ${posture}`)).toEqual([
      'Global none',
      'Domain:d.test: none',
      'Binding_Group:g:Binding:b: required',
      'Binding_Group:g:Binding:b:Domain:d.test: unknown',
    ]);
  });

  test('a stanza that is opened again and set nowhere else is told where it is opened first', () => {
    const config = configOf('domain d.test { }\ndomain d.test { TLS = required }\n');
    expect(tlsScopes(config).map(({ at }) => at)).toEqual([null, { file: MAIN, line: 1 }]);
  });

  // conf.ref.tls.
  test.each([
    ['', 'none'],
    ['TLS = no', 'none'],
    ['TLS = False', 'none'],
    ['TLS = "IfAvailable"', 'opportunistic'],
    ['TLS = required', 'required'],
    ['TLS = sometimes', 'unknown'],
    ['include "gone.conf"', 'unknown'],
    ['TLS = required\ninclude "gone.conf"', 'unknown'],
  ])('the posture with "%s"', (text, posture) => {
    expect(tlsScopes(configOf(text))).toMatchObject([{ posture, enabled: true, path: [], at: null }]);
  });
});

describe('a file that was not read', () => {
  const GONE = 'include "gone.conf"';
  test.each([
    ['a binding', `TLS = "required"\nbinding b { ${GONE} }`, 'Binding:b:'],
    [
      'a binding of a group',
      `TLS = "required"\nbinding_group g { binding b { ${GONE} } }`,
      'Binding_Group:g:Binding:b:',
    ],
    ['a group', `TLS = "required"\nbinding_group g { ${GONE}\nbinding b { } }`, 'Binding_Group:g:Binding:b:'],
    ['a domain', `TLS = "required"\ndomain d.example { ${GONE} }`, 'Domain:d.example:'],
    [
      'a domain of a binding',
      `TLS = "required"\nbinding b { domain d.example { ${GONE} } }`,
      'Binding:b:Domain:d.example:',
    ],
    [
      'a peer',
      `ESMTP_Listener { Listen ":25" { Peer "10.0.0.0/8" { ${GONE} } } }`,
      'Esmtp_Listener::Listen:\\:25:Peer:10.0.0.0/8:',
    ],
  ])('in %s makes its TLS unknown', (_name, text, label) => {
    const scope = tlsScopes(configOf(text)).find((one) => one.label === label);
    expect(scope).toMatchObject({ posture: 'unknown' });
    expect(scope?.setting('tls_protocols').indeterminate).toBe(true);
  });
});
