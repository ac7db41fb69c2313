import { CASE_MAIN, caseTls } from '../../../testing/cases/config.js';
import { defineCases } from '../../units/case.js';

const listener = (extensions: string, more = '', listen = ':587') =>
  `ESMTP_Listener {\n  SMTP_Extensions = ( ${extensions} )\n  ${more}\n  Listen "${listen}" { }\n}\n`;
const facts = (text: string) => () => caseTls(text);
const LOGIN = '"ENHANCEDSTATUSCODES" "AUTH LOGIN"';
const CERTIFICATE = 'TLS_Certificate = "/etc/server.crt"';
const LISTEN = 'inbound Esmtp_Listener::Listen:\\:587:';
const at = { file: CASE_MAIN, line: 2 };

export default defineCases([
  {
    name: 'AUTH LOGIN in clear text',
    facts: facts(listener(LOGIN)),
    expect: { status: 'fail', severity: 'high', violations: 1, at, subjects: { [LISTEN]: 'fail' } },
  },
  {
    name: 'AUTH PLAIN in clear text',
    facts: facts(listener('"AUTH PLAIN"')),
    expect: { status: 'fail', at },
  },
  {
    name: 'the second of several mechanisms',
    facts: facts(listener('"AUTH CRAM-MD5 LOGIN"')),
    expect: { status: 'fail', at },
  },
  { name: 'in small letters', facts: facts(listener('"auth login"')), expect: { status: 'fail', at } },
  {
    name: 'STARTTLS without a certificate is not offered',
    facts: facts(listener(`${LOGIN} "STARTTLS"`)),
    expect: { status: 'fail', severity: 'high', violations: 1, at },
  },
  {
    name: 'a certificate that is taken away again',
    facts: facts(
      `TLS_Certificate = "/etc/s.crt"\n${listener(`${LOGIN} "STARTTLS"`, 'TLS_Certificate = "none"')}`,
    ),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'STARTTLS beside it',
    facts: facts(listener(`${LOGIN} "STARTTLS"`, CERTIFICATE)),
    expect: { status: 'pass', subjects: { [LISTEN]: 'pass' } },
  },
  {
    name: 'encrypted from the first byte',
    facts: facts(listener(LOGIN, `Use_SSL = true ${CERTIFICATE}`)),
    expect: { status: 'pass' },
  },
  {
    name: 'a mechanism that sends no password',
    facts: facts(listener('"AUTH CRAM-MD5" "AUTH DIGEST-MD5"')),
    expect: { status: 'not-applicable' },
  },
  { name: 'no AUTH', facts: facts(listener('"STARTTLS"')), expect: { status: 'not-applicable' } },
  { name: 'no SMTP', facts: facts('TLS = "no"\n'), expect: { status: 'not-applicable' } },
  {
    name: 'on the loopback address',
    facts: facts(listener(LOGIN, '', '127.0.0.1:587')),
    expect: { status: 'fail', severity: 'low', violations: 1, at },
  },
  {
    name: 'on the loopback address of IPv6',
    facts: facts(listener(LOGIN, '', '[::1]:587')),
    expect: { status: 'fail', severity: 'low' },
  },
  {
    name: 'on a private address',
    facts: facts(listener(LOGIN, '', '10.0.0.1:587')),
    expect: { status: 'fail', severity: 'high' },
  },
  {
    name: 'one listen of two',
    facts: facts(
      `ESMTP_Listener {\n  ${CERTIFICATE}\n  Listen ":25" { }\n  Listen ":587" {\n    SMTP_Extensions = ( ${LOGIN} )\n  }\n}\n`,
    ),
    expect: {
      status: 'fail',
      at: { file: CASE_MAIN, line: 5 },
      subjects: { 'inbound Esmtp_Listener::Listen:\\:25:': 'not-applicable', [LISTEN]: 'fail' },
    },
  },
  {
    name: 'for one peer only',
    facts: facts(
      `ESMTP_Listener {\n  Listen ":587" {\n    Peer "10.0.0.0/24" {\n      SMTP_Extensions = ( ${LOGIN} )\n    }\n  }\n}\n`,
    ),
    expect: {
      status: 'fail',
      severity: 'high',
      subjects: { [LISTEN]: 'not-applicable', [`${LISTEN}Peer:10.0.0.0/24:`]: 'fail' },
    },
  },
  {
    name: 'for this host only',
    facts: facts(
      `ESMTP_Listener {\n  Listen ":587" {\n    Peer "127.0.0.1" {\n      SMTP_Extensions = ( ${LOGIN} )\n    }\n  }\n}\n`,
    ),
    expect: { status: 'fail', severity: 'low' },
  },
  {
    name: 'a listener that is switched off',
    facts: facts(listener(LOGIN, 'Enable = false')),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a pathway with AUTH of its own',
    facts: facts(`Pathway "p" {\n  SMTP_Extensions = ( ${LOGIN} )\n}\n`),
    expect: { status: 'indeterminate', subjects: { 'inbound Pathway:p:': 'indeterminate' } },
  },
  {
    name: 'a file that could give it a certificate was not read',
    facts: facts(listener(`${LOGIN} "STARTTLS"`, 'include "/etc/unreadable.conf"')),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a file that could hold further listeners was not read',
    facts: facts(
      `${listener(`${LOGIN} "STARTTLS"`, CERTIFICATE)}Binding "b" { include "/etc/unreadable.conf" }\n`,
    ),
    expect: { status: 'indeterminate', subjects: { [LISTEN]: 'pass', 'smtp-auth': 'indeterminate' } },
  },
]);
