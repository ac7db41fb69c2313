import { CASE_MAIN, caseTls } from '../../../testing/cases/config.js';
import { caseServed, caseWire } from '../../../testing/cases/served.js';
import { defineCases } from '../../units/case.js';

const listener = (policy: string, more = '') =>
  `ESMTP_Listener {\n  SMTP_Extensions = ( "STARTTLS" )\n  TLS_Certificate = "/etc/server.crt"\n  ${policy}\n  Listen ":25" { ${more} }\n}\n`;
const facts =
  (text: string, version: string | null = '3.6.6') =>
  () =>
    caseTls(text, version);
const policy = (value: string) => `STARTTLS_Injection_Policy = "${value}"`;
const LISTEN = 'inbound Esmtp_Listener::Listen:\\:25:';

export default defineCases([
  {
    name: 'nothing is set, and the release rejects by default',
    facts: facts(listener('')),
    expect: { status: 'pass', subjects: { [LISTEN]: 'pass' } },
  },
  { name: 'rejected by the file', facts: facts(listener(policy('reject'))), expect: { status: 'pass' } },
  { name: 'rejected, in capitals', facts: facts(listener(policy('REJECT'))), expect: { status: 'pass' } },
  {
    name: 'allowed',
    facts: facts(listener(policy('allow'))),
    expect: { status: 'fail', severity: 'high', violations: 1, at: { file: CASE_MAIN, line: 4 } },
  },
  {
    name: 'ignored',
    facts: facts(listener(policy('ignore'))),
    expect: { status: 'fail', severity: 'low', violations: 1, at: { file: CASE_MAIN, line: 4 } },
  },
  {
    name: 'the listen puts right what its listener allows',
    facts: facts(listener(policy('allow'), policy('reject'))),
    expect: { status: 'pass' },
  },
  {
    name: 'one peer is allowed to',
    facts: facts(listener('', `Peer "10.0.0.0/8" { ${policy('allow')} }`)),
    expect: {
      status: 'fail',
      subjects: { [LISTEN]: 'pass', [`${LISTEN}Peer:10.0.0.0/8:`]: 'fail' },
    },
  },
  {
    name: 'a release that knows no other way',
    facts: facts(listener(policy('reject')), '3.2.4'),
    expect: { status: 'fail', severity: 'high', violations: 1, at: { file: CASE_MAIN, line: 4 } },
  },
  { name: 'the first release with a choice', facts: facts(listener(''), '3.3'), expect: { status: 'pass' } },
  { name: 'a release of the fourth line', facts: facts(listener(''), '4.2.1'), expect: { status: 'pass' } },
  {
    name: 'nothing tells the release',
    facts: facts(listener(''), null),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'allowed, whatever the release',
    facts: facts(listener(policy('allow')), null),
    expect: { status: 'fail', severity: 'high' },
  },
  {
    name: 'a word that the page does not name',
    facts: facts(listener(policy('deny'))),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a listener without a certificate does not offer STARTTLS',
    facts: facts(
      `ESMTP_Listener {\n  SMTP_Extensions = ( "STARTTLS" )\n  ${policy('allow')}\n  Listen ":25" { }\n}\n`,
    ),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a listener that encrypts from the first byte has no STARTTLS',
    facts: facts(listener(policy('allow'), 'Use_SSL = true')),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a listener that is switched off',
    facts: facts(listener(policy('allow'), 'Enable = false')),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a pathway that allows it',
    facts: facts(`${listener('')}Pathway "p" {\n  ${policy('allow')}\n}\n`),
    expect: { status: 'fail', subjects: { [LISTEN]: 'pass', 'inbound Pathway:p:': 'fail' } },
  },
  {
    name: 'a pathway that says nothing of it',
    facts: facts(`${listener('')}Pathway "p" { TLS_Certificate = "/etc/p.crt" }\n`),
    expect: { status: 'pass', subjects: { [LISTEN]: 'pass' } },
  },
  {
    name: 'a file inside of the listener was not read',
    facts: facts(listener('include "/etc/unreadable.conf"')),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'allowed, whatever stands in the file that was not read',
    facts: facts(`${listener('', policy('allow'))}Binding "b" { include "/etc/unreadable.conf" }\n`),
    expect: { status: 'fail', subjects: { [LISTEN]: 'fail', starttls: 'indeterminate' } },
  },
  {
    name: 'rejected by the files, and carried out all the same',
    facts: () => ({
      ...facts(listener(policy('reject')))(),
      ...caseWire(caseServed({ injection: { kind: 'carried-out', detail: '' } })),
    }),
    expect: {
      status: 'fail',
      severity: 'high',
      subjects: { [LISTEN]: 'pass', [`${LISTEN} served`]: 'fail' },
    },
  },
  {
    name: 'rejected on the wire as well',
    facts: () => ({
      ...facts(listener(policy('reject')))(),
      ...caseWire(caseServed({ injection: { kind: 'rejected', detail: '' } })),
    }),
    expect: { status: 'pass', subjects: { [LISTEN]: 'pass', [`${LISTEN} served`]: 'pass' } },
  },
  {
    name: 'what became of the attempt is not known',
    facts: () => ({
      ...facts(listener(policy('allow')))(),
      ...caseWire(caseServed({ injection: { kind: 'inconclusive', detail: 'closed' } })),
    }),
    expect: { status: 'fail', subjects: { [LISTEN]: 'fail' } },
  },
]);
