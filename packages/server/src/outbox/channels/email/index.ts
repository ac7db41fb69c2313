import { Text, Whole } from '@castellan/shared/model/bounds';
import { type Static, Type } from 'typebox';
import { plainLines, shortened } from '../../../domain/alert/text.js';
import {
  type FailedOutcome,
  failure,
  type Outcome,
  RETRY_AFTER_MS_MAX,
} from '../../../domain/delivery/schedule.js';
import { MAIL_TLS, type MailAnswer, type MailServer, type MailTls } from '../../../ports/mail-out.js';
import { ATTEMPT_MS_MAX, type Channel, type Message } from '../../channel.js';
import { textOf } from '../../text.js';

export const RECIPIENTS_MAX = 50;
/** RFC 5322, 2.1.1 asks for lines of at most 998; a subject that is read is shorter. */
export const SUBJECT_MAX = 200;
const ITEMS_MAX = 25;

const Settings = Type.Object({
  host: Text(253, 1, { title: 'Mail server', description: 'Its name, as its certificate has it' }),
  port: Type.Integer({
    ...Whole(1, 65_535),
    title: 'Port',
    description: '587 with STARTTLS, 465 with implicit TLS, 25 for a relay',
    default: 587,
  }),
  tls: Type.Unsafe<MailTls>({
    type: 'string',
    enum: [...MAIL_TLS],
    title: 'TLS',
    description:
      'starttls: the connection is encrypted before anything is sent, or nothing is. implicit: TLS from the first byte. none: only where webhook.allowPrivate is set',
    default: 'starttls',
  }),
  ca: Type.Optional(
    Text(65_536, 0, {
      title: 'CA certificate',
      description:
        "PEM, where the server's certificate is of a private authority. Empty: the system's authorities",
    }),
  ),
  user: Type.Optional(Text(256, 0, { title: 'User name', description: 'For SMTP AUTH. Empty: none' })),
  from: Text(254, 3, { title: 'From', description: 'The address that the mail comes from' }),
  to: Type.Array(Text(254, 3), {
    minItems: 1,
    maxItems: RECIPIENTS_MAX,
    title: 'To',
    description: 'The addresses that get it',
  }),
});
const Secrets = Type.Object({
  password: Type.Optional(Text(1024, 0, { title: 'Password', description: 'Of the user name' })),
});
type Set = Static<typeof Settings>;

// One address and nothing else: no name, no list, no comment, and no character that could end a header or a command.
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;

/** Plain text by SMTP (RFC 5321, 5322). All mails about one alert are one thread. */
export const channel: Channel = {
  kind: 'email',
  title: 'E-mail',
  settings: Settings,
  secrets: Secrets,
  problemOf({ settings, secrets }, { mailOut }) {
    const { from, to, user = '' } = settings as Set;
    const { password = '' } = secrets as Static<typeof Secrets>;
    if (!ADDRESS.test(from)) return 'from: this is not an address';
    const wrong = to.findIndex((address) => !ADDRESS.test(address));
    if (wrong >= 0) return `to: number ${wrong + 1} is not an address`;
    if (user !== '' && password === '') return 'password: it is missing';
    return mailOut.problemOf(serverOf(settings as Set));
  },
  preview(message, settings) {
    const { from, to } = settings as Partial<Set>;
    const { subject, text } = mailOf(message);
    return `From: ${from ?? ''}\nTo: ${(to ?? []).join(', ')}\nSubject: ${subject}\n\n${text}`;
  },
  async send({ mailOut, clock, signal }, { id, settings, secrets, message }) {
    const { from, to, user = '' } = settings as Set;
    const { password = '' } = secrets as Static<typeof Secrets>;
    const domain = from.slice(from.lastIndexOf('@') + 1);
    const thread = message.type === 'target.test' ? message.targetId : message.alert.id;
    const answer = await mailOut.send({
      server: serverOf(settings as Set),
      login: user === '' ? null : { user, password },
      from,
      to,
      ...mailOf(message),
      // The same at each attempt: mail systems drop a repeat by it.
      messageId: `<${id}@${domain}>`,
      thread: `<${thread}.alert@${domain}>`,
      at: new Date(clock.now()),
      timeoutMs: ATTEMPT_MS_MAX,
      ...(signal ? { signal } : {}),
    });
    return outcomeOfMail(answer, to.length);
  },
};

function serverOf({ host, port, tls, ca = '' }: Set): MailServer {
  return { host, port, tls, ca };
}

function mailOf(message: Message): { subject: string; text: string } {
  const text = textOf(message, ITEMS_MAX);
  return { subject: shortened(text.headline, SUBJECT_MAX), text: `${plainLines(text).join('\n')}\n` };
}

/** No reply ends a delivery: a mailbox is made, a relay mended, and the next attempt is another. */
function outcomeOfMail(answer: MailAnswer, recipients: number): Outcome {
  const { ms } = answer;
  switch (answer.kind) {
    case 'accepted':
      if (answer.refused === 0) return { kind: 'delivered', status: null, ms };
      return {
        ...failure(`${answer.code ?? 'no'} for ${answer.refused} of ${recipients} recipients`, ms, true),
        // The others have it, and get it again with the same Message-ID: not every five minutes.
        retryAfterMs: RETRY_AFTER_MS_MAX,
      } satisfies FailedOutcome;
    case 'rejected':
      return failure(
        `the mail server answered ${answer.code}${answer.command === '' ? '' : ` to ${answer.command}`}`,
        ms,
        false,
      );
    case 'refused':
      return failure(answer.detail, ms, false);
    case 'broken':
      return failure(answer.detail, ms, answer.isAmbiguous);
  }
}
