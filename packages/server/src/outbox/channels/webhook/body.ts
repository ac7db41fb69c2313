import { visibleDeep } from '@castellan/shared/text/visible-text';
import { type AlertMessage, headline } from '../../../domain/alert/message.js';
import type { Message } from '../../channel.js';

/** Standard Webhooks asks for small bodies; receivers of chat systems refuse larger ones. */
export const BODY_BYTES_MAX = 20_000;

/** `{type, timestamp, data}` as Standard Webhooks says, as JSON of at most BODY_BYTES_MAX. */
export function bodyOf(message: Message): string {
  if (message.type === 'target.test') {
    const { targetId, text } = message;
    return envelope(message, { targetId, text });
  }
  // The alert matters more than its fifth example, and that more than the names of many nodes.
  for (const detail of DETAILS) {
    const body = envelope(message, dataOf(message, detail));
    if (Buffer.byteLength(body) < BODY_BYTES_MAX) return body;
  }
  return envelope(message, dataOf(message, { violations: 0, named: 0 }));
}

const DETAILS = [
  { violations: 5, named: 25 },
  { violations: 1, named: 25 },
  { violations: 0, named: 25 },
  { violations: 0, named: 5 },
  { violations: 0, named: 1 },
];

function envelope({ type, at }: Message, data: object): string {
  // Chat systems show these texts as they are: what would hide in them is made visible.
  return JSON.stringify({ type, timestamp: instant(at), data: visibleDeep(data) });
}

function dataOf(message: AlertMessage, { violations, named }: { violations: number; named: number }) {
  const { reason, alert, counts, findings, alerts, more } = message;
  const left = Math.max(0, findings.length - named) + Math.max(0, alerts.length - named);
  return {
    text: headline(message),
    reason,
    alert: { ...alert, openedAt: instant(alert.openedAt), endedAt: instantOrNull(alert.endedAt) },
    counts,
    findings: findings.slice(0, named).map((finding) => ({
      ...finding,
      violations: finding.violations.slice(0, violations),
      openedAt: instant(finding.openedAt),
      resolvedAt: instantOrNull(finding.resolvedAt),
      acknowledgement: finding.acknowledgement && {
        ...finding.acknowledgement,
        at: instant(finding.acknowledgement.at),
        until: instantOrNull(finding.acknowledgement.until),
      },
    })),
    ...(alerts.length > 0 ? { alerts: alerts.slice(0, named) } : {}),
    more: more + left,
  };
}

const instant = (at: number): string => new Date(at).toISOString();
const instantOrNull = (at: number | null): string | null => (at === null ? null : instant(at));
