import { isWorse, SEVERITIES, type Severity } from '@castellan/shared/model/severity';
import { visibleText } from '@castellan/shared/text/visible-text';
import type { Reason } from '../../../domain/alert/alert.js';
import type { AlertMessage } from '../../../domain/alert/message.js';
import { plainLines } from '../../../domain/alert/text.js';
import type { Message } from '../../channel.js';
import { textOf } from '../../text.js';

/**
 * An alert that is said no more ends by itself in Alertmanager after this. Longer than the longest reminder, and than
 * most acknowledgements, in which nothing is said.
 */
export const ENDS_AFTER_MS = 30 * 86_400_000;
const TEST_ENDS_AFTER_MS = 60_000;
/** Findings that the description names. */
const ITEMS_MAX = 10;

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

/**
 * What is posted to `/api/v2/alerts`. The labels are the alert's identity. The severity is one of them, although it may
 * change: Alertmanager routes and inhibits by labels, and notifies of a label set that is new, never of an annotation
 * that changed. So what gets worse is heard, and the same request ends the severities that it may have had before.
 */
export function alertsOf(message: Message): PostedAlert[] {
  if (message.type === 'target.test') return [testAlert(message)];
  const { severity } = message.alert;
  if (message.type === 'alert.resolved') return SEVERITIES.map((one) => posted(message, one, false));
  return [
    posted(message, severity, true),
    ...endedBy(message.reason, severity).map((one) => posted(message, one, false)),
  ];
}

/**
 * Fewest where it matters most: a receiver behind Alertmanager is told of every end in a group that fires, also of one
 * that it never had.
 */
function endedBy(reason: Reason, severity: Severity): readonly Severity[] {
  if (reason === 'opened' || reason === 'returned') return [];
  return SEVERITIES.filter((one) => (reason === 'worse' ? isWorse(severity, one) : isWorse(one, severity)));
}

function posted(message: AlertMessage, severity: Severity, isFiring: boolean): PostedAlert {
  const { alert, at } = message;
  return {
    labels: labelsOf(alert, severity),
    annotations: annotationsOf(message),
    // Of an earlier beginning than its end, whatever the clock did between them.
    startsAt: instant(Math.min(alert.openedAt, at - 1)),
    endsAt: instant(isFiring ? at + ENDS_AFTER_MS : at),
    generatorURL: alert.url,
  };
}

function labelsOf({ id, control, group }: AlertMessage['alert'], severity: Severity) {
  return {
    alertname: control,
    castellan_alert: id,
    // Alertmanager takes a label without a value for none.
    ...(group === '' ? {} : { group: visibleText(group) }),
    severity,
  };
}

function annotationsOf(message: AlertMessage): Record<string, string> {
  const { alert, counts, reason, findings } = message;
  const text = textOf(message, ITEMS_MAX);
  const holder = message.type === 'alert.acknowledged' ? findings[0]?.acknowledgement : null;
  return {
    summary: text.headline,
    description: plainLines(text).join('\n'),
    title: visibleText(alert.title),
    reason,
    findings: String(counts.findings),
    nodes: String(counts.nodes),
    url: alert.url,
    ...(holder ? { acknowledged_by: visibleText(holder.by) } : {}),
  };
}

function testAlert(message: Extract<Message, { type: 'target.test' }>): PostedAlert {
  return {
    labels: { alertname: 'CastellanTest', castellan_target: message.targetId, severity: 'none' },
    annotations: { summary: textOf(message, 0).headline },
    startsAt: instant(message.at),
    endsAt: instant(message.at + TEST_ENDS_AFTER_MS),
  };
}

const instant = (at: number): string => new Date(at).toISOString();
