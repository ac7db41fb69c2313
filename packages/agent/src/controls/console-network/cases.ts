import { CASE_MAIN, caseConfig } from '../../../testing/cases/config.js';
import { defineCases } from '../../units/case.js';

const facts = (text: string) => () => caseConfig(text);
/** The Listen is in line 2, what stands in it from line 3 on. */
const console_ = (listen: string, ...lines: readonly string[]) =>
  `Control_Listener {\n  Listen "${listen}" {\n${lines.map((line) => `    ${line}\n`).join('')}  }\n}\n`;
const DIGEST = 'AuthDigestMD5Parameters = [ uri = "digest:///etc/console_passwd" ]';
const LOGIN = 'AuthLoginParameters = [ uri = "file:///etc/unsafe_passwd" ]';
const ON = 'Enable_Authentication = true';
const at = (line: number) => ({ file: CASE_MAIN, line });
const WILD = 'Control_Listener::Listen:\\:2025:';
const peer = (block: string, inside: string) => `Peer "${block}" { ${inside} }`;

export default defineCases([
  {
    name: 'on every address, without authentication',
    facts: facts(console_(':2025')),
    expect: { status: 'fail', severity: 'critical', violations: 1, at: at(2), subjects: { [WILD]: 'fail' } },
  },
  {
    name: 'on one address of the network, switched off by a line',
    facts: facts(console_('10.0.0.1:2025', 'Enable_Authentication = false', DIGEST)),
    expect: { status: 'fail', severity: 'critical', at: at(3) },
  },
  { name: 'on the wildcard of IPv6', facts: facts(console_('[::]:2025')), expect: { status: 'fail' } },
  {
    name: 'authenticated by digest',
    facts: facts(console_(':2025', ON, DIGEST)),
    expect: { status: 'pass', subjects: { [WILD]: 'pass' } },
  },
  {
    name: 'authenticated as the listener says',
    facts: facts(`Control_Listener {\n  ${ON}\n  ${DIGEST}\n  Listen ":2025" { }\n}\n`),
    expect: { status: 'pass' },
  },
  {
    name: 'authenticated by a password in clear text',
    facts: facts(console_(':2025', ON, LOGIN)),
    expect: { status: 'fail', severity: 'high', violations: 1, at: at(4) },
  },
  {
    name: 'parameters without the switch: two pages of the manual say two things',
    facts: facts(console_(':2025', DIGEST)),
    expect: { status: 'indeterminate' },
  },
  { name: 'a socket', facts: facts(console_('/tmp/2025')), expect: { status: 'pass' } },
  { name: 'the loopback address', facts: facts(console_('127.0.0.1:2025')), expect: { status: 'pass' } },
  { name: 'the loopback address of IPv6', facts: facts(console_('[::1]:2025')), expect: { status: 'pass' } },
  {
    name: 'a password in clear text on the loopback address',
    facts: facts(console_('127.0.0.1:2025', ON, LOGIN)),
    expect: { status: 'pass' },
  },
  {
    name: 'a socket beside an open port',
    facts: facts('Control_Listener {\n  Listen "/tmp/2025" { }\n  Listen ":2025" { }\n}\n'),
    expect: { status: 'fail', subjects: { 'Control_Listener::Listen:/tmp/2025:': 'pass', [WILD]: 'fail' } },
  },
  {
    name: 'authenticated, and everybody allowed all the same',
    facts: facts(console_(':2025', ON, DIGEST, 'Always_Allow = true')),
    expect: { status: 'fail', severity: 'critical', violations: 1, at: at(5) },
  },
  {
    name: 'a whole network is always allowed',
    facts: facts(console_(':2025', ON, DIGEST, peer('10.0.0.0/8', 'Always_Allow = true'))),
    expect: { status: 'fail', severity: 'critical', violations: 1, at: at(5) },
  },
  {
    name: 'everybody of IPv6 is always allowed',
    facts: facts(console_(':2025', ON, DIGEST, peer('::/0', 'Always_Allow = true'))),
    expect: { status: 'fail', severity: 'critical' },
  },
  {
    name: 'this host is always allowed',
    facts: facts(console_(':2025', ON, DIGEST, peer('127.0.0.1', 'Always_Allow = true'))),
    expect: { status: 'pass' },
  },
  {
    name: 'one host that somebody chose is always allowed',
    facts: facts(console_(':2025', ON, DIGEST, peer('10.0.0.7', 'Always_Allow = true'))),
    expect: { status: 'pass' },
  },
  {
    name: 'one network is not authenticated',
    facts: facts(console_(':2025', ON, DIGEST, peer('10.0.0.0/8', 'Enable_Authentication = false'))),
    expect: { status: 'fail', severity: 'critical', violations: 1, at: at(5) },
  },
  {
    name: 'a peer of the listener counts for its Listen',
    facts: facts(
      `Control_Listener {\n  ${ON}\n  ${DIGEST}\n  ${peer('10.0.0.0/8', 'Always_Allow = true')}\n  Listen ":2025" { }\n}\n`,
    ),
    expect: { status: 'fail', at: at(4) },
  },
  {
    name: 'whoever no peer meets is denied',
    facts: facts(console_(':2025', 'Always_Deny = true', peer('127.0.0.0/8', 'Always_Deny = false'))),
    expect: { status: 'pass' },
  },
  {
    name: 'two halves of all addresses leave nobody whom the Listen itself meets',
    facts: facts(
      console_(
        '10.0.0.1:2025',
        peer('0.0.0.0/1', 'Always_Deny = true'),
        peer('128.0.0.0/1', `${ON} ${DIGEST}`),
      ),
    ),
    expect: { status: 'pass' },
  },
  {
    name: 'one half leaves the other',
    facts: facts(console_('10.0.0.1:2025', peer('0.0.0.0/1', 'Always_Deny = true'))),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'all of IPv4 is met by a peer, and whether IPv6 comes in the system decides',
    facts: facts(console_(':2025', peer('0.0.0.0/0', `${ON} ${DIGEST}`))),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'switched off',
    facts: facts(console_(':2025', 'Enable = false')),
    expect: { status: 'not-applicable' },
  },
  { name: 'no console', facts: facts('TLS = "no"\n'), expect: { status: 'not-applicable' } },
  {
    name: 'neither true nor false',
    facts: facts(console_(':2025', 'Enable_Authentication = "maybe"')),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a file inside of it was not read',
    facts: facts(console_(':2025', ON, DIGEST, 'include "/etc/unreadable.conf"')),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a file that may hold a further Listen was not read',
    facts: facts(`${console_('/tmp/2025')}include "/etc/unreadable.conf"\n`),
    expect: {
      status: 'indeterminate',
      subjects: { 'Control_Listener::Listen:/tmp/2025:': 'pass', console: 'indeterminate' },
    },
  },
  {
    name: 'always allowed, whatever stands in a file of another scope',
    facts: facts(
      `${console_(':2025', 'Always_Allow = true')}Binding "b" { include "/etc/unreadable.conf" }\n`,
    ),
    expect: { status: 'fail', severity: 'critical' },
  },
]);
