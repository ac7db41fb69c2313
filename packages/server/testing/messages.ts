import { httpOut } from '../src/adapters/http-out.js';
import { mailOut } from '../src/adapters/mail-out.js';
import { systemClock } from '../src/adapters/system.js';
import type { Reason } from '../src/domain/alert/alert.js';
import { typeOf } from '../src/domain/alert/alert.js';
import { exampleMessage } from '../src/domain/alert/example.js';
import type { AlertMessage, MessageFinding } from '../src/domain/alert/message.js';
import type { Attempt, Channel, Message } from '../src/outbox/channel.js';

export const AT = Date.UTC(2026, 10, 28, 9, 0, 0);
export const CONSOLE = 'https://castellan.example';

/** An alert of two nodes, said for a reason. */
export function alertMessage(
  reason: Reason,
  changes: { alert?: Partial<AlertMessage['alert']>; findings?: readonly MessageFinding[] } & Partial<
    Omit<AlertMessage, 'alert' | 'findings'>
  > = {},
): AlertMessage {
  const example = exampleMessage(CONSOLE, AT);
  const { alert = {}, ...others } = changes;
  const isOver = reason === 'resolved';
  const acknowledgement =
    reason === 'acknowledged' ? { by: 'alice', at: AT, until: null, note: 'on it' } : null;
  return {
    ...example,
    type: typeOf(reason),
    reason,
    findings: example.findings.map((finding) => ({
      ...finding,
      acknowledgement,
      ...(isOver ? { state: 'resolved', resolvedAt: AT } : {}),
    })),
    ...others,
    alert: {
      ...example.alert,
      openedAt: AT - 60_000,
      state: isOver ? 'ended' : reason === 'acknowledged' ? 'acknowledged' : 'open',
      endedAt: isOver ? AT : null,
      ...alert,
    },
  };
}

export const TEST_MESSAGE: Message = {
  type: 'target.test',
  at: AT,
  targetId: 'tgt_1',
  text: 'This is a test of Castellan. Nothing is wrong.',
};

/** Twenty-five alerts as one, and more that are not named. */
export const STORM = alertMessage('opened', {
  findings: [],
  alerts: Array.from({ length: 25 }, (_, n) => ({
    id: `alr_${n}`,
    control: `MOM-TLS-${String(n).padStart(3, '0')}`,
    title: `A control of the fleet, number ${n}`,
    group: 'production',
    severity: 'high' as const,
    url: `${CONSOLE}/alerts/alr_${n}`,
  })),
  more: 12,
  counts: { findings: 37, nodes: 0 },
  alert: { control: 'CAS-ALERT-001', title: 'Many alerts at once', group: '' },
});

/** What a user of a node may name a file so that a page about it does harm. */
export const HOSTILE = [
  '<!channel> <!here|x> <@U123> @channel @here',
  '[click](https://evil.example/) <https://evil.example|ok>',
  '``` *bold* _it_ ~st~ ` & &lt; </at> <at>Bob</at>',
  'line\nbreak\r\nBcc: evil@evil.example\u2028\u202egnp.exe\u0000\u001b[2J',
  '"quote\' \\backslash {{ template }}',
];

export const HOSTILE_MESSAGE = alertMessage('opened', {
  findings: HOSTILE.map((name, n) => finding(n, name)),
  counts: { findings: HOSTILE.length, nodes: HOSTILE.length },
  alert: { title: HOSTILE.join(' '), group: HOSTILE[1] ?? '' },
});

/** As large as a message becomes: NAMED_MAX findings with VIOLATIONS_MAX places each, all texts at their longest. */
export const LARGEST = alertMessage('opened', {
  findings: Array.from({ length: 25 }, (_, n) => ({
    ...finding(n, '<'.repeat(255)),
    summary: '&'.repeat(1_000),
    violations: Array.from({ length: 5 }, () => ({
      at: { file: `/${'\u00fc"'.repeat(2_000)}`, line: 1, scope: '<'.repeat(1_024) },
      found: '`'.repeat(1_000),
      proposed: '\u{1f600}'.repeat(500),
    })),
  })),
  more: 975,
  counts: { findings: 1_000, nodes: 1_000 },
  alert: { key: 'k'.repeat(255), title: '>'.repeat(1_000) },
});

function finding(n: number, name: string): MessageFinding {
  const [first] = exampleMessage(CONSOLE, AT).findings;
  if (!first) throw new Error('the example has a finding');
  return {
    ...first,
    id: `fnd_${n}`,
    node: { id: `nod_${n}`, name },
    subject: name,
    summary: name,
    violations: [{ at: { file: `/${name}`, line: 1 }, found: name, proposed: name }],
    url: `${CONSOLE}/findings/fnd_${n}`,
  };
}

/** Every message that a channel may have to say, by a name for people. */
export const MESSAGES: readonly (readonly [string, Message])[] = [
  ...(
    [
      'opened',
      'returned',
      'unacknowledged',
      'worse',
      'grew',
      'better',
      'reminder',
      'acknowledged',
      'resolved',
    ] as const
  ).map((reason) => [reason, alertMessage(reason)] as const),
  ['a storm', STORM],
  ['hostile names', HOSTILE_MESSAGE],
  ['the largest', LARGEST],
  ['a test', TEST_MESSAGE],
];

export const OUT = {
  clock: systemClock,
  httpOut: httpOut({ allowPrivate: true, clock: systemClock }),
  mailOut: mailOut({ allowPrivate: true, clock: systemClock }),
};

/** One attempt with the real ways out. */
export function sendBy(channel: Channel, attempt: Partial<Attempt> & Pick<Attempt, 'message'>) {
  return channel.send(OUT, { id: 'msg_1', settings: {}, secrets: {}, ...attempt });
}

/** What is wrong with a target's set-up; `allowPrivate` as in the settings of the server. */
export function problemWith(
  channel: Channel,
  set: Pick<Attempt, 'settings' | 'secrets'>,
  allowPrivate = false,
): string | null {
  const options = { allowPrivate, clock: systemClock };
  return channel.problemOf(set, { httpOut: httpOut(options), mailOut: mailOut(options) });
}
