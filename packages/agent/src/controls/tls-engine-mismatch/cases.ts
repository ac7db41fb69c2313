import { CASE_MAIN, caseTls } from '../../../testing/cases/config.js';
import { defineCases } from '../../units/case.js';

const GNUTLS = 'TLS_Engine = "gnutls"\n';
const PROTOCOLS = 'TLS_Protocols = "+ALL:-SSLv3"\n';
const OUT = 'TLS = "ifavailable"\n';
const LISTENER =
  'ESMTP_Listener {\n  SMTP_Extensions = ( "STARTTLS" )\n  TLS_Certificate = "/etc/server.crt"\n  Listen ":25" { }\n}\n';
const facts =
  (text: string, version: string | null = '4.2.1') =>
  () =>
    caseTls(text, version);
const IN = 'inbound Esmtp_Listener::Listen:\\:25:';

export default defineCases([
  {
    name: 'TLS_Protocols alone, under GnuTLS',
    facts: facts(`${GNUTLS}${PROTOCOLS}${OUT}${LISTENER}`),
    expect: {
      status: 'fail',
      severity: 'high',
      violations: 2,
      at: { file: CASE_MAIN, line: 2 },
      subjects: { outbound: 'fail', [IN]: 'fail' },
    },
  },
  {
    name: 'a priority string that says nothing of versions does not take its place',
    facts: facts(`${GNUTLS}${PROTOCOLS}TLS_Ciphers = "NORMAL"\n${OUT}`),
    expect: { status: 'fail', violations: 1, at: { file: CASE_MAIN, line: 2 } },
  },
  {
    name: 'a priority string that names the versions',
    facts: facts(`${GNUTLS}${PROTOCOLS}TLS_Ciphers = "NORMAL:-VERS-SSL3.0"\n${OUT}`),
    expect: { status: 'pass', subjects: { outbound: 'pass' } },
  },
  {
    name: 'no TLS_Protocols',
    facts: facts(`${GNUTLS}${OUT}`),
    expect: { status: 'pass' },
  },
  {
    name: 'one binding believes in TLS_Protocols',
    facts: facts(`${GNUTLS}${OUT}Binding "b" {\n  ${PROTOCOLS}}\n`),
    expect: {
      status: 'fail',
      at: { file: CASE_MAIN, line: 4 },
      subjects: { outbound: 'pass', 'outbound Binding:b:': 'fail' },
    },
  },
  {
    name: 'OpenSSL',
    facts: facts(`TLS_Engine = "openssl"\n${PROTOCOLS}${OUT}`),
    expect: { status: 'not-applicable' },
  },
  { name: 'no engine is named', facts: facts(`${PROTOCOLS}${OUT}`), expect: { status: 'not-applicable' } },
  {
    name: 'an HTTP listener keeps OpenSSL, which reads TLS_Protocols',
    facts: facts(
      `${GNUTLS}HTTP_Listener {\n  Use_SSL = true\n  TLS_Certificate = "/etc/s.crt"\n  ${PROTOCOLS}  Listen ":443" { }\n}\n`,
    ),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a release that has no TLS_Engine uses OpenSSL',
    facts: facts(`${GNUTLS}${PROTOCOLS}${OUT}`, '3.6.6'),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'nothing tells the release',
    facts: facts(`${GNUTLS}${PROTOCOLS}${OUT}`, null),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'an engine that no page names',
    facts: facts(`TLS_Engine = "nss"\n${PROTOCOLS}${OUT}`),
    expect: { status: 'indeterminate', subjects: { 'tls-engine ecelerity': 'indeterminate' } },
  },
  {
    name: 'nothing speaks TLS',
    facts: facts(`${GNUTLS}${PROTOCOLS}TLS = "no"\n`),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a file that could name the engine was not read',
    facts: facts(`${PROTOCOLS}${OUT}include "/etc/unreadable.conf"\n`),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'under GnuTLS, whatever stands in a file of a listener',
    facts: facts(`${GNUTLS}${PROTOCOLS}${OUT}ESMTP_Listener { include "/etc/unreadable.conf" }\n`),
    expect: { status: 'fail', violations: 1 },
  },
]);
