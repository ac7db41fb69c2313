import { CASE_MAIN, caseTls } from '../../../testing/cases/config.js';
import { servedVersionCases } from '../../../testing/cases/served-version.js';
import { defineCases } from '../../units/case.js';

const SPEAKS =
  'TLS = "ifavailable"\nESMTP_Listener {\n  SMTP_Extensions = ( "STARTTLS" )\n  TLS_Certificate = "/etc/server.crt"\n  Listen ":25" { }\n}\n';
const facts = (text: string, version?: string | null) => () => caseTls(text, version);

export default defineCases([
  {
    name: 'both taken away globally',
    facts: facts(`TLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n${SPEAKS}`),
    expect: { status: 'pass' },
  },
  {
    name: 'nothing is set',
    facts: facts(SPEAKS),
    expect: {
      status: 'fail',
      violations: 2,
      subjects: { 'inbound Esmtp_Listener::Listen:\\:25:': 'fail', outbound: 'fail' },
    },
  },
  {
    name: 'a list that lets it in, with an OpenSSL that has left it out',
    facts: () => caseTls(`TLS_Protocols = "+ALL"\n${SPEAKS}`, '3.6.6', '1.1.1k'),
    expect: { status: 'pass' },
  },
  {
    name: 'everything is set on',
    facts: facts(`TLS_Protocols = "+ALL"\n${SPEAKS}`),
    expect: { status: 'fail', violations: 2, at: { file: CASE_MAIN, line: 1 } },
  },
  {
    name: 'the list begins with a minus',
    facts: facts(`TLS_Protocols = "-TLSv1.0"\n${SPEAKS}`),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a file that could set it was not read',
    facts: facts(`${SPEAKS}include "/etc/unreadable.conf"\n`),
    expect: { status: 'indeterminate' },
  },
  { name: 'nothing speaks TLS', facts: facts('TLS = "no"\n'), expect: { status: 'not-applicable' } },
  {
    name: 'one binding puts it back',
    facts: facts(`TLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n${SPEAKS}Binding "b" { TLS_Protocols = "+ALL" }\n`),
    expect: { status: 'fail', violations: 1, at: { file: CASE_MAIN } },
  },
  {
    name: 'a release that does not know the option',
    facts: facts(`TLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n${SPEAKS}`, '3.5.1'),
    expect: { status: 'fail', violations: 2, at: { file: CASE_MAIN, line: 1 } },
  },
  {
    name: 'an unknown release is judged by the option',
    facts: facts(`TLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n${SPEAKS}`, null),
    expect: { status: 'pass' },
  },
  {
    name: 'GnuTLS does not read TLS_Protocols, but a priority string',
    facts: facts(`TLS_Engine = "gnutls"\nTLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n${SPEAKS}`, '4.2.1'),
    expect: { status: 'pass' },
  },
  {
    name: 'a priority string without SSL 3.0',
    facts: facts(`TLS_Engine = "gnutls"\nTLS_Ciphers = "NORMAL:-VERS-SSL3.0"\n${SPEAKS}`, '4.2.1'),
    expect: { status: 'pass' },
  },
  {
    name: 'a release without GnuTLS uses OpenSSL, whatever the file says',
    facts: facts(`TLS_Engine = "gnutls"\nTLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n${SPEAKS}`, '3.6.6'),
    expect: { status: 'pass' },
  },
  {
    name: 'a pathway that sets nothing of its own adds nothing',
    facts: facts(
      `TLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n${SPEAKS}Pathway "p" { TLS_Certificate = "/etc/p.crt" }\n`,
    ),
    expect: { status: 'pass' },
  },
  {
    name: 'a pathway with a list of its own',
    facts: facts(`TLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n${SPEAKS}Pathway "p" { TLS_Protocols = "+ALL" }\n`),
    expect: { status: 'fail', violations: 1 },
  },
  ...servedVersionCases('SSLv2'),
]);
