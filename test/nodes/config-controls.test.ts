import { describe, expect, test } from 'vitest';
import { ECELERITY_CONF, ECUSER, laidNodes, type TestNode, worstOf } from './node.js';

const newNode = laidNodes();

type Spoil = (node: TestNode) => TestNode;

const edited =
  (change: (text: string) => string): Spoil =>
  (node) =>
    node.edit(ECELERITY_CONF, change);
const appended = (text: string): Spoil => edited((before) => `${before}\n${text}\n`);
/** Inside of the SMTP listener, before its Listen. */
const inListener = (text: string): Spoil =>
  edited((before) => before.replace('ESMTP_Listener {', `ESMTP_Listener {\n  ${text}`));
const both =
  (first: Spoil, second: Spoil): Spoil =>
  (node) =>
    second(first(node));
/** The laid listener is of the loopback address. */
const onNetwork = edited((text) => text.replace(/Listen "127\.0\.0\.1:\d+"/, 'Listen ":25"'));
const withAuth = edited((text) => text.replace('"STARTTLS" )', '"STARTTLS" "AUTH LOGIN" )'));
const withoutCertificate = edited((text) => text.replace(/ {2}TLS_Certificate = .*\n/, ''));

const withCiphers = (ciphers: string): Spoil =>
  edited((text) => text.replace(/TLS_Ciphers = .*\n/, `TLS_Ciphers = "${ciphers}"\n`));
const withConsole = (listen: string, inside: string): Spoil =>
  edited((text) =>
    text.replace('Control_Listener {', `Control_Listener {\n  Listen "${listen}" {\n    ${inside}\n  }`),
  );
const AUTHENTICATED =
  'Enable_Authentication = true\n    AuthDigestMD5Parameters = [ uri = "digest:///opt/msys/ecelerity/etc/console_passwd" ]\n   ';
const withFileMode = (mode: string): Spoil =>
  edited((text) => text.replace('File_Mode = "0660"', `File_Mode = "${mode}"`));
const withRelayHosts = (hosts: string): Spoil =>
  edited((text) => text.replace('Relay_Hosts = ( 127.0.0.0/8 )', `Relay_Hosts = ( ${hosts} )`));

/** What is done to a node in order, and which control alone then fails; null: none does. */
type Row = readonly [string, Spoil, string | null];

async function failing(node: TestNode, momentum?: string): Promise<string[]> {
  const verdicts = await node.verdicts(undefined, momentum);
  return [...new Set(verdicts.filter(({ status }) => status === 'fail').map(({ control }) => control))];
}

