import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { alertMessage, MESSAGES, problemWith, sendBy } from '../../../../testing/messages.js';
import { startReceiver } from '../../../../testing/receiver.js';
import type { PostedAlert } from './alerts.js';
import { channel, MEMBERS_MAX } from './index.js';

const closed = { additionalProperties: false };
const LABEL = '^[a-zA-Z_][a-zA-Z0-9_]*$';
const INSTANT = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$';
// `postableAlerts` of https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
const Body = Type.Array(
  Type.Object(
    {
      labels: Type.Record(Type.String({ pattern: LABEL }), Type.String({ minLength: 1 })),
      annotations: Type.Record(Type.String({ pattern: LABEL }), Type.String()),
      startsAt: Type.String({ pattern: INSTANT }),
      endsAt: Type.String({ pattern: INSTANT }),
      generatorURL: Type.Optional(Type.String({ pattern: '^https://' })),
    },
    closed,
  ),
  { minItems: 1, maxItems: 4 },
);

async function posted(message: Parameters<typeof sendBy>[1]['message']): Promise<PostedAlert[]> {
  const receiver = await startReceiver();
  receiver.answer(200);
  expect(await sendBy(channel, { settings: { urls: [receiver.url] }, message })).toMatchObject({
    kind: 'delivered',
  });
  return receiver.pages[0]?.body as unknown as PostedAlert[];
}

test.each(MESSAGES)(
  '%s is alerts as the API describes them, each with its own labels',
  async (_, message) => {
    const body = await posted(message);
    expect([...Value.Errors(Body, body)]).toEqual([]);
    expect(new Set(body.map(({ labels }) => JSON.stringify(labels))).size).toBe(body.length);
    for (const { startsAt, endsAt } of body) expect(Date.parse(startsAt)).toBeLessThan(Date.parse(endsAt));
  },
);

const state = ({ labels, endsAt }: PostedAlert, at: number) =>
  `${labels['severity']} ${Date.parse(endsAt) > at ? 'fires' : 'ended'}`;

test.each([
  ['opened', 'high', ['high fires']],
  ['reminder', 'high', ['high fires', 'critical ended']],
  ['worse', 'high', ['high fires', 'medium ended', 'low ended']],
  ['better', 'medium', ['medium fires', 'critical ended', 'high ended']],
  ['acknowledged', 'critical', ['critical fires']],
  ['resolved', 'medium', ['critical ended', 'high ended', 'medium ended', 'low ended']],
] as const)('%s at %s', async (reason, severity, expected) => {
  const message = alertMessage(reason, { alert: { severity } });
  expect((await posted(message)).map((alert) => state(alert, message.at))).toEqual(expected);
});

test('what changes under an alert is in no label', async () => {
  const few = await posted(alertMessage('opened'));
  const many = await posted(alertMessage('grew', { counts: { findings: 900, nodes: 900 }, findings: [] }));
  expect(many[0]?.labels).toEqual(few[0]?.labels);
  expect(many[0]?.annotations).toMatchObject({ findings: '900', nodes: '900' });
});

describe('of two members', () => {
  test('both get it, with what they ask for', async () => {
    const members = [await startReceiver(), await startReceiver()];
    const settings = { urls: members.map(({ url }) => `${url}/`), user: 'castellan' };
    const secrets = { password: 'geheim' };
    await sendBy(channel, { settings, secrets, message: alertMessage('opened') });
    for (const { pages } of members) {
      expect(pages).toHaveLength(1);
      expect(pages[0]?.headers.authorization).toMatch(/^Basic /);
      expect(pages[0]?.text).not.toContain('geheim');
    }
  });

  test.each([
    [[500, 200], false],
    [[200, 410], false],
    [[410, 410], true],
  ] as const)('%j: it is tried again, unless both are gone', async (statuses, isFinal) => {
    const members = await Promise.all(
      statuses.map(async (status) => {
        const member = await startReceiver();
        member.answer(status);
        return member;
      }),
    );
    const settings = { urls: members.map(({ url }) => url) };
    expect(await sendBy(channel, { settings, message: alertMessage('opened') })).toMatchObject({
      kind: 'failed',
      isFinal,
      isAmbiguous: !isFinal,
    });
  });
});

test.each([
  [['https://am1.example', 'https://am1.example'], 'urls: a member is named twice'],
  [['https://am1.example', 'https://10.0.0.1'], expect.stringMatching(/^urls: .*private/)],
  [['https://am1.example', 'https://am2.example'], null],
])('%j', (urls, problem) => {
  expect(problemWith(channel, { settings: { urls }, secrets: {} })).toEqual(problem);
  expect(urls.length).toBeLessThan(MEMBERS_MAX);
});
