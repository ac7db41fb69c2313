import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import {
  alertMessage,
  HOSTILE_MESSAGE,
  MESSAGES,
  problemWith,
  sendBy,
  TEST_MESSAGE,
} from '../../../../testing/messages.js';
import { startReceiver } from '../../../../testing/receiver.js';
import { ALERT_TYPES, type Reason } from '../../../domain/alert/alert.js';
import { BODY_BYTES_MAX, DEDUP_KEY_MAX, SUMMARY_MAX } from './events.js';
import { channel } from './index.js';

const ROUTING_KEY = 'R0ut1ngKeyOf32Characters00000000';
const closed = { additionalProperties: false };
const key = { routing_key: Type.Literal(ROUTING_KEY), dedup_key: Type.String({ maxLength: DEDUP_KEY_MAX }) };
// https://developer.pagerduty.com/docs/events-api-v2/trigger-events
const Trigger = Type.Object(
  {
    ...key,
    event_action: Type.Literal('trigger'),
    payload: Type.Object(
      {
        summary: Type.String({ minLength: 1, maxLength: SUMMARY_MAX }),
        source: Type.String({ minLength: 1 }),
        severity: Type.Enum(['critical', 'error', 'warning', 'info']),
        timestamp: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$' }),
        component: Type.Optional(Type.String()),
        group: Type.Optional(Type.String()),
        class: Type.Optional(Type.String()),
        custom_details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      },
      closed,
    ),
    client: Type.Optional(Type.String()),
    client_url: Type.Optional(Type.String()),
    links: Type.Optional(Type.Array(Type.Object({ href: Type.String(), text: Type.String() }, closed))),
  },
  closed,
);
const End = Type.Object({ ...key, event_action: Type.Enum(['acknowledge', 'resolve']) }, closed);
// https://developer.pagerduty.com/docs/events-api-v2/send-change-events
const Change = Type.Object(
  {
    routing_key: Type.Literal(ROUTING_KEY),
    payload: Type.Object(
      {
        summary: Type.String({ minLength: 1, maxLength: SUMMARY_MAX }),
        source: Type.String({ minLength: 1 }),
        timestamp: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$' }),
        custom_details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      },
      closed,
    ),
    links: Type.Optional(Type.Array(Type.Object({ href: Type.String(), text: Type.String() }, closed))),
  },
  closed,
);
const Event = Type.Union([Trigger, End]);
type Event = Static<typeof Event>;

/** What an account of PagerDuty makes of events, by their documentation: incidents by key, and when somebody is called. */
function account() {
  const incidents = new Map<string, 'triggered' | 'acknowledged'>();
  let calls = 0;
  return {
    take({ event_action: action, dedup_key: of }: Partial<Event>) {
      // A change opens nothing and ends nothing.
      if (of === undefined) return;
      const state = incidents.get(of);
      if (action === 'trigger' && state === undefined) {
        incidents.set(of, 'triggered');
        calls += 1;
      }
      if (action === 'acknowledge' && state !== undefined) incidents.set(of, 'acknowledged');
      if (action === 'resolve') incidents.delete(of);
    },
    get state() {
      return [...incidents.values()];
    },
    get calls() {
      return calls;
    },
  };
}

async function sent(...messages: Parameters<typeof sendBy>[1]['message'][]) {
  const receiver = await startReceiver();
  receiver.answer(202);
  const { url } = receiver;
  for (const message of messages)
    expect(
      await sendBy(channel, { settings: { url }, secrets: { routingKey: ROUTING_KEY }, message }),
    ).toMatchObject({ kind: 'delivered' });
  return receiver.pages.map(({ text, path }) => ({
    path,
    bytes: Buffer.byteLength(text),
    event: JSON.parse(text) as Event,
  }));
}

test.each(MESSAGES)('%s is events as the documentation says', async (_, message) => {
  for (const { path, bytes, event } of await sent(message)) {
    const isChange = path === '/hook/v2/change/enqueue';
    const schema = isChange ? Change : event.event_action === 'trigger' ? Trigger : End;
    expect(isChange).toBe(message.type === 'alert.updated');
    expect([...Value.Errors(schema, event)]).toEqual([]);
    expect(bytes).toBeLessThan(BODY_BYTES_MAX);
  }
});

