import { describe, expect, test } from 'vitest';
import { startReceiver } from '../../testing/receiver.js';
import { signedIn, startTestServer } from '../../testing/server.js';

const SECRET = 'geheim0geheim0geheim0geheim00000';

/** A target of each channel, as one is set up in a private network. */
const setUps = (url: string) => [
  ['webhook', { url }, {}],
  ['slack', {}, { url: `${url}/${SECRET}` }],
  ['teams', {}, { url: `${url}/${SECRET}` }],
  ['pagerduty', { url }, { routingKey: SECRET }],
  ['alertmanager', { urls: [url] }, { token: SECRET }],
  ['alertmanager-webhook', { url, user: 'castellan' }, { password: SECRET }],
  [
    'email',
    {
      host: '127.0.0.1',
      port: 9,
      tls: 'none',
      from: 'castellan@example.com',
      to: ['oncall@example.com'],
      user: 'castellan',
    },
    { password: SECRET },
  ],
];

test('a target of every channel is set up, shown, previewed and tested without its secrets', async () => {
  const server = await startTestServer();
  const receiver = await startReceiver();
  const admin = await signedIn(server);
  const { items } = (await admin('GET', '/channels')).body as { items: { kind: string }[] };
  const sets = setUps(receiver.url);
  expect(items.map(({ kind }) => kind).sort()).toEqual(sets.map(([kind]) => kind).sort());
  for (const [kind, settings, secrets] of sets) {
    const isMade = kind === 'webhook';
    const order = { name: kind, kind, settings, ...(isMade ? {} : { secrets }) };
    const made = await admin('POST', '/targets', order);
    expect([kind, made.status]).toEqual([kind, 201]);
    const { id, secrets: shown } = made.body as { id: string; secrets?: object };
    expect(shown !== undefined).toBe(isMade);
    const answers = [
      made,
      await admin('GET', '/targets'),
      await admin('POST', '/targets/preview', { kind, settings }),
      await admin('POST', `/targets/${id}/test`),
      await admin('POST', '/targets/test', { id, kind, settings }),
      await admin('GET', '/audit'),
    ];
    for (const { status, body } of answers) {
      expect(status).toBeLessThan(300);
      expect(JSON.stringify(body)).not.toContain('geheim');
    }
  }
});

test('a test before saving is signed with a secret that nobody is shown', async () => {
  const server = await startTestServer();
  const receiver = await startReceiver();
  const admin = await signedIn(server);
  const tried = await admin('POST', '/targets/test', { kind: 'webhook', settings: { url: receiver.url } });
  expect(tried.body).toEqual({ ok: true, status: 204, ms: expect.any(Number), detail: 'HTTP 204' });
  expect(receiver.pages[0]?.headers['webhook-signature']).toMatch(/^v1,/);
});

describe('what is wrong is said without the value', () => {
  test.each([
    ['slack', {}, { url: `no URL ${SECRET}` }, /^url: /],
    ['slack', {}, {}, /^url: /],
    ['pagerduty', {}, { routingKey: `${SECRET}${SECRET}${SECRET}` }, /^routingKey: /],
    ['pagerduty', {}, { routingKey: `-${SECRET}` }, /^routingKey: /],
    ['teams', {}, { url: `https://x.webhook.office.com/${SECRET}` }, /^url: .*retired/],
    ['alertmanager', { urls: [] }, {}, /^urls: /],
    ['email', { host: 'x' }, { password: SECRET }, /^(port|tls|from|to): /],
    ['carrier-pigeon', {}, { url: SECRET }, /^kind: there is no channel/],
  ])('%s %j', async (kind, settings, secrets, detail) => {
    const server = await startTestServer();
    const admin = await signedIn(server);
    for (const path of ['/targets', '/targets/test']) {
      const { status, body } = await admin('POST', path, { name: 'x', kind, settings, secrets });
      expect(status).toBe(400);
      expect((body as { detail: string }).detail).toMatch(detail);
      expect(JSON.stringify(body)).not.toContain('geheim');
    }
  });
});

test('each property of a channel has a title and a help for people, and a bound', async () => {
  const server = await startTestServer();
  for (const { kind, settings, secrets } of server.ctx.channels.values())
    for (const [name, property] of Object.entries({ ...settings.properties, ...secrets.properties })) {
      const shown = property as {
        title?: string;
        description?: string;
        maxLength?: number;
        maximum?: number;
        maxItems?: number;
        enum?: unknown[];
      };
      const { title, description, maxLength, maximum, maxItems } = shown;
      expect([kind, name, typeof title, typeof description]).toEqual([kind, name, 'string', 'string']);
      expect([maxLength, maximum, maxItems, shown.enum?.length].some((bound) => bound !== undefined)).toBe(
        true,
      );
    }
});
