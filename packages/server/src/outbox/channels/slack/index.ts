import { Text } from '@castellan/shared/model/bounds';
import { type Static, Type } from 'typebox';
import { shortened } from '../../../domain/alert/text.js';
import type { HttpAnswer } from '../../../ports/http-out.js';
import type { Channel, Message } from '../../channel.js';
import { outcomeOf } from '../../http-outcome.js';
import { postJson } from '../../post-json.js';
import { textOf } from '../../text.js';

/** Slack's own bounds, in characters: of a header, of a section's text, and of blocks in a message. */
export const HEADER_MAX = 150;
export const SECTION_MAX = 3_000;
export const BLOCKS_MAX = 50;
/** So many findings that the blocks stay few enough to be read in a channel. */
const ITEMS_MAX = 10;

/** What Slack says of a webhook that no later attempt will find again. */
const GONE: ReadonlySet<string> = new Set([
  'no_service',
  'no_service_id',
  'no_active_hooks',
  'channel_not_found',
  'channel_is_archived',
  'action_prohibited',
  'team_disabled',
  'invalid_token',
]);

const Settings = Type.Object({});
const Secrets = Type.Object({
  url: Text(2048, 1, {
    title: 'Webhook URL',
    description:
      'From Slack: Apps, Incoming Webhooks, of the channel. Whoever knows it can post, so it is kept as a secret',
  }),
});

/** https://api.slack.com/messaging/webhooks */
export const channel: Channel = {
  kind: 'slack',
  title: 'Slack',
  settings: Settings,
  secrets: Secrets,
  problemOf({ secrets }, { httpOut }) {
    const problem = httpOut.problemOf((secrets as Static<typeof Secrets>).url);
    return problem === null ? null : `url: ${problem}`;
  },
  preview: (message) => JSON.stringify(bodyOf(message), null, 2),
  async send(deps, { secrets, message }) {
    const { url } = secrets as Static<typeof Secrets>;
    const answer = await postJson(deps, { url, body: JSON.stringify(bodyOf(message)) });
    return outcomeOfSlack(answer, deps.clock.now());
  },
};

function outcomeOfSlack(answer: HttpAnswer, now: number) {
  const outcome = outcomeOf(answer, now);
  if (answer.kind !== 'answered') return outcome;
  const said = answer.text.trim();
  const status = `HTTP ${answer.status}`;
  if (outcome.kind === 'failed')
    return GONE.has(said) ? { ...outcome, detail: `${status}: ${said}`, isFinal: true } : outcome;
  if (said === 'ok') return outcome;
  // Something that is not Slack, or a proxy before it.
  const detail = GONE.has(said) ? `${status}: ${said}` : `${status}, but the answer is not Slack's "ok"`;
  const { ms } = answer;
  return {
    kind: 'failed',
    status: answer.status,
    ms,
    detail,
    isFinal: GONE.has(said),
    isAmbiguous: true,
    retryAfterMs: null,
  } as const;
}

function bodyOf(message: Message) {
  const { headline, items, more, url } = textOf(message, ITEMS_MAX);
  const blocks = [
    {
      type: 'header',
      text: { type: 'plain_text', text: shortened(bare(headline), HEADER_MAX), emoji: false },
    },
    ...items.map(({ title, lines, url: itemUrl }) =>
      section(`${code([title, ...lines].join('\n'))}\n${link(itemUrl, 'Open it')}`),
    ),
    ...(more === null ? [] : [section(escaped(more))]),
    ...(url === null ? [] : [section(link(url, 'Open in Castellan'))]),
  ];
  // For notifications, and for readers that show no blocks.
  return { text: escaped(headline), blocks };
}

/** `verbatim`: nothing but what is marked up becomes a link or a mention. */
function section(text: string) {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

const CODE_MAX = SECTION_MAX - 600;

/** In a code block nothing but `<...>` is marked up; a text cannot end it. */
function code(text: string): string {
  let cut = text;
  // What is escaped grows up to five times.
  for (let max = CODE_MAX; escaped(cut).length > CODE_MAX; max -= 200) cut = shortened(text, max);
  return `\`\`\`${escaped(cut).replaceAll('`', 'ˋ')}\`\`\``;
}

/** Slack's three: without them no text is a link or a mention, <!channel> neither. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Plain text has no escapes that every client of Slack agrees on: what could open a mention is another character. */
function bare(text: string): string {
  return text.replaceAll('<', '‹').replaceAll('>', '›');
}

function link(url: string, words: string): string {
  return `<${new URL(url).href.replaceAll('|', '%7C')}|${words}>`;
}
