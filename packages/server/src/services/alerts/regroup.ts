import { reviewHold } from '../holds/review-hold.js';
import type { Unit } from '../unit.js';
import { alertChanged, decideOpened, keyOf, openInAlert } from './alert-changed.js';

/** The node is in another group: its active findings leave the alerts of the old one and join those of the new. */
export async function regroupFindings(unit: Unit, nodeId: string, group: string): Promise<void> {
  for (const finding of await unit.tx.findings.activeOfNode(nodeId)) {
    const alert = await openInAlert(unit, keyOf(finding.control, group), finding);
    const moved = { ...finding, alertId: alert.id };
    await unit.tx.findings.update(moved);
    if (finding.alertId !== null && finding.alertId !== alert.id) await alertChanged(unit, finding.alertId);
    if (!(await reviewHold(unit, moved))) await decideOpened(unit, alert, finding.severity);
  }
}
