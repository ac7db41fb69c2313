import type { AlertView, Reason } from '../../domain/alert/alert.js';
import { typeOf } from '../../domain/alert/alert.js';
import {
  type AlertMessage,
  cut,
  type MessageFinding,
  NAMED_MAX,
  VIOLATIONS_MAX,
} from '../../domain/alert/message.js';
import type { AlertRecord } from '../../store/alert.repository.js';
import type { FindingRecord } from '../../store/finding.repository.js';
import type { Unit } from '../unit.js';

/** The alert as it is now, for a receiver. */
export async function messageOf(
  { ctx, tx, now }: Pick<Unit, 'ctx' | 'tx' | 'now'>,
  alert: AlertRecord,
  view: AlertView,
  reason: Reason,
): Promise<AlertMessage> {
  const consoleUrl = ctx.facts.consoleUrl();
  const isStorm = alert.stormTarget !== null;
  const findings = isStorm ? [] : (await tx.findings.ofAlert(alert.id, NAMED_MAX)).filter(relevant(view));
  const alerts = isStorm ? await tx.alerts.ofStorm(alert.id, NAMED_MAX) : [];
  return {
    type: typeOf(reason),
    reason,
    at: now,
    alert: {
      id: alert.id,
      key: `castellan/${ctx.facts.serverId}/${alert.id}`,
      control: alert.control,
      title: alert.title,
      group: alert.groupName,
      severity: view.severity,
      state: view.state,
      openedAt: alert.openedAt,
      endedAt: alert.endedAt,
      url: `${consoleUrl}/alerts/${alert.id}`,
    },
    counts: { findings: view.findings, nodes: isStorm ? 0 : await tx.alerts.nodes(alert) },
    findings: findings.map((finding) => partOf(finding, consoleUrl)),
    alerts: alerts.map(({ id, control, title, groupName, severity }) => ({
      id,
      control,
      title,
      group: groupName,
      severity,
      url: `${consoleUrl}/alerts/${id}`,
    })),
    more: Math.max(0, view.findings - findings.length - alerts.length),
  };
}

/** While something is wrong, what is over is not part of it. */
function relevant({ state }: AlertView): (finding: FindingRecord) => boolean {
  return state === 'ended' ? () => true : (finding) => finding.state !== 'resolved';
}

function partOf(finding: FindingRecord, consoleUrl: string): MessageFinding {
  return {
    id: finding.id,
    node: { id: finding.nodeId, name: finding.nodeName },
    subject: finding.subject,
    severity: finding.severity,
    state: finding.state,
    summary: cut(finding.summary),
    violations: finding.verdict.violations.slice(0, VIOLATIONS_MAX).map(({ at, found, proposed }) => ({
      at,
      found: cut(found),
      ...(proposed === undefined ? {} : { proposed: cut(proposed) }),
    })),
    remediation: finding.remediation,
    openedAt: finding.openedAt,
    resolvedAt: finding.resolvedAt,
    acknowledgement: finding.acknowledgement,
    url: `${consoleUrl}/findings/${finding.id}`,
  };
}
