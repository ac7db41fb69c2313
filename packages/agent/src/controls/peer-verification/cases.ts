import { CASE_MAIN, caseTls } from '../../../testing/cases/config.js';
import { defineCases } from '../../units/case.js';

const facts =
  (text: string, version: string | null = '3.6.6') =>
  () =>
    caseTls(text, version);
const CA = 'TLS_CA = "/etc/ca.pem"\n';
const IFAVAILABLE = 'TLS = "ifavailable"\n';
const domain = (...lines: readonly string[]) =>
  `${IFAVAILABLE}Binding "b" {\n  Domain "partner.example" {\n${lines.map((line) => `    ${line.trim()}\n`).join('')}  }\n}\n`;
const PARTNER = 'outbound Binding:b:Domain:partner.example:';

export default defineCases([
  {
    name: 'required, and nobody asks whose certificate it is',
    facts: facts(domain('TLS = "required"')),
    expect: {
      status: 'fail',
      severity: 'low',
      violations: 1,
      at: { file: CASE_MAIN, line: 4 },
      subjects: { outbound: 'not-applicable', [PARTNER]: 'fail' },
    },
  },
  {
    name: 'required, and the verification is switched off by a line',
    facts: facts(domain('TLS = "required"', 'TLS_Verify = "no"')),
    expect: { status: 'fail', severity: 'low', at: { file: CASE_MAIN, line: 5 } },
  },
  {
    name: 'required of everybody',
    facts: facts('TLS = "required"\n'),
    expect: {
      status: 'fail',
      severity: 'low',
      at: { file: CASE_MAIN, line: 1 },
      subjects: { outbound: 'fail' },
    },
  },
  {
    name: 'required and verified',
    facts: facts(domain('TLS = "required"', 'TLS_Verify = "host"', CA)),
    expect: { status: 'pass', subjects: { outbound: 'not-applicable', [PARTNER]: 'pass' } },
  },
  {
    name: 'required, and signed by a known authority',
    facts: facts(domain('TLS = "required"', 'TLS_Verify = "ca"', CA)),
    expect: { status: 'pass' },
  },
  {
    name: 'the authorities are those of the whole file',
    facts: facts(`${CA}${domain('TLS = "required"', 'TLS_Verify = "host"')}`),
    expect: { status: 'pass' },
  },
  {
    name: 'verified by no authority',
    facts: facts(domain('TLS = "required"', 'TLS_Verify = "host"')),
    expect: { status: 'fail', severity: 'medium', violations: 1, at: { file: CASE_MAIN, line: 5 } },
  },
  {
    name: 'signed by no authority',
    facts: facts(`${IFAVAILABLE}TLS_Verify = "ca"\n`),
    expect: {
      status: 'fail',
      severity: 'medium',
      at: { file: CASE_MAIN, line: 2 },
      subjects: { outbound: 'fail' },
    },
  },
  {
    name: 'the authorities are empty',
    facts: facts(domain('TLS = "required"', 'TLS_Verify = "host"', 'TLS_CA = ""')),
    expect: { status: 'fail', severity: 'medium', at: { file: CASE_MAIN, line: 6 } },
  },
  { name: 'opportunistic and not verified', facts: facts(IFAVAILABLE), expect: { status: 'not-applicable' } },
  { name: 'no TLS', facts: facts('TLS = "no"\nTLS_Verify = "host"\n'), expect: { status: 'not-applicable' } },
  {
    name: 'optional in Momentum 4',
    facts: facts(`TLS = "required"\nTLS_Verify = "optional"\n${CA}`, '4.2.1'),
    expect: { status: 'pass' },
  },
  {
    name: 'optional in a release that does not have the word',
    facts: facts(`TLS = "required"\nTLS_Verify = "optional"\n${CA}`),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'optional, and nothing tells the release',
    facts: facts(`TLS = "required"\nTLS_Verify = "optional"\n${CA}`, null),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a word that no page names',
    facts: facts('TLS = "required"\nTLS_Verify = "yes"\n'),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'whether TLS is required depends on a word that no page names',
    facts: facts('TLS = "always"\n'),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'many domains that inherit one line are one subject',
    facts: facts(
      `TLS = "required"\nDomain "a.example" { Max_Outbound_Connections = 1 }\nDomain "b.example" { TLS_Protocols = "+ALL:-SSLv3" }\n`,
    ),
    expect: { status: 'fail', violations: 1, subjects: { outbound: 'fail' } },
  },
  {
    name: 'a file that could set it was not read',
    facts: facts(`TLS = "required"\nTLS_Verify = "host"\n${CA}include "/etc/unreadable.conf"\n`),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'no authority, whatever stands in a file of a listener',
    facts: facts(`${IFAVAILABLE}TLS_Verify = "host"\nESMTP_Listener { include "/etc/unreadable.conf" }\n`),
    expect: { status: 'fail', subjects: { outbound: 'fail', 'outbound-verification': 'indeterminate' } },
  },
]);
