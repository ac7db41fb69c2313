import { CASE_MAIN, caseConfig, caseTls, caseVersion } from '../../../testing/cases/config.js';
import { CASE_LISTENER, caseServed, caseUnprobed, caseWire } from '../../../testing/cases/served.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

const OUT = 'TLS = "ifavailable"\n';
const list = (ciphers: string) => `TLS_Ciphers = "${ciphers}"\n`;
const facts =
  (text: string, openssl: string | null = null, version: string | null = '3.6.6') =>
  () =>
    caseTls(text, version, openssl);
const gnutls =
  (text: string, version: string | null = '3.1.5') =>
  (): Pick<Facts, 'momentumConfig' | 'momentumVersion' | 'servedTls'> => ({
    ...caseUnprobed(),
    ...caseConfig(`TLS_Engine = "gnutls"\n${text}`),
    momentumVersion: {
      ...caseVersion('4.2.1').momentumVersion,
      tlsLibrary: { name: 'gnutls', version, from: 'program' },
    },
  });
const at = { file: CASE_MAIN, line: 1 };
const judged = (ciphers: string, status: 'pass' | 'fail' | 'indeterminate', openssl: string | null = null) =>
  ({
    name: `${ciphers}${openssl === null ? '' : ` of OpenSSL ${openssl}`}`,
    facts: facts(`${list(ciphers)}${OUT}`, openssl),
    expect: { status, ...(status === 'fail' ? { violations: 1, at } : {}) },
  }) as const;
const STRONG = 'HIGH:!aNULL:!eNULL:!EXP:!LOW:!RC4:!3DES:!MD5';

const LISTENER =
  'TLS = "no"\nESMTP_Listener {\n  SMTP_Extensions = ( "STARTTLS" )\n  TLS_Certificate = "/etc/server.crt"\n  Listen ":25" { }\n}\n';

