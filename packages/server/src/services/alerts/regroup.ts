import type { Unit } from '../unit.js';
import { alertChanged, decideOpened, keyOf, openInAlert } from './alert-changed.js';

/** The node is in another group: its active findings leave the alerts of the old one and join those of the new. */
export async function regroupFindings(unit: Unit, nodeId: string, group: string): Promise<void> {
  for (const finding of await unit.tx.findings.activeOfNode(nodeId)) {
    const alert = await openInAlert(unit, keyOf(finding.control, group), finding);
    await unit.tx.findings.update({ ...finding, alertId: alert.id });
    if (finding.alertId !== null && finding.alertId !== alert.id) await alertChanged(unit, finding.alertId);
    await decideOpened(unit, alert, finding.severity);
  }
}
