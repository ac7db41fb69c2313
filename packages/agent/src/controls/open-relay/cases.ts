import { CASE_MAIN, caseTls } from '../../../testing/cases/config.js';
import { defineCases } from '../../units/case.js';

const facts = (text: string) => () => caseTls(text);
/** The Listen is in line 2, what stands in it from line 3 on. */
const listen = (lines: readonly string[], name = ':25') =>
  `ESMTP_Listener {\n  Listen "${name}" {\n${lines.map((line) => `    ${line}\n`).join('')}  }\n}\n`;
const LISTEN = 'Esmtp_Listener::Listen:\\:25:';
const OPEN = 'Open_Relay = true';
const at = (line: number) => ({ file: CASE_MAIN, line });
const hosts = (...blocks: readonly string[]) =>
  `Relay_Hosts = ( ${blocks.map((one) => `"${one}"`).join(' ')} )`;
const isOpen = (...blocks: readonly string[]) =>
  ({
    name: `relay hosts that are too many: ${blocks.join(' ')}`,
    facts: facts(listen([hosts(...blocks)])),
    expect: { status: 'fail', severity: 'critical', violations: 1, at: at(3) },
  }) as const;
const isNarrow = (...blocks: readonly string[]) =>
  ({
    name: `relay hosts that somebody chose: ${blocks.join(' ')}`,
    facts: facts(listen([hosts(...blocks)])),
    expect: { status: 'pass' },
  }) as const;
const peer = (block: string, inside: string) => `Peer "${block}" { ${inside} }`;

