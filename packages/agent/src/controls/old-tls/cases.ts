import { CASE_MAIN, caseConfig, caseTls, caseVersion } from '../../../testing/cases/config.js';
import { CASE_LISTENER, caseServed, caseUnprobed, caseWire } from '../../../testing/cases/served.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

const OUT = 'TLS = "ifavailable"\n';
const LISTENER =
  'ESMTP_Listener {\n  SMTP_Extensions = ( "STARTTLS" )\n  TLS_Certificate = "/etc/server.crt"\n  Listen ":25" { }\n}\n';
const IN = 'inbound Esmtp_Listener::Listen:\\:25:';
const protocols = (list: string) => `TLS_Protocols = "${list}"\n`;
const facts =
  (text: string, openssl: string | null = '1.0.1e', version: string | null = '3.6.6') =>
  () =>
    caseTls(text, version, openssl);
const gnutls =
  (text: string, version: string | null) =>
  (): Pick<Facts, 'momentumConfig' | 'momentumVersion' | 'servedTls'> => ({
    ...caseUnprobed(),
    ...caseConfig(`TLS_Engine = "gnutls"\n${text}`),
    momentumVersion: {
      ...caseVersion('4.2.1').momentumVersion,
      tlsLibrary: { name: 'gnutls', version, from: 'program' },
    },
  });
const BOTH = { forbidden: 'TLSv1.0 TLSv1.1' };
const FIXED = '+ALL:-SSLv2:-SSLv3';

