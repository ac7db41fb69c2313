import { Text } from '@castellan/shared/model/bounds';
import { type Static, Type } from 'typebox';
import type { Channel, Message } from '../../channel.js';
import { outcomeOf } from '../../http-outcome.js';
import { postJson } from '../../post-json.js';
import { fitting, textOf } from '../../text.js';

/** Teams refuses above 28 KB, and was seen to do so from 21 KB on. */
export const BODY_BYTES_MAX = 20_000;

const Settings = Type.Object({});
const Secrets = Type.Object({
  url: Text(2048, 1, {
    title: 'Workflow URL',
    description:
      'From Teams: Workflows, "Post to a channel when a webhook request is received". Whoever knows it can post, so it is kept as a secret',
  }),
});

/** An adaptive card for a Teams workflow: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using */
export const channel: Channel = {
  kind: 'teams',
  title: 'Microsoft Teams',
  settings: Settings,
  secrets: Secrets,
  problemOf({ secrets }, { httpOut }) {
    const { url } = secrets as Static<typeof Secrets>;
    const problem = httpOut.problemOf(url);
    if (problem !== null) return `url: ${problem}`;
    return /(^|\.)webhook\.office\.com$/i.test(new URL(url).hostname)
      ? 'url: Microsoft has retired these connectors; make a workflow in Teams ("Post to a channel when a webhook request is received") and take its URL'
      : null;
  },
  preview: (message) => JSON.stringify(JSON.parse(bodyOf(message)), null, 2),
  async send(deps, { secrets, message }) {
    const { url } = secrets as Static<typeof Secrets>;
    return outcomeOf(await postJson(deps, { url, body: bodyOf(message) }), deps.clock.now());
  },
};

function bodyOf(message: Message): string {
  return fitting(BODY_BYTES_MAX, (itemsMax) => JSON.stringify(cardOf(message, itemsMax)));
}

function cardOf(message: Message, itemsMax: number) {
  const { headline, items, more, url } = textOf(message, itemsMax);
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.2',
          msteams: { width: 'full' },
          body: [
            plain(headline, { weight: 'Bolder', size: 'Medium', color: colorOf(message) }),
            ...items.flatMap(({ title, lines }) => [
              plain(title),
              ...lines.map((one) => plain(one, { isSubtle: true, fontType: 'Monospace' })),
            ]),
            ...(more === null ? [] : [plain(more)]),
          ],
          ...(url === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Open in Castellan', url }] }),
        },
      },
    ],
  };
}

/** A TextRun, unlike a TextBlock, takes no Markdown: no text of a node becomes a link in it. */
function plain(text: string, looks: Readonly<Record<string, unknown>> = {}) {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...looks }] };
}

function colorOf({ type }: Message): string {
  if (type === 'alert.firing') return 'Attention';
  return type === 'alert.acknowledged' || type === 'alert.updated' ? 'Warning' : 'Good';
}
