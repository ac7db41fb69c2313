import { defineCases } from '../../kit/case.js';
import { CASE_MAIN, caseConfig } from '../../kit/case-config.js';

const SPEAKS =
  'TLS = "ifavailable"\nESMTP_Listener {\n  SMTP_Extensions = ( "STARTTLS" )\n  TLS_Certificate = "/etc/server.crt"\n  Listen ":25" { }\n}\n';
const facts = (text: string) => () => caseConfig(text);

export default defineCases([
  {
    name: 'both taken away globally',
    facts: facts(`TLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n${SPEAKS}`),
    expect: { status: 'pass' },
  },
  { name: 'nothing is set', facts: facts(SPEAKS), expect: { status: 'fail', violations: 1 } },
  {
    name: 'everything is set on',
    facts: facts(`TLS_Protocols = "+ALL"\n${SPEAKS}`),
    expect: { status: 'fail', violations: 1, at: { file: CASE_MAIN, line: 1 } },
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
]);
