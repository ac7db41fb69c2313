import { createHash } from 'node:crypto';
import { visibleText } from '@castellan/shared/text/visible-text';
import type { AlertMessage } from '../../../domain/alert/message.js';
import { type AlertTextItem, alertText } from '../../../domain/alert/text.js';
import type { Message } from '../../channel.js';
import { fitting, textOf } from '../../text.js';

/** Some receivers take no more; Alertmanager itself has no bound. */
export const BODY_BYTES_MAX = 512 * 1024;
/** As Alertmanager writes an end that is not there. */
const NO_END = '0001-01-01T00:00:00Z';

type Labels = Readonly<Record<string, string>>;

/** Version 4 of what Alertmanager posts to its webhooks: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export function bodyOf(message: Message): string {
  return fitting(BODY_BYTES_MAX, (itemsMax) =>
    JSON.stringify(message.type === 'target.test' ? ofTest(message) : ofAlert(message, itemsMax)),
  );
}

function ofAlert(message: AlertMessage, itemsMax: number) {
  const { alert, type, reason, findings, alerts, more } = message;
  const text = alertText(message, itemsMax);
  const group = alert.group === '' ? {} : { group: visibleText(alert.group) };
  const groupLabels = { alertname: alert.control, castellan_alert: alert.id, ...group };
  const common = { ...groupLabels, severity: alert.severity };
  const isOver = type === 'alert.resolved';
  const members = [...findings.map(ofFinding), ...alerts.map(ofStorm)];
  const named = members.slice(0, itemsMax);
  return {
    version: '4',
    groupKey: alert.key,
    truncatedAlerts: more + members.length - named.length,
    status: isOver ? 'resolved' : 'firing',
    receiver: 'castellan',
    groupLabels,
    commonLabels: common,
    commonAnnotations: { title: visibleText(alert.title), summary: text.headline, reason },
    externalURL: new URL(alert.url).origin,
    notification_reason: reason,
    // An alert whose findings are all unnamed is still one.
    alerts: (named.length > 0 ? named : [{ id: alert.id, labels: {}, openedAt: null, endedAt: null }]).map(
      ({ id, labels, openedAt, endedAt }, n) => {
        const endsAt = isOver ? (endedAt ?? alert.endedAt ?? message.at) : endedAt;
        return {
          status: endsAt === null ? 'firing' : 'resolved',
          labels: { ...common, ...labels },
          annotations: annotationsOf(message, text.items[n], text.headline),
          startsAt: instant(openedAt ?? alert.openedAt),
          endsAt: endsAt === null ? NO_END : instant(endsAt),
          generatorURL: text.items[n]?.url ?? alert.url,
          // Of what does not change, so that a receiver knows it again when it is worse.
          fingerprint: createHash('sha256').update(id).digest('hex').slice(0, 16),
        };
      },
    ),
  };
}

interface Member {
  readonly id: string;
  readonly labels: Labels;
  readonly openedAt: number | null;
  readonly endedAt: number | null;
}

function ofFinding(finding: AlertMessage['findings'][number]): Member {
  const { id, node, subject, severity, openedAt, resolvedAt } = finding;
  const labels = { instance: visibleText(node.name), subject: visibleText(subject), severity };
  return { id, labels, openedAt, endedAt: resolvedAt };
}

function ofStorm({ id, control, severity }: AlertMessage['alerts'][number]): Member {
  return { id, labels: { member: control, castellan_member: id, severity }, openedAt: null, endedAt: null };
}

function annotationsOf({ findings }: AlertMessage, item: AlertTextItem | undefined, headline: string) {
  const by = findings.find(({ acknowledgement }) => acknowledgement !== null)?.acknowledgement?.by;
  return {
    summary: item?.title ?? headline,
    ...(item && item.lines.length > 0 ? { description: item.lines.join('\n') } : {}),
    ...(by === undefined ? {} : { acknowledged_by: visibleText(by) }),
  };
}

function ofTest(message: Extract<Message, { type: 'target.test' }>) {
  const labels = { alertname: 'CastellanTest', severity: 'none' };
  const annotations = { summary: textOf(message, 0).headline };
  const at = instant(message.at);
  return {
    version: '4',
    groupKey: `castellan-test/${message.targetId}`,
    truncatedAlerts: 0,
    // It says that nothing is wrong: as something that has ended already.
    status: 'resolved',
    receiver: 'castellan',
    groupLabels: labels,
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: '',
    alerts: [
      {
        status: 'resolved',
        labels,
        annotations,
        startsAt: at,
        endsAt: at,
        generatorURL: '',
        fingerprint: createHash('sha256').update(message.targetId).digest('hex').slice(0, 16),
      },
    ],
  };
}

const instant = (at: number): string => new Date(at).toISOString();
