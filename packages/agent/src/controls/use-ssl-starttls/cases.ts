import { CASE_MAIN, caseTls } from '../../../testing/cases/config.js';
import { defineCases } from '../../units/case.js';

const listener = (ssl: string, extensions: string, more = '') =>
  `ESMTP_Listener {\n  TLS_Certificate = "/etc/server.crt"\n  ${extensions}\n  Listen ":465" {\n    ${ssl}\n    ${more}\n  }\n}\n`;
const facts = (text: string) => () => caseTls(text);
const SSL = 'Use_SSL = true';
const STARTTLS = 'SMTP_Extensions = ( "ENHANCEDSTATUSCODES" "STARTTLS" )';
const PLAIN = 'SMTP_Extensions = ( "ENHANCEDSTATUSCODES" )';
const LISTEN = 'inbound Esmtp_Listener::Listen:\\:465:';
const at = { file: CASE_MAIN, line: 5 };

export default defineCases([
  {
    name: 'both, one from the listener and one from the listen',
    facts: facts(listener(SSL, STARTTLS)),
    expect: { status: 'fail', severity: 'medium', violations: 1, at, subjects: { [LISTEN]: 'fail' } },
  },
  {
    name: 'both, in other words',
    facts: facts(listener('use_ssl = "on"', 'smtp_extensions = ( "starttls" )')),
    expect: { status: 'fail', at },
  },
  {
    name: 'both without a certificate exclude each other all the same',
    facts: facts(`ESMTP_Listener {\n  ${SSL}\n  ${STARTTLS}\n  Listen ":465" { }\n}\n`),
    expect: { status: 'fail', at: { file: CASE_MAIN, line: 2 } },
  },
  { name: 'Use_SSL alone', facts: facts(listener(SSL, PLAIN)), expect: { status: 'pass' } },
  {
    name: 'the listen takes STARTTLS away again',
    facts: facts(listener(SSL, STARTTLS, PLAIN)),
    expect: { status: 'pass' },
  },
  { name: 'STARTTLS alone', facts: facts(listener('', STARTTLS)), expect: { status: 'not-applicable' } },
  {
    name: 'Use_SSL that is switched off',
    facts: facts(listener('Use_SSL = false', STARTTLS)),
    expect: { status: 'not-applicable' },
  },
  { name: 'no SMTP', facts: facts('TLS = "no"\n'), expect: { status: 'not-applicable' } },
  {
    name: 'each on a listen of its own',
    facts: facts(`ESMTP_Listener {\n  Listen ":25" { ${STARTTLS} }\n  Listen ":465" { ${SSL} }\n}\n`),
    expect: {
      status: 'pass',
      subjects: { 'inbound Esmtp_Listener::Listen:\\:25:': 'not-applicable', [LISTEN]: 'pass' },
    },
  },
  {
    name: 'a peer brings STARTTLS in',
    facts: facts(listener(SSL, PLAIN, `Peer "10.0.0.0/8" { ${STARTTLS} }`)),
    expect: { status: 'fail', subjects: { [LISTEN]: 'pass', [`${LISTEN}Peer:10.0.0.0/8:`]: 'fail' } },
  },
  {
    name: 'a pathway with both',
    facts: facts(`Pathway "p" {\n  ${SSL}\n  ${STARTTLS}\n}\n`),
    expect: { status: 'fail', subjects: { 'inbound Pathway:p:': 'fail' } },
  },
  {
    name: 'a listen that is switched off',
    facts: facts(listener(SSL, STARTTLS, 'Enable = false')),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'neither true nor false',
    facts: facts(listener('Use_SSL = "maybe"', STARTTLS)),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a file that could set it was not read',
    facts: facts(listener('include "/etc/unreadable.conf"', STARTTLS)),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'both, whatever stands in the file that was not read',
    facts: facts(`${listener(SSL, STARTTLS)}Binding "b" { include "/etc/unreadable.conf" }\n`),
    expect: { status: 'fail', subjects: { [LISTEN]: 'fail', 'use-ssl': 'indeterminate' } },
  },
]);
