import { CASE_MAIN, caseConfig } from '../../../testing/cases/config.js';
import type { ControlSocket } from '../../facts/control-socket.js';
import { defineCases } from '../../units/case.js';

interface Seen {
  readonly text?: string;
  readonly mode?: number | null;
  readonly state?: ControlSocket['state'];
  readonly unclear?: string;
}

/** The Listen is in line 2, what stands in it from line 3 on. */
const facts =
  ({ text = '0660', mode = 0o660, state = 'socket', unclear }: Seen, ...lines: readonly string[]) =>
  () => ({
    ...caseConfig(
      `Control_Listener {\n  Listen "/tmp/2025" {\n${lines.map((line) => `    ${line}\n`).join('')}  }\n}\n`,
    ),
    controlSocket: {
      sockets: [
        {
          instance: 'ecelerity',
          path: '/tmp/2025',
          fileMode: { text, at: { file: CASE_MAIN, line: 2 }, unclear: unclear ?? null },
          state,
          mode: state === 'socket' ? mode : null,
        },
      ],
    },
  });
const SOCKET = 'Control_Listener::Listen:/tmp/2025:';
const at = { file: CASE_MAIN, line: 2 };
const OPEN = { text: '0666', mode: 0o666 };
const none = { controlSocket: { sockets: [] } };

export default defineCases([
  {
    name: 'open to all by the file, and so it is',
    facts: facts(OPEN),
    expect: { status: 'fail', severity: 'high', violations: 2, at, subjects: { [SOCKET]: 'fail' } },
  },
  {
    name: 'open to all by the file, while Momentum is down',
    facts: facts({ text: '666', state: 'missing' }),
    expect: { status: 'fail', violations: 1, at },
  },
  {
    name: 'open to all on the disk alone',
    facts: facts({ mode: 0o666 }),
    expect: { status: 'fail', violations: 1, at: { file: '/tmp/2025' } },
  },
  {
    name: 'as Momentum makes it',
    facts: facts({}),
    expect: { status: 'pass', subjects: { [SOCKET]: 'pass' } },
  },
  { name: 'of the owner alone', facts: facts({ text: '0600', mode: 0o600 }), expect: { status: 'pass' } },
  {
    name: 'others may read, which connects nobody',
    facts: facts({ text: '0664', mode: 0o664 }),
    expect: { status: 'pass' },
  },
  { name: 'Momentum is down', facts: facts({ state: 'missing' }), expect: { status: 'pass' } },
  {
    name: 'open to all, and the console authenticates',
    facts: facts(OPEN, 'Enable_Authentication = true'),
    expect: { status: 'pass' },
  },
  {
    name: 'open to all, and what each may do is authorized',
    facts: facts(OPEN, 'Enable_Authorization = true'),
    expect: { status: 'pass' },
  },
  {
    name: 'open to all, and authentication is switched off, as the manual’s manager has it',
    facts: facts(OPEN, 'Enable_Authentication = false'),
    expect: { status: 'fail' },
  },
  {
    name: 'open to all, authenticated, and everybody always allowed',
    facts: facts(OPEN, 'Enable_Authentication = true', 'Always_Allow = true'),
    expect: { status: 'fail' },
  },
  {
    name: 'a peer of the loopback address, which the socket counts as, is always allowed',
    facts: facts(OPEN, 'Enable_Authentication = true', 'Peer "127.0.0.1" { Always_Allow = true }'),
    expect: { status: 'fail' },
  },
  {
    name: 'a peer of another address is no user of the socket',
    facts: facts(OPEN, 'Enable_Authentication = true', 'Peer "10.0.0.1" { Always_Allow = true }'),
    expect: { status: 'pass' },
  },
  {
    name: 'a mode that is no mode',
    facts: facts({ text: 'rw-rw----', state: 'missing' }),
    expect: { status: 'indeterminate' },
  },
  { name: 'a mode that is not octal', facts: facts({ text: '0689' }), expect: { status: 'indeterminate' } },
  {
    name: 'a file that could set the mode was not read',
    facts: facts({ unclear: '/etc/unreadable.conf could not be read' }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'the socket could not be inspected',
    facts: facts({ state: 'denied' }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'something else stands there',
    facts: facts({ state: 'other' }),
    expect: { status: 'indeterminate' },
  },
  { name: 'somewhere else', facts: facts({ state: 'elsewhere' }), expect: { status: 'indeterminate' } },
  {
    name: 'open to all by the file, whatever stands there',
    facts: facts({ text: '0666', state: 'other' }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'whether it authenticates stands in a file that was not read',
    facts: facts(OPEN, 'include "/etc/unreadable.conf"'),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'no socket',
    facts: () => ({ ...caseConfig('Control_Listener { Listen "127.0.0.1:2025" { } }\n'), ...none }),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a socket that is switched off',
    facts: () => ({ ...caseConfig('Control_Listener { Listen "/tmp/2025" { Enable = false } }\n'), ...none }),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a file that may hold a socket was not read',
    facts: () => ({ ...caseConfig('include "/etc/unreadable.conf"\n'), ...none }),
    expect: { status: 'indeterminate', subjects: { 'console-socket': 'indeterminate' } },
  },
]);