export default defineCases([
  judged(STRONG, 'pass'),
  judged('DEFAULT:!LOW:!EXP:!eNULL:!aNULL:!RC4:!3DES:!MD5', 'pass'),
  judged('ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-SHA', 'pass'),
  judged('ALL:!aNULL:!eNULL:!EXP:!LOW:!RC4:!3DES:!MD5', 'pass'),
  judged('kEDH+AESGCM', 'fail'),
  judged('kEDH+AESGCM:!aNULL', 'pass'),
  judged('HIGH:!3DES:!MD5', 'fail'),
  judged('HIGH:!aNULL', 'fail'),
  judged('HIGH:!aNULL:!3DES', 'pass'),
  judged('HIGH:!aNULL', 'pass', '3.0.7'),
  judged('HIGH:MEDIUM:!aNULL:!3DES', 'fail'),
  judged('HIGH:MEDIUM:!aNULL:!3DES:!RC4:!MD5', 'pass'),
  judged('RC4-SHA:AES128-SHA', 'fail'),
  judged('AES128-SHA:DES-CBC3-SHA', 'fail'),
  judged('AES128-SHA:ECDHE-RSA-DES-CBC3-SHA', 'fail'),
  judged('ADH-AES128-SHA', 'fail'),
  judged('NULL-SHA', 'fail'),
  judged('COMPLEMENTOFALL', 'fail'),
  judged('!RC4:AES128-SHA:RC4-SHA', 'pass'),
  judged('-RC4:AES128-SHA:RC4-SHA', 'fail'),
  judged('DEFAULT:!LOW:!EXP', 'indeterminate'),
  judged('DEFAULT:!LOW:!EXP', 'fail', '1.0.1e'),
  judged('DEFAULT', 'indeterminate', '3.0.7'),
  judged('PROFILE=SYSTEM', 'indeterminate'),
  judged('AES128-SHA:WHATEVER', 'indeterminate'),
  judged('NORMAL:-VERS-SSL3.0', 'fail'),
  {
    name: 'nothing is set',
    facts: facts(OUT),
    expect: { status: 'indeterminate', subjects: { outbound: 'indeterminate' } },
  },
  {
    name: 'nothing is set, and the library has 3DES in its default',
    facts: facts(OUT, '0.9.8e'),
    expect: { status: 'fail', violations: 1, severity: 'medium' },
  },
  {
    name: 'what HIGH holds depends on a library that nothing tells of',
    facts: facts(`${list('HIGH:!aNULL')}${OUT}`, null, null),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'one binding has a list of its own',
    facts: facts(`${list(STRONG)}${OUT}Binding "b" {\n  ${list('RC4-SHA')}}\n`),
    expect: {
      status: 'fail',
      at: { file: CASE_MAIN, line: 4 },
      subjects: { outbound: 'pass', 'outbound Binding:b:': 'fail' },
    },
  },
  {
    name: 'a cipher list of OpenSSL under GnuTLS',
    facts: gnutls(`${list('HIGH:!aNULL')}${OUT}`),
    expect: { status: 'fail', violations: 1, at: { file: CASE_MAIN, line: 2 } },
  },
  {
    name: 'a priority string for an HTTP listener, which keeps OpenSSL',
    facts: gnutls(
      `${list('NORMAL:-ARCFOUR-128:-3DES-CBC:-MD5')}${OUT}HTTP_Listener {\n  Use_SSL = true\n  TLS_Certificate = "/etc/s.crt"\n  Listen ":443" { }\n}\n`,
    ),
    expect: {
      status: 'fail',
      violations: 1,
      subjects: { outbound: 'pass', 'inbound Http_Listener::Listen:\\:443:': 'fail' },
    },
  },
  { name: 'NORMAL of an old GnuTLS', facts: gnutls(`${list('NORMAL')}${OUT}`), expect: { status: 'fail' } },
  {
    name: 'NORMAL without what is weak',
    facts: gnutls(`${list('NORMAL:-ARCFOUR-128:-3DES-CBC:-MD5')}${OUT}`),
    expect: { status: 'pass' },
  },
  {
    name: 'a priority string that brings in what has no certificate',
    facts: gnutls(`${list('SECURE256:+ANON-DH')}${OUT}`),
    expect: { status: 'fail' },
  },
  {
    name: 'a strong base of GnuTLS',
    facts: gnutls(`${list('SECURE256')}${OUT}`),
    expect: { status: 'pass' },
  },
  {
    name: 'nothing tells which GnuTLS',
    facts: gnutls(`${list('NORMAL')}${OUT}`, null),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a priority string that is none',
    facts: gnutls(`${list('@SYSTEM')}${OUT}`),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'nothing speaks TLS',
    facts: facts(`${list('RC4-SHA')}TLS = "no"\n`),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a pathway that sets no list adds nothing',
    facts: facts(`${list(STRONG)}${OUT}Pathway "p" { TLS_Certificate = "/etc/p.crt" }\n`),
    expect: { status: 'pass', subjects: { outbound: 'pass' } },
  },
  {
    name: 'a file that could set it was not read',
    facts: facts(`${list(STRONG)}${OUT}include "/etc/unreadable.conf"\n`),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'RC4, whatever stands in a file of a listener',
    facts: facts(`${list('RC4-SHA')}${OUT}ESMTP_Listener { include "/etc/unreadable.conf" }\n`),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'no weak cipher in the files, and RC4 on the wire',
    facts: () => ({
      ...facts(`${list(STRONG)}${LISTENER}`)(),
      ...caseWire(
        caseServed({
          weak: {
            answer: 'offered',
            reason: 'ServerHello',
            kinds: ['RC4'],
            suites: ['TLS_RSA_WITH_RC4_128_SHA'],
          },
        }),
      ),
    }),
    expect: { status: 'fail', subjects: { [CASE_LISTENER]: 'pass', [`${CASE_LISTENER} served`]: 'fail' } },
  },
  {
    name: 'no weak cipher anywhere',
    facts: () => ({ ...facts(`${list(STRONG)}${LISTENER}`)(), ...caseWire(caseServed()) }),
    expect: { status: 'pass', subjects: { [CASE_LISTENER]: 'pass', [`${CASE_LISTENER} served`]: 'pass' } },
  },
  {
    name: 'whether a weak one is served could not be told',
    facts: () => ({
      ...facts(`${list(STRONG)}${LISTENER}`)(),
      ...caseWire(
        caseServed({
          weak: { answer: 'inconclusive', reason: 'no answer in 3000 ms', kinds: [], suites: [] },
        }),
      ),
    }),
    expect: { status: 'pass', subjects: { [CASE_LISTENER]: 'pass' } },
  },
]);
