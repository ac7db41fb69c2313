import { describe, expect, test } from 'vitest';
import { ECELERITY_CONF, laidNodes, type TestNode, worstOf } from './node.js';

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
