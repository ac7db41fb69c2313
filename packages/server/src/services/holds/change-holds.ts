import type { MemberCount } from '../../domain/alert/view.js';
import { viewFor } from '../../domain/alert/view.js';
import type { FindingRecord } from '../../store/finding.repository.js';
import type { Hold } from '../../store/held.repository.js';
import { alertChanged, alertReleased } from '../alerts/alert-changed.js';
import type { Unit } from '../unit.js';

export interface HoldChange {
  readonly finding: FindingRecord;
  readonly hold: Hold;
  /** For the history. */
  readonly why: string;
}

export const isHeld = ({ silenceId, inhibitedBy }: Hold): boolean =>
  silenceId !== null || inhibitedBy !== null;

/**
 * Holds findings back, or releases them, and has decided what is to be told of their alerts. `pagesAgain`: whoever was
 * told of an alert before all of it was held is told anew.
 */
export async function changeHolds(
  unit: Unit,
  changes: readonly HoldChange[],
  { pagesAgain = false } = {},
): Promise<void> {
  for (const alertId of new Set(changes.map(({ finding }) => finding.alertId))) {
    const ofAlert = changes.filter(({ finding }) => finding.alertId === alertId);
    const before = alertId === null ? [] : await membersOf(unit, alertId);
    for (const { finding, hold, why } of ofAlert) await putHold(unit, finding, hold, why);
    if (alertId === null) continue;
    const isReleased = ofAlert.some(({ finding, hold }) => isHeld(finding) && !isHeld(hold));
    if (!isReleased) await alertChanged(unit, alertId);
    else await releaseAlert(unit, alertId, pagesAgain ? before : null);
  }
}

/** Members of an alert as they are, to be compared with later. */
export async function membersOf(unit: Unit, alertId: string): Promise<MemberCount[]> {
  const alert = await unit.tx.alerts.get(alertId);
  return alert ? unit.tx.alerts.members(alert) : [];
}

/** Findings of the alert are held no more. `before`: its members while they were; null: nobody is told anew. */
export async function releaseAlert(
  unit: Unit,
  alertId: string,
  before: readonly MemberCount[] | null,
): Promise<void> {
  if (before !== null) await forgetTold(unit, alertId, before);
  await alertReleased(unit, alertId);
}

/** Who was told of it, before all that the target hears of was held, has put it by since: it is as if somebody had had it. */
async function forgetTold(unit: Unit, alertId: string, before: readonly MemberCount[]): Promise<void> {
  const alert = await unit.tx.alerts.get(alertId);
  if (!alert) return;
  const after = await unit.tx.alerts.members(alert);
  for (const known of await unit.tx.notifications.ofAlert(alertId)) {
    const target = await unit.tx.targets.get(known.targetId);
    if (!target || known.notified?.state !== 'firing') continue;
    const was = viewFor(alert, before, target.severityMin).state;
    const is = viewFor(alert, after, target.severityMin).state;
    if (was === 'held' && is === 'open')
      await unit.tx.notifications.put({ ...known, notified: { ...known.notified, state: 'acknowledged' } });
  }
}

export async function putHold(
  unit: Unit,
  finding: Pick<FindingRecord, 'id' | 'nodeId' | 'control' | 'severity' | 'state' | 'stale'>,
  hold: Hold,
  why: string,
): Promise<void> {
  const { id, nodeId, control, severity, state, stale } = finding;
  await unit.tx.held.hold(id, hold);
  await unit.tx.findings.appendHistory(id, {
    at: unit.now,
    from: state,
    to: state,
    why: why.slice(0, 2048),
  });
  unit.publish({ kind: 'finding', data: { id, nodeId, control, severity, state, stale } });
}
