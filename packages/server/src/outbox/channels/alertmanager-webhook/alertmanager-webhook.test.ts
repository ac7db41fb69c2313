import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { alertMessage, LARGEST, MESSAGES, problemWith, STORM, sendBy } from '../../../../testing/messages.js';
import { startReceiver } from '../../../../testing/receiver.js';
import { BODY_BYTES_MAX } from './body.js';
import { channel } from './index.js';

const closed = { additionalProperties: false };
const Labels = Type.Record(
  Type.String({ pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$' }),
  Type.String({ minLength: 1 }),
);
const Annotations = Type.Record(Type.String({ pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$' }), Type.String());
const Instant = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' });
const State = Type.Enum(['firing', 'resolved']);
// https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
const Body = Type.Object(
  {
    version: Type.Literal('4'),
    groupKey: Type.String({ minLength: 1 }),
    truncatedAlerts: Type.Integer({ minimum: 0 }),
    status: State,
    receiver: Type.String({ minLength: 1 }),
    groupLabels: Labels,
    commonLabels: Labels,
    commonAnnotations: Annotations,
    externalURL: Type.String(),
    notification_reason: Type.Optional(Type.String()),
    alerts: Type.Array(
      Type.Object(
        {
          status: State,
          labels: Labels,
          annotations: Annotations,
          startsAt: Instant,
          endsAt: Instant,
          generatorURL: Type.String(),
          fingerprint: Type.String({ pattern: '^[0-9a-f]{16}$' }),
        },
        closed,
      ),
      { minItems: 1 },
    ),
  },
  closed,
);

async function posted(
  message: Parameters<typeof sendBy>[1]['message'],
  set: { settings?: object; secrets?: Record<string, unknown> } = {},
) {
  const receiver = await startReceiver();
  const settings = { url: receiver.url, ...set.settings };
  expect(await sendBy(channel, { settings, secrets: set.secrets ?? {}, message })).toMatchObject({
    kind: 'delivered',
  });
  const [page] = receiver.pages;
  if (!page) throw new Error('nothing came');
  return { headers: page.headers, text: page.text, body: page.body as unknown as Static<typeof Body> };
}

test.each(MESSAGES)('%s is a body of version 4', async (_, message) => {
  const { body, text } = await posted(message);
  expect([...Value.Errors(Body, body)]).toEqual([]);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(BODY_BYTES_MAX);
  // Common is what each of them has.
  if (message.type === 'target.test') return;
  for (const { labels } of body.alerts) expect(labels).toMatchObject(body.groupLabels);
});

test('an alert is known again by its group and the fingerprint of each finding, firing and resolved', async () => {
  const { body: firing } = await posted(alertMessage('opened'));
  const { body: over } = await posted(alertMessage('resolved', { alert: { severity: 'low' } }));
  const prints = (body: typeof firing) => body.alerts.map(({ fingerprint }) => fingerprint);
  expect([over.groupKey, prints(over)]).toEqual([firing.groupKey, prints(firing)]);
  expect([firing.status, firing.alerts.map(({ status }) => status)]).toEqual([
    'firing',
    ['firing', 'firing'],
  ]);
  expect([over.status, over.alerts.map(({ status }) => status)]).toEqual([
    'resolved',
    ['resolved', 'resolved'],
  ]);
  expect(firing.alerts[0]?.endsAt).toBe('0001-01-01T00:00:00Z');
});

test('what is not named is counted', async () => {
  expect((await posted(STORM)).body).toMatchObject({ truncatedAlerts: 12 });
  const { body } = await posted(LARGEST);
  expect(body.alerts.length + body.truncatedAlerts).toBe(1_000);
});

test('the secrets are in the header and nowhere else', async () => {
  const message = alertMessage('opened');
  const bearer = await posted(message, { secrets: { token: 'geheim' } });
  expect(bearer.headers.authorization).toBe('Bearer geheim');
  const basic = await posted(message, { settings: { user: 'castellan' }, secrets: { password: 'geheim' } });
  expect(basic.headers.authorization).toBe(`Basic ${Buffer.from('castellan:geheim').toString('base64')}`);
  for (const { text } of [bearer, basic]) expect(text).not.toContain('geheim');
  expect((await posted(message)).headers.authorization).toBeUndefined();
});

test.each([
  [{ user: 'castellan' }, {}, 'password: it is missing'],
  [{ user: 'a:b' }, { password: 'geheim' }, 'user: a user name of basic authentication has no colon'],
  [{ user: 'a' }, { token: 'geheim' }, 'token: either a bearer token or a user name with a password'],
  [{}, { token: 'ge\nheim' }, 'token: it holds what no header can carry'],
  [{ url: 'https://10.0.0.1/' }, {}, expect.stringMatching(/^url: .*private/)],
  [{}, { token: 'geheim' }, null],
])('%j with %j', (settings, secrets, problem) => {
  expect(
    problemWith(channel, { settings: { url: 'https://receiver.example/hook', ...settings }, secrets }),
  ).toEqual(problem);
});