test('every type of alert is said by events, and what is for the record only by a change that calls nobody', () => {
  const said = (reason: Reason) => /^POST (.*)$/m.exec(channel.preview(alertMessage(reason), {}))?.[1];
  expect([said('opened'), said('better'), said('acknowledged'), said('resolved')]).toEqual([
    '/v2/enqueue',
    '/v2/change/enqueue',
    '/v2/enqueue',
    '/v2/enqueue',
  ]);
  expect(ALERT_TYPES).toHaveLength(4);
});

describe('on-call of an account', () => {
  const high = { severity: 'high' } as const;
  const critical = { severity: 'critical' } as const;
  test.each([
    [
      'is called once, however often it is said',
      [
        ['opened', high],
        ['opened', high],
        ['grew', high],
      ],
      1,
      ['triggered'],
    ],
    [
      'is called again when what somebody has becomes worse',
      [
        ['opened', high],
        ['acknowledged', high],
        ['worse', critical],
      ],
      2,
      ['triggered'],
    ],
    [
      'is called again when nobody has it any more',
      [
        ['opened', high],
        ['acknowledged', high],
        ['unacknowledged', high],
      ],
      2,
      ['triggered'],
    ],
    [
      'has one incident when it becomes worse, and then better',
      [
        ['opened', high],
        ['worse', critical],
        ['better', high],
        ['acknowledged', high],
      ],
      2,
      ['acknowledged'],
    ],
    [
      'has none when it is over',
      [
        ['opened', high],
        ['worse', critical],
        ['resolved', high],
      ],
      2,
      [],
    ],
    [
      'has none when what a timeout hid was of another severity',
      [
        ['opened', high],
        ['opened', critical],
        ['resolved', critical],
      ],
      2,
      [],
    ],
  ] as const)('%s', async (_, said, calls, incidents) => {
    const on = account();
    for (const { event } of await sent(...said.map(([reason, alert]) => alertMessage(reason, { alert }))))
      on.take(event);
    expect([on.calls, on.state]).toEqual([calls, incidents]);
  });

  test('is left nothing by a test', async () => {
    const on = account();
    for (const { event } of await sent(TEST_MESSAGE)) on.take(event);
    expect(on.state).toEqual([]);
  });
});

test.each(['critical:critical', 'high:error', 'medium:warning', 'low:info'])('%s', async (pair) => {
  const [severity, expected] = pair.split(':');
  const [{ event } = { event: null }] = await sent(
    alertMessage('opened', { alert: { severity: severity as 'low' } }),
  );
  expect(event).toMatchObject({ payload: { severity: expected } });
});

test('a name of a file makes no second line, and links lead to the console', async () => {
  const [first] = await sent(HOSTILE_MESSAGE);
  const event = first?.event as Static<typeof Trigger>;
  expect(event.payload.summary).not.toMatch(/[\n\r\u2028\u202e\u0000\u001b]/);
  for (const { href } of event.links ?? []) expect(href).toMatch(/^https:\/\/castellan\.example\//);
});

describe('an answer', () => {
  const message = alertMessage('worse');
  const attempt = (url: string) =>
    sendBy(channel, { settings: { url }, secrets: { routingKey: ROUTING_KEY }, message });

  test('that it is no event is tried again, and its text is not repeated', async () => {
    const receiver = await startReceiver();
    receiver.answer((response) =>
      response.writeHead(400).end('{"status":"invalid event","errors":["routing_key is bad"]}'),
    );
    expect(await attempt(receiver.url)).toMatchObject({
      kind: 'failed',
      status: 400,
      isFinal: false,
      detail: 'HTTP 400',
    });
  });

  test('that fails after the first event says that something arrived', async () => {
    const receiver = await startReceiver();
    receiver.answer(202, 429);
    expect(await attempt(receiver.url)).toMatchObject({ kind: 'failed', status: 429, isAmbiguous: true });
    expect(receiver.pages).toHaveLength(2);
  });
});

test('settings: the address of either region, and a key of 32 characters that is never shown', () => {
  const at = (url: string, routingKey = ROUTING_KEY) =>
    problemWith(channel, { settings: { url }, secrets: { routingKey } });
  expect([at(''), at('https://events.eu.pagerduty.com')]).toEqual([null, null]);
  expect(at('http://events.pagerduty.com')).toMatch(/^url: .*https/);
  expect(at('', 'geheim')).toMatch(/^routingKey: (?!.*geheim)/);
  expect(channel.preview(alertMessage('opened'), {})).not.toContain('routing_key');
});