export default defineCases([
  {
    name: 'what the manual makes of the list has TLS 1.0 on',
    facts: facts(`${protocols(FIXED)}${OUT}${LISTENER}`),
    expect: {
      status: 'fail',
      severity: 'medium',
      at: { file: CASE_MAIN, line: 1 },
      subjects: { outbound: 'fail', [IN]: 'fail' },
    },
  },
  { name: 'nothing is set', facts: facts(OUT), expect: { status: 'fail', violations: 1 } },
  {
    name: 'TLS 1.0 is off',
    facts: facts(`${protocols(`${FIXED}:-TLSv1.0`)}${OUT}`),
    expect: { status: 'pass' },
  },
  {
    name: 'TLS 1.2 alone',
    facts: facts(`${protocols('+TLSv1.2')}${OUT}`),
    params: BOTH,
    expect: { status: 'pass' },
  },
  {
    name: 'policy forbids TLS 1.1 as well',
    facts: facts(`${protocols(`${FIXED}:-TLSv1.0`)}${OUT}`),
    params: BOTH,
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'policy forbids nothing',
    facts: facts(`${protocols(FIXED)}${OUT}`),
    params: { forbidden: '' },
    expect: { status: 'pass' },
  },
  {
    name: 'policy names what is no version',
    facts: facts(`${protocols(FIXED)}${OUT}`),
    params: { forbidden: 'TLSv9' },
    expect: { status: 'indeterminate' },
  },
  {
    name: 'one binding brings it back',
    facts: facts(`${protocols(`${FIXED}:-TLSv1.0`)}${OUT}Binding "b" {\n  ${protocols(FIXED)}}\n`),
    expect: {
      status: 'fail',
      at: { file: CASE_MAIN, line: 4 },
      subjects: { outbound: 'pass', 'outbound Binding:b:': 'fail' },
    },
  },
  {
    name: 'a library that has nothing newer',
    facts: facts(`${protocols(FIXED)}${OUT}`, '0.9.8e'),
    expect: { status: 'not-applicable', subjects: { outbound: 'not-applicable' } },
  },
  {
    name: 'a library that has nothing newer, and TLS 1.0 is taken away from it',
    facts: facts(`${protocols(`${FIXED}:-TLSv1.0`)}${OUT}`, '0.9.8e'),
    expect: { status: 'fail', violations: 1, at: { file: CASE_MAIN, line: 1 } },
  },
  {
    name: 'OpenSSL 1.0.0 has nothing newer either',
    facts: facts(`${protocols('+TLSv1.2')}${OUT}`, '1.0.0'),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'a list without any version of TLS, whatever the library',
    facts: facts(`${protocols('+SSLv3')}${OUT}`, null),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'ciphers of TLS 1.2 alone, and a library without it',
    facts: facts(`TLS_Ciphers = "ECDHE-RSA-AES128-GCM-SHA256"\n${OUT}`, '0.9.8e'),
    expect: { status: 'fail', at: { file: CASE_MAIN, line: 1 } },
  },
  {
    name: 'ciphers of TLS 1.2 alone keep TLS 1.0 out',
    facts: facts(`TLS_Ciphers = "ECDHE-RSA-AES128-GCM-SHA256"\n${OUT}`),
    expect: { status: 'pass' },
  },
  {
    name: 'TLS 1.0 is on, and which library runs is not known',
    facts: facts(`${protocols(FIXED)}${OUT}`, null),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'TLS 1.0 is off, and whether the library has anything else is not known',
    facts: facts(`${protocols(`${FIXED}:-TLSv1.0`)}${OUT}`, null),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'the list begins with a minus',
    facts: facts(`${protocols('-SSLv3')}${OUT}`),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a release that does not know the list',
    facts: facts(`${protocols('+TLSv1.2')}${OUT}`, '1.0.1e', '3.5.1'),
    expect: { status: 'fail', violations: 1, at: { file: CASE_MAIN, line: 1 } },
  },
  {
    name: 'a system whose own settings decide about TLS 1.0',
    facts: facts(`${protocols(FIXED)}${OUT}`, '1.1.1k', '4.2.1'),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'under GnuTLS the priority string has TLS 1.0',
    facts: gnutls(`TLS_Ciphers = "NORMAL:-VERS-SSL3.0"\n${OUT}`, '3.1.5'),
    expect: { status: 'fail', at: { file: CASE_MAIN, line: 2 } },
  },
  {
    name: 'under GnuTLS the priority string takes TLS 1.0 away',
    facts: gnutls(`TLS_Ciphers = "NORMAL:-VERS-SSL3.0:-VERS-TLS1.0"\n${OUT}`, '3.1.5'),
    expect: { status: 'pass' },
  },
  {
    name: 'under GnuTLS the priority string takes every version away',
    facts: gnutls(`TLS_Ciphers = "NORMAL:-VERS-TLS-ALL"\n${OUT}`, '3.1.5'),
    expect: { status: 'fail', at: { file: CASE_MAIN, line: 2 } },
  },
  { name: 'nothing speaks TLS', facts: facts('TLS = "no"\n'), expect: { status: 'not-applicable' } },
  {
    name: 'a pathway that sets no list adds nothing',
    facts: facts(`${protocols('+TLSv1.2')}${OUT}Pathway "p" { TLS_Certificate = "/etc/p.crt" }\n`),
    expect: { status: 'pass', subjects: { outbound: 'pass' } },
  },
  {
    name: 'a pathway with a list of its own',
    facts: facts(`${protocols('+TLSv1.2')}${OUT}Pathway "p" { ${protocols('+ALL').trim()} }\n`),
    expect: { status: 'fail', subjects: { outbound: 'pass', 'inbound Pathway:p:': 'fail' } },
  },
  {
    name: 'a file that could set it was not read',
    facts: facts(`${protocols('+TLSv1.2')}${OUT}include "/etc/unreadable.conf"\n`),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'TLS 1.0 is on, whatever stands in a file of a listener',
    facts: facts(`${protocols(FIXED)}${OUT}ESMTP_Listener { include "/etc/unreadable.conf" }\n`),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'TLS 1.0 is off in the files, and still served',
    facts: () => ({
      ...facts(`${protocols(`${FIXED}:-TLSv1.0`)}${LISTENER}`)(),
      ...caseWire(caseServed({}, { 'TLSv1.0': 'offered' })),
    }),
    expect: { status: 'fail', subjects: { [IN]: 'pass', [`${CASE_LISTENER} served`]: 'fail' } },
  },
  {
    name: 'what has nothing newer may serve it',
    facts: () => ({
      ...facts(`${protocols(FIXED)}${LISTENER}`, '0.9.8e')(),
      ...caseWire(caseServed({}, { 'TLSv1.0': 'offered' })),
    }),
    expect: { status: 'not-applicable', subjects: { [IN]: 'not-applicable' } },
  },
  {
    name: 'policy forbids nothing, whatever is served',
    facts: () => ({
      ...facts(`${protocols(FIXED)}${LISTENER}`)(),
      ...caseWire(caseServed({}, { 'TLSv1.0': 'offered' })),
    }),
    params: { forbidden: '' },
    expect: { status: 'pass', subjects: { [IN]: 'pass' } },
  },
]);