describe('a node on which one thing of the configuration is not as it should be', () => {
  test.each<Row>([
    [
      'carries out what comes with STARTTLS',
      inListener('STARTTLS_Injection_Policy = "allow"'),
      'MOM-TLS-010',
    ],
    ['says itself that it rejects it', inListener('STARTTLS_Injection_Policy = "reject"'), null],
    [
      'requires TLS of a partner, and does not look at the certificate',
      edited((text) => text.replace('TLS_Verify = "host"', 'TLS_Verify = "no"')),
      'MOM-TLS-013',
    ],
    [
      'checks certificates by no authority',
      edited((text) => text.replace(/ {4}TLS_CA = .*\n/, '')),
      'MOM-TLS-013',
    ],
    [
      'takes the authorities of the whole file',
      edited((text) =>
        text
          .replace(/ {4}TLS_CA = .*\n/, '')
          .replace(
            'TLS = "ifavailable"\n',
            'TLS = "ifavailable"\nTLS_CA = "/opt/msys/ecelerity/etc/certs/ca.pem"\n',
          ),
      ),
      null,
    ],
    ['asks for passwords without TLS', both(both(onNetwork, withAuth), withoutCertificate), 'MOM-TLS-014'],
    ['asks for passwords, and offers TLS', both(onNetwork, withAuth), null],
    ['has Use_SSL and STARTTLS on one listen', inListener('Use_SSL = true'), 'MOM-TLS-016'],
    [
      'has Use_SSL on a listen of its own',
      inListener(
        'Listen "127.0.0.1:465" {\n  Use_SSL = true\n  SMTP_Extensions = ( "ENHANCEDSTATUSCODES" )\n}',
      ),
      null,
    ],
    ['offers RC4', withCiphers('HIGH:RC4-SHA:!aNULL:!3DES'), 'MOM-TLS-008'],
    ['offers ciphers without a certificate', withCiphers('HIGH:!3DES'), 'MOM-TLS-008'],
    ['offers named ciphers, none of them weak', withCiphers('DHE-RSA-AES128-SHA:AES128-SHA'), null],
    [
      'has a list of protocols without any version of TLS',
      edited((text) => text.replace('"+ALL:-SSLv2:-SSLv3"', '"-ALL:+TLSv1.0:-TLSv1.0"')),
      'MOM-TLS-005',
    ],
    ['has TLS 1.2 alone', edited((text) => text.replace('"+ALL:-SSLv2:-SSLv3"', '"+TLSv1.2"')), null],
    ['has its console on every address', withConsole(':2025', ''), 'MOM-CTL-001'],
    [
      'has its console on an address, and everybody is allowed',
      withConsole('192.0.2.1:2025', `${AUTHENTICATED} Always_Allow = true`),
      'MOM-CTL-001',
    ],
    ['has its console on every address, and authenticates', withConsole(':2025', AUTHENTICATED), null],
    ['has its console on the loopback address', withConsole('127.0.0.1:2025', ''), null],
    ['lets every user of the host to its console', withFileMode('0666'), 'MOM-CTL-002'],
    [
      'has a console that is open to all by a mistake of the disk',
      (node) => node.socket('/tmp/2025', { ...ECUSER, mode: 0o666 }),
      'MOM-CTL-002',
    ],
    [
      'has its console as Momentum makes it',
      (node) => node.socket('/tmp/2025', { ...ECUSER, mode: 0o660 }),
      null,
    ],
    [
      'authenticates every user of the host at its console',
      withFileMode('0666"\n    Enable_Authentication = "true'),
      null,
    ],
    ['relays for everybody', both(onNetwork, inListener('Open_Relay = true')), 'MOM-REL-001'],
    [
      'relays for two halves of the Internet',
      both(onNetwork, withRelayHosts('"0.0.0.0/1" "128.0.0.0/1"')),
      'MOM-REL-001',
    ],
    ['relays for its own network', both(onNetwork, withRelayHosts('127.0.0.0/8 10.0.0.0/8')), null],
    [
      'relays for a private peer',
      both(onNetwork, inListener('Peer "10.0.0.0/24" { Open_Relay = true }')),
      null,
    ],
    [
      'logs the passwords of its directory',
      appended('ds_ldap {\n  debug_level = "DEBUG"\n}'),
      'MOM-LDAP-004',
    ],
    ['logs the queries of its data sources', appended('ds_core {\n  debug_level = DEBUG\n}'), 'MOM-LDAP-004'],
    ['logs what its data sources have to say', appended('ds_core {\n  debug_level = "INFO"\n}'), null],
  ])('%s', async (_name, spoil, control) => {
    expect(await failing(spoil(newNode()))).toEqual(control === null ? [] : [control]);
  });
});

describe('a node of Momentum 4 with GnuTLS', () => {
  const withGnutls = (ciphers: string): Spoil => appended(`TLS_Engine = "gnutls"\n${ciphers}`);

  test('fails where TLS_Protocols alone is to switch SSLv3 off', async () => {
    const verdicts = await withGnutls('')(newNode()).verdicts(['MOM-TLS-015'], '4.2.1');
    expect(worstOf(verdicts)).toBe('fail');
  });

  test('passes where the priority string does', async () => {
    const node = withGnutls('TLS_Ciphers = "NORMAL:-VERS-SSL3.0"')(newNode());
    expect(worstOf(await node.verdicts(['MOM-TLS-015'], '4.2.1'))).toBe('pass');
  });
});
