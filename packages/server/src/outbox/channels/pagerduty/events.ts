import { createHash } from 'node:crypto';
import { SEVERITIES, type Severity } from '@castellan/shared/model/severity';
import type { AlertMessage } from '../../../domain/alert/message.js';
import { plainLines, shortened } from '../../../domain/alert/text.js';
import type { Message } from '../../channel.js';
import { fitting, textOf } from '../../text.js';

/** Of the Events API v2: bytes of a body; characters of a summary and of a deduplication key. */
export const BODY_BYTES_MAX = 512 * 1024;
export const SUMMARY_MAX = 1_024;
export const DEDUP_KEY_MAX = 255;

const SEVERITY = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
} as const satisfies Record<Severity, string>;

/** Where an event goes, under the API's address: about an incident, or a change that calls nobody. */
export interface Event {
  readonly to: '/v2/enqueue' | '/v2/change/enqueue';
  /** JSON without the routing key. */
  readonly body: string;
}

type Action = 'trigger' | 'acknowledge' | 'resolve';

/**
 * The events that a message is, in their order, without the routing key. An incident that somebody acknowledged makes
 * no more noise whatever is triggered under its key: each severity has its own, and what is worse opens the next
 * incident before the last is closed. What nobody has any more is resolved and triggered again. An end, and that
 * somebody has it, go to every key that may be in use; PagerDuty ignores them where there is no incident.
 */
export function eventsOf(message: Message): Event[] {
  // What is for the record is a change: a trigger might open an incident.
  if (message.type === 'alert.updated') return [{ to: '/v2/change/enqueue', body: change(message) }];
  return alertEvents(message).map((body) => ({ to: '/v2/enqueue', body }));
}

/** Events about incidents. */
function alertEvents(message: Message): string[] {
  switch (message.type) {
    case 'target.test': {
      const key = `castellan-test/${message.targetId}`;
      return [testTrigger(message, key), end('resolve', key)];
    }
    case 'alert.resolved':
      return ofAllKeys('resolve', message);
    case 'alert.acknowledged':
      return ofAllKeys('acknowledge', message);
    case 'alert.updated':
      return [];
    case 'alert.firing':
      return ofFiring(message);
  }
}

function ofFiring(message: AlertMessage): string[] {
  const { reason, alert } = message;
  const own = keyOf(message, alert.severity);
  const again = reason === 'unacknowledged' ? [end('resolve', own)] : [];
  const others = SEVERITIES.filter((severity) => severity !== alert.severity);
  const last = reason === 'opened' ? [] : others.map((severity) => end('resolve', keyOf(message, severity)));
  return [...again, trigger(message, own), ...last];
}

function ofAllKeys(action: Action, message: AlertMessage): string[] {
  return SEVERITIES.map((severity) => end(action, keyOf(message, severity)));
}

/** The same for all messages of one alert at one severity. */
export function keyOf({ alert }: Pick<AlertMessage, 'alert'>, severity: Severity): string {
  const key = `${alert.key}/${severity}`;
  return key.length <= DEDUP_KEY_MAX ? key : `castellan/${createHash('sha256').update(key).digest('hex')}`;
}

function end(action: Action, key: string): string {
  return JSON.stringify({ event_action: action, dedup_key: key });
}

function trigger(message: AlertMessage, key: string): string {
  const { alert, counts, reason, findings } = message;
  return fitting(BODY_BYTES_MAX, (itemsMax) => {
    const text = textOf(message, itemsMax);
    return JSON.stringify({
      event_action: 'trigger',
      dedup_key: key,
      payload: {
        summary: shortened(text.headline, SUMMARY_MAX),
        source: counts.nodes === 1 ? (findings[0]?.node.name ?? 'castellan') : alert.group || 'castellan',
        severity: SEVERITY[alert.severity],
        timestamp: new Date(alert.openedAt).toISOString(),
        class: alert.control,
        ...(alert.group === '' ? {} : { group: alert.group }),
        custom_details: { reason, ...counts, text: plainLines(text).join('\n') },
      },
      client: 'Castellan',
      client_url: alert.url,
      links: text.items.map(({ title, url }) => ({ href: url, text: title })),
    });
  });
}

/** https://developer.pagerduty.com/docs/events-api-v2/send-change-events */
function change(message: AlertMessage): string {
  const { alert, counts, reason } = message;
  return fitting(BODY_BYTES_MAX, (itemsMax) => {
    const text = textOf(message, itemsMax);
    return JSON.stringify({
      payload: {
        summary: shortened(text.headline, SUMMARY_MAX),
        source: alert.group || 'castellan',
        timestamp: new Date(message.at).toISOString(),
        custom_details: { reason, ...counts, text: plainLines(text).join('\n') },
      },
      links: [{ href: alert.url, text: 'The alert in Castellan' }],
    });
  });
}

function testTrigger(message: Extract<Message, { type: 'target.test' }>, key: string): string {
  return JSON.stringify({
    event_action: 'trigger',
    dedup_key: key,
    payload: {
      summary: textOf(message, 0).headline,
      source: 'castellan',
      severity: 'info',
      timestamp: new Date(message.at).toISOString(),
    },
    client: 'Castellan',
  });
}
