import { CASE_MAIN, caseTls } from '../../../testing/cases/config.js';
import { CASE_LISTENER, caseServed, caseWire } from '../../../testing/cases/served.js';
import { defineCases } from '../../units/case.js';

const SPEAKS = 'TLS = "ifavailable"\n';
const facts =
  (text: string, version: string | null = '3.6.6') =>
  () =>
    caseTls(text, version);
const excludes = (list: string) =>
  ({
    name: `taken away by ${list}`,
    facts: facts(`TLS_Ciphers = "${list}"\n${SPEAKS}`),
    expect: { status: 'fail', severity: 'medium', violations: 1, at: { file: CASE_MAIN, line: 1 } },
  }) as const;
const keeps = (list: string) =>
  ({
    name: `kept by ${list}`,
    facts: facts(`TLS_Ciphers = "${list}"\n${SPEAKS}`),
    expect: { status: 'pass' },
  }) as const;

export default defineCases([
  { name: 'nothing is set', facts: facts(SPEAKS), expect: { status: 'pass' } },
  {
    name: 'switched off',
    facts: facts('TLS_Enable_DHE_Ciphers = false\n'),
    expect: { status: 'fail', severity: 'medium', violations: 1, at: { file: CASE_MAIN, line: 1 } },
  },
  {
    name: 'switched on',
    facts: facts(`TLS_Enable_DHE_Ciphers = "on"\n${SPEAKS}`),
    expect: { status: 'pass' },
  },
  {
    name: 'neither on nor off',
    facts: facts('TLS_Enable_DHE_Ciphers = "maybe"\n'),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'in a scope where it has no effect',
    facts: facts(`${SPEAKS}Binding "b" { TLS_Enable_DHE_Ciphers = true }\n`),
    expect: { status: 'fail', severity: 'low', violations: 1, at: { file: CASE_MAIN, line: 2 } },
  },
  excludes('DEFAULT:!EDH'),
  excludes('DEFAULT:-EDH'),
  excludes('DEFAULT !kEDH'),
  excludes('HIGH:!DH'),
  excludes('HIGH:!DHE'),
  excludes('HIGH:-DHE'),
  excludes('HIGH:!kDHE'),
  excludes('HIGH:-kEDH'),
  excludes('ALL:!kDHE:DHE-RSA-AES256-SHA'),
  excludes('AES256-SHA:AES128-SHA'),
  excludes('kDH'),
  keeps('HIGH:!kDH'),
  keeps('HIGH:-kDH'),
  keeps('HIGH:!kDHr:!kDHd'),
  keeps('HIGH:!ADH'),
  keeps('HIGH:-kEDH:kEDH'),
  keeps('HIGH:+kEDH'),
  {
    name: 'one binding takes it away',
    facts: facts(`${SPEAKS}Binding "b" { TLS_Ciphers = "DEFAULT:!DHE" }\n`),
    expect: { status: 'fail', violations: 1, at: { file: CASE_MAIN, line: 2 } },
  },
  {
    name: 'elliptic curves only',
    facts: facts(`TLS_Ciphers = "ECDHE-RSA-AES128-GCM-SHA256"\n${SPEAKS}`),
    expect: { status: 'pass' },
  },
  {
    name: 'a list with words that are not known',
    facts: facts(`TLS_Ciphers = "PROFILE=SYSTEM"\n${SPEAKS}`),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'under GnuTLS a priority string takes it away',
    facts: facts(`TLS_Engine = "gnutls"\nTLS_Ciphers = "NORMAL:-DHE-RSA"\n${SPEAKS}`, '4.2.1'),
    expect: { status: 'fail', violations: 1, at: { file: CASE_MAIN, line: 2 } },
  },
  {
    name: 'a priority string that keeps it',
    facts: facts(`TLS_Engine = "gnutls"\nTLS_Ciphers = "NORMAL:-VERS-SSL3.0"\n${SPEAKS}`, '4.2.1'),
    expect: { status: 'pass' },
  },
  { name: 'a release without it', facts: facts('', '3.5.1'), expect: { status: 'fail' } },
  { name: 'nothing tells the release', facts: facts('', null), expect: { status: 'indeterminate' } },
  {
    name: 'a file that could set it was not read',
    facts: facts('include "/etc/unreadable.conf"\n'),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'on in the files, and none on the wire',
    facts: () => ({
      ...facts(SPEAKS)(),
      ...caseWire(
        caseServed({
          dhe: {
            answer: 'not-offered',
            reason: 'alert 40',
            bits: null,
            primeSha256: null,
            group: null,
            isPrime: null,
          },
        }),
      ),
    }),
    expect: {
      status: 'fail',
      severity: 'low',
      subjects: { dhe: 'pass', [`${CASE_LISTENER} served`]: 'fail' },
    },
  },
  {
    name: 'on the wire as well',
    facts: () => ({ ...facts(SPEAKS)(), ...caseWire(caseServed()) }),
    expect: { status: 'pass', subjects: { dhe: 'pass', [`${CASE_LISTENER} served`]: 'pass' } },
  },
  {
    name: 'the listener speaks TLS 1.3 alone',
    facts: () => ({ ...facts(SPEAKS)(), ...caseWire(caseServed({ dhe: null })) }),
    expect: { status: 'pass', subjects: { dhe: 'pass' } },
  },
]);
