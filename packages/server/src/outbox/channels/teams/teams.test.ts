import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import {
  alertMessage,
  HOSTILE_MESSAGE,
  LARGEST,
  MESSAGES,
  problemWith,
  sendBy,
} from '../../../../testing/messages.js';
import { startReceiver } from '../../../../testing/receiver.js';
import { BODY_BYTES_MAX, channel } from './index.js';

const closed = { additionalProperties: false };
// https://adaptivecards.io/schemas/adaptive-card.json, version 1.2, of it what a card of ours may hold.
const Run = Type.Object(
  {
    type: Type.Literal('TextRun'),
    text: Type.String({ minLength: 1 }),
    weight: Type.Optional(Type.Literal('Bolder')),
    size: Type.Optional(Type.Literal('Medium')),
    color: Type.Optional(Type.Enum(['Attention', 'Warning', 'Good'])),
    isSubtle: Type.Optional(Type.Boolean()),
    fontType: Type.Optional(Type.Literal('Monospace')),
  },
  closed,
);
const Card = Type.Object(
  {
    $schema: Type.Literal('http://adaptivecards.io/schemas/adaptive-card.json'),
    type: Type.Literal('AdaptiveCard'),
    version: Type.Literal('1.2'),
    msteams: Type.Object({ width: Type.Literal('full') }, closed),
    body: Type.Array(
      Type.Object(
        { type: Type.Literal('RichTextBlock'), inlines: Type.Array(Run, { minItems: 1, maxItems: 1 }) },
        closed,
      ),
      { minItems: 1 },
    ),
    actions: Type.Optional(
      Type.Array(
        Type.Object(
          { type: Type.Literal('Action.OpenUrl'), title: Type.String(), url: Type.String() },
          closed,
        ),
      ),
    ),
  },
  closed,
);
const Body = Type.Object(
  {
    type: Type.Literal('message'),
    attachments: Type.Array(
      Type.Object(
        {
          contentType: Type.Literal('application/vnd.microsoft.card.adaptive'),
          contentUrl: Type.Null(),
          content: Card,
        },
        closed,
      ),
      { minItems: 1, maxItems: 1 },
    ),
  },
  closed,
);

async function posted(message: Parameters<typeof sendBy>[1]['message']) {
  const receiver = await startReceiver();
  receiver.answer(202);
  expect(await sendBy(channel, { secrets: { url: receiver.url }, message })).toMatchObject({
    kind: 'delivered',
    status: 202,
  });
  const [page] = receiver.pages;
  return { bytes: Buffer.byteLength(page?.text ?? ''), body: page?.body as unknown as Static<typeof Body> };
}

test.each(MESSAGES)('%s is a card as its schema says, and small', async (_, message) => {
  const { bytes, body } = await posted(message);
  expect([...Value.Errors(Body, body)]).toEqual([]);
  expect(bytes).toBeLessThanOrEqual(BODY_BYTES_MAX);
});

test('the largest names as many as fit, and says how many more there are', async () => {
  const { body } = await posted(LARGEST);
  const texts = body.attachments[0]?.content.body.map(({ inlines }) => inlines[0]?.text) ?? [];
  expect(texts.at(-1)).toMatch(/^and 99\d more$/);
});

test('names of files stand in runs, where nothing is Markdown; the one link is ours', async () => {
  const { body } = await posted(HOSTILE_MESSAGE);
  const card = body.attachments[0]?.content;
  expect(card?.body.some(({ inlines }) => inlines[0]?.text.includes('[click](https://evil.example/)'))).toBe(
    true,
  );
  expect(card?.actions?.map(({ url }) => url)).toEqual(['https://castellan.example/alerts/alr_example']);
});

test('a retired connector is refused with advice, and no error shows the URL', () => {
  const at = (url: string) => problemWith(channel, { settings: {}, secrets: { url } });
  expect(at('https://acme.webhook.office.com/webhookb2/geheim')).toMatch(/retired.*workflow/);
  expect(at('https://acme.webhook.office.com/webhookb2/geheim')).not.toContain('geheim');
  expect(at('https://prod-01.westeurope.logic.azure.com:443/workflows/x?sig=geheim')).toBeNull();
  expect(at('https://10.0.0.1/?sig=geheim')).toMatch(/^url: (?!.*geheim).*private/);
  expect(channel.preview(alertMessage('opened'), {})).not.toContain('geheim');
});
