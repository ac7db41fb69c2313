import fc from 'fast-check';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import {
  alertMessage,
  HOSTILE_MESSAGE,
  MESSAGES,
  problemWith,
  sendBy,
} from '../../../../testing/messages.js';
import { startReceiver } from '../../../../testing/receiver.js';
import { BLOCKS_MAX, channel, HEADER_MAX, SECTION_MAX } from './index.js';

const closed = { additionalProperties: false };
// https://api.slack.com/reference/block-kit/blocks
const Header = Type.Object(
  {
    type: Type.Literal('header'),
    text: Type.Object(
      {
        type: Type.Literal('plain_text'),
        text: Type.String({ minLength: 1, maxLength: HEADER_MAX }),
        emoji: Type.Boolean(),
      },
      closed,
    ),
  },
  closed,
);
const Section = Type.Object(
  {
    type: Type.Literal('section'),
    text: Type.Object(
      {
        type: Type.Literal('mrkdwn'),
        text: Type.String({ minLength: 1, maxLength: SECTION_MAX }),
        verbatim: Type.Literal(true),
      },
      closed,
    ),
  },
  closed,
);
const Body = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: 4_000 }),
    blocks: Type.Array(Type.Union([Header, Section]), { minItems: 1, maxItems: BLOCKS_MAX }),
  },
  closed,
);

const ok = (response: import('node:http').ServerResponse) => response.writeHead(200).end('ok');
const says = (status: number, text: string) => (response: import('node:http').ServerResponse) =>
  response.writeHead(status).end(text);

async function posted(message: Parameters<typeof sendBy>[1]['message']): Promise<Static<typeof Body>> {
  const receiver = await startReceiver();
  receiver.answer(ok);
  expect(await sendBy(channel, { secrets: { url: receiver.url }, message })).toMatchObject({
    kind: 'delivered',
    status: 200,
  });
  return receiver.pages[0]?.body as unknown as Static<typeof Body>;
}

test.each(MESSAGES)('%s is blocks as Slack describes them', async (_, message) => {
  expect([...Value.Errors(Body, await posted(message))]).toEqual([]);
});

test('names of files neither mention anybody nor become links', async () => {
  const text = JSON.stringify(await posted(HOSTILE_MESSAGE));
  // All that is in angle brackets is a link of ours.
  const marked = [...text.matchAll(/<[^>]*>/g)].map(([match]) => match);
  expect(marked.length).toBeGreaterThan(5);
  for (const one of marked) expect(one).toMatch(/^<https:\/\/castellan\.example\/[a-z]+\/[a-z_0-9]+\|Open/);
  const { blocks } = await posted(HOSTILE_MESSAGE);
  for (const { text: block } of blocks.slice(1, -1)) expect(block.text.split('```')).toHaveLength(3);
});

test('whatever the text, a section is as Slack takes it, and marks up links of ours alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const [example] = alertMessage('opened').findings;
      if (!example) throw new Error('the example has a finding');
      const at = { file: text };
      const violations = Array.from({ length: 5 }, () => ({ at, found: text, proposed: text }));
      const finding = { ...example, subject: text, summary: text, violations };
      const body = JSON.parse(
        channel.preview(alertMessage('opened', { findings: [finding] }), {}),
      ) as unknown;
      expect(Value.Check(Body, body)).toBe(true);
      for (const [marked] of JSON.stringify(body).matchAll(/<[^>]*>/g))
        expect(marked).toMatch(/^<https:\/\/castellan\.example\/[^|]+\|Open/);
    }),
  );
});

test('it says what is wrong, where, and what mends it', async () => {
  const { text, blocks } = await posted(alertMessage('opened'));
  expect(text).toBe('[high] SSLv3 is off: 2 nodes in production');
  expect(blocks[1]?.text.text).toContain('/opt/msys/ecelerity/etc/conf/default/ecelerity.conf:42');
  expect(blocks[1]?.text.text).toContain('fix: tls-protocols');
});

describe('an answer', () => {
  const message = alertMessage('opened');
  test.each([
    ['no_service', 404],
    ['channel_is_archived', 410],
    ['channel_not_found', 404],
    ['action_prohibited', 403],
    ['no_service', 200],
  ])('%s (%i) is the end', async (text, status) => {
    const receiver = await startReceiver();
    receiver.answer(says(status, text));
    expect(await sendBy(channel, { secrets: { url: receiver.url }, message })).toMatchObject({
      kind: 'failed',
      isFinal: true,
      detail: `HTTP ${status}: ${text}`,
    });
  });

  test.each([
    [500, 'oops <secret>'],
    [200, '<html>a proxy</html>'],
    [429, 'rate_limited'],
    [403, 'x'.repeat(100_000)],
  ])('%i with another text is tried again, and the text is not repeated', async (status, text) => {
    const receiver = await startReceiver();
    receiver.answer(says(status, text));
    const outcome = await sendBy(channel, { secrets: { url: receiver.url }, message });
    expect(outcome).toMatchObject({ kind: 'failed', isFinal: false, status });
    expect(JSON.stringify(outcome)).not.toContain(text.slice(0, 8));
  });
});

test('the URL is a secret: it is in no preview and no error', () => {
  const url = 'http://hooks.slack.com/services/T0/B0/geheim';
  expect(channel.preview(alertMessage('opened'), {})).not.toContain('geheim');
  expect(problemWith(channel, { settings: {}, secrets: { url } })).toMatch(/^url: (?!.*geheim)/);
  expect(problemWith(channel, { settings: {}, secrets: { url: url.replace('http:', 'https:') } })).toBeNull();
});