export default defineCases([
  {
    name: 'nothing is set',
    facts: facts(listen([])),
    expect: { status: 'pass', subjects: { [LISTEN]: 'pass' } },
  },
  {
    name: 'open to all',
    facts: facts(listen([OPEN])),
    expect: {
      status: 'fail',
      severity: 'critical',
      violations: 1,
      at: at(3),
      subjects: { [LISTEN]: 'fail' },
    },
  },
  { name: 'closed by a line', facts: facts(listen(['Open_Relay = false'])), expect: { status: 'pass' } },
  {
    name: 'the listener is open, and its Listen closes it',
    facts: facts(`ESMTP_Listener {\n  ${OPEN}\n  Listen ":25" { Open_Relay = false }\n}\n`),
    expect: { status: 'pass' },
  },
  {
    name: 'the listener is open',
    facts: facts(`ESMTP_Listener {\n  ${OPEN}\n  Listen ":25" { }\n}\n`),
    expect: { status: 'fail', at: at(2) },
  },
  isOpen('0.0.0.0/0'),
  isOpen('::/0'),
  isOpen('0.0.0.0/1', '128.0.0.0/1'),
  isOpen('::/1', '8000::/1'),
  isOpen('0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2', '192.0.0.0/2'),
  isOpen('8.0.0.0/7'),
  isOpen('127.0.0.0/8', '10.0.0.0/7'),
  isNarrow('127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'),
  isNarrow('127.0.0.1/32', '::1', 'fd82:7796:815b:af9d::', '198.51.100.0/24'),
  isNarrow('17.0.0.0/8'),
  isNarrow('fc00::/7'),
  {
    name: 'everybody, in the global scope',
    facts: facts(`${hosts('0.0.0.0/0')}\n${listen([])}`),
    expect: { status: 'fail', severity: 'critical', at: at(1) },
  },
  {
    name: 'everybody in the global scope, which the listener overrides',
    facts: facts(`${hosts('0.0.0.0/0')}\n${listen([hosts('127.0.0.0/8')])}`),
    expect: { status: 'pass' },
  },
  {
    name: 'relay hosts that are no addresses',
    facts: facts(listen([hosts('mail.example.com')])),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'everybody, whatever else the list has',
    facts: facts(listen([hosts('mail.example.com', '0.0.0.0/0')])),
    expect: { status: 'fail', severity: 'critical' },
  },
  {
    name: 'a private network may relay',
    facts: facts(listen([peer('10.0.0.0/24', OPEN)])),
    expect: {
      status: 'pass',
      subjects: { [LISTEN]: 'pass', [`${LISTEN}Peer:10.0.0.0/24:`]: 'not-applicable' },
    },
  },
  {
    name: 'this host may relay',
    facts: facts(listen([peer('127.0.0.1', OPEN)])),
    expect: { status: 'pass' },
  },
  {
    name: 'a public network may relay',
    facts: facts(listen([peer('198.51.100.0/24', OPEN)])),
    expect: {
      status: 'fail',
      severity: 'high',
      subjects: { [LISTEN]: 'pass', [`${LISTEN}Peer:198.51.100.0/24:`]: 'fail' },
    },
  },
  {
    name: 'a peer that is everybody may relay',
    facts: facts(listen([peer('0.0.0.0/0', OPEN)])),
    expect: { status: 'fail', severity: 'critical', at: at(3) },
  },
  {
    name: 'a peer of the listener may relay',
    facts: facts(`ESMTP_Listener {\n  ${peer('0.0.0.0/1', OPEN)}\n  Listen ":25" { }\n}\n`),
    expect: { status: 'fail', severity: 'critical', at: at(2) },
  },
  {
    name: 'peers that are everybody close what is open around them',
    facts: facts(
      listen(
        [OPEN, peer('0.0.0.0/1', 'Open_Relay = false'), peer('128.0.0.0/1', 'Open_Relay = false')],
        '192.0.2.1:25',
      ),
    ),
    expect: { status: 'pass' },
  },
  {
    name: 'peers that are all of IPv4, and the system decides about IPv6',
    facts: facts(listen([OPEN, peer('0.0.0.0/0', 'Open_Relay = false')])),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a listener of this host alone',
    facts: facts(listen([OPEN], '127.0.0.1:25')),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a listener on a private address may be forwarded to',
    facts: facts(listen([OPEN], '10.0.0.1:25')),
    expect: { status: 'fail' },
  },
  {
    name: 'a listener that is switched off',
    facts: facts(listen([OPEN, 'Enable = false'])),
    expect: { status: 'not-applicable' },
  },
  { name: 'no SMTP', facts: facts('TLS = "no"\n'), expect: { status: 'not-applicable' } },
  {
    name: 'whoever names the sender’s domain',
    facts: facts(listen(['Relay_For_Sending_Domains = ( "*.example.com" )'])),
    expect: { status: 'fail', severity: 'high', at: at(3) },
  },
  {
    name: 'whoever names any sender',
    facts: facts(listen(['Relay_For_Sending_Domains = ( )'])),
    expect: { status: 'fail', severity: 'critical', at: at(3) },
  },
  {
    name: 'whoever names a sender of a private network',
    facts: facts(listen([peer('10.0.0.0/8', 'Relay_For_Sending_Domains = ( "example.com" )')])),
    expect: { status: 'pass' },
  },
  {
    name: 'for every domain',
    facts: facts(`Relay_Domains = ( "*" )\n${listen([])}`),
    expect: { status: 'fail', severity: 'critical', at: at(1) },
  },
  {
    name: 'for domains that end alike',
    facts: facts(`Relay_Domains = ( example.com "*example.com" )\n${listen([])}`),
    expect: { status: 'fail', severity: 'medium', at: at(1) },
  },
  {
    name: 'for own domains and what is below them',
    facts: facts(`Relay_Domains = ( example.com "*.example.com" )\n${listen([])}`),
    expect: { status: 'pass' },
  },
  {
    name: 'a pathway that is chosen at run time',
    facts: facts(`${listen([])}Pathway "p" { ${OPEN} }\n`),
    expect: { status: 'fail', severity: 'critical', subjects: { [LISTEN]: 'pass', 'Pathway:p:': 'fail' } },
  },
  {
    name: 'a pathway that says nothing of it',
    facts: facts(`${listen([])}Pathway "p" { Max_Message_Size = 1000 }\n`),
    expect: { status: 'pass', subjects: { [LISTEN]: 'pass' } },
  },
  {
    name: 'a pathway that a listener of this host has',
    facts: facts(`${listen(['Pathway = "p"'], '127.0.0.1:25')}Pathway "p" { ${OPEN} }\n`),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'neither open nor closed',
    facts: facts(listen(['Open_Relay = "maybe"'])),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a file that could open it was not read',
    facts: facts(listen(['include "/etc/unreadable.conf"'])),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'open, whatever stands in a file of another scope',
    facts: facts(`${listen([OPEN])}Binding "b" { include "/etc/unreadable.conf" }\n`),
    expect: { status: 'fail', severity: 'critical', subjects: { [LISTEN]: 'fail', relay: 'indeterminate' } },
  },
]);
