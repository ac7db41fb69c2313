import { visibleText } from '@castellan/shared/text/visible-text';
import { type AlertMessage, headline, type MessageAlert, type MessageFinding } from './message.js';

/** Characters of one line. */
export const LINE_MAX = 400;
/** Places of one finding that a text shows. */
const PLACES_MAX = 3;

/** An alert as lines for people. No text in it has a line break; what each channel escapes is its own to know. */
export interface AlertText {
  readonly headline: string;
  readonly items: readonly AlertTextItem[];
  /** `and 12 more`; null: all are named. */
  readonly more: string | null;
  readonly url: string | null;
}

/** A finding, or an alert of a storm. */
export interface AlertTextItem {
  readonly title: string;
  /** Where, and what mends it. */
  readonly lines: readonly string[];
  readonly url: string;
}

/** At most `itemsMax` findings or alerts are named. */
export function alertText(message: AlertMessage, itemsMax: number): AlertText {
  const items = [...message.findings.map(itemOfFinding), ...message.alerts.map(itemOfAlert)];
  const left = message.more + Math.max(0, items.length - itemsMax);
  return {
    headline: line(headline(message)),
    items: items.slice(0, itemsMax),
    more: left > 0 ? `and ${left} more` : null,
    url: message.alert.url,
  };
}

function itemOfFinding(finding: MessageFinding): AlertTextItem {
  const { node, subject, severity, state, summary, violations, remediation, acknowledgement, url } = finding;
  const isOver = state === 'resolved' ? ', resolved' : '';
  return {
    title: line(`${node.name}, ${subject} [${severity}${isOver}]: ${summary}`),
    lines: [
      ...violations.slice(0, PLACES_MAX).map(({ at, found, proposed }) => {
        const place = placeOf(at);
        const wanted = proposed === undefined ? '' : `, wanted: ${proposed}`;
        return line(`${place === '' ? '' : `${place}: `}${found}${wanted}`);
      }),
      ...(remediation === null ? [] : [line(`fix: ${remediation}`)]),
      ...(acknowledgement === null
        ? []
        : [
            line(
              `${acknowledgement.by} has it${acknowledgement.note === '' ? '' : `: ${acknowledgement.note}`}`,
            ),
          ]),
    ],
    url,
  };
}

function itemOfAlert({ title, group, severity, control, url }: MessageAlert): AlertTextItem {
  const where = group === '' ? '' : ` in ${group}`;
  return { title: line(`[${severity}] ${title}${where} (${control})`), lines: [], url };
}

function placeOf(at: object): string {
  const { file, line: number, scope, object } = at as Record<string, string | number | undefined>;
  const place = file === undefined ? object : `${file}${number === undefined ? '' : `:${number}`}`;
  return [place, scope].filter((part) => part !== undefined).join(' ');
}

/** One visible line: a name that holds a line break makes no second one. */
export function line(text: string): string {
  return shortened(visibleText(text).replace(/\s+/gu, ' ').trim(), LINE_MAX);
}

/** Cut to `lengthMax` UTF-16 units, between characters. */
export function shortened(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  return `${text.slice(0, lengthMax - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}

/** As plain text, with line breaks. */
export function plainLines({ headline: head, items, more, url }: AlertText): string[] {
  return [
    head,
    '',
    ...items.flatMap((item) => [`- ${item.title}`, ...item.lines.map((one) => `    ${one}`)]),
    ...(more === null ? [] : [`- ${more}`]),
    ...(url === null ? [] : ['', url]),
  ];
}
