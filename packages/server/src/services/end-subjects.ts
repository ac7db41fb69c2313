import { OWN_PREFIX } from '../domain/own-controls.js';
import type { FindingRecord } from '../store/finding.repository.js';
import { endFinding, markFindingStale } from './move-finding.js';
import type { Unit } from './unit.js';

export interface Subject {
  readonly control: string;
  readonly subject: string;
}

/** The node judges these subjects no more: their verdicts go, and their findings end, unless only evidence went. */
export async function endSubjects(unit: Unit, nodeId: string, gone: readonly Subject[]): Promise<void> {
  for (const { control, subject } of gone) {
    await unit.tx.verdicts.remove(nodeId, control, subject);
    await unit.tx.verdicts.removeRefused({ nodeId, control, subject });
    const active = await unit.tx.findings.active(nodeId, control, subject);
    if (active) await endOrMarkStale(unit, active);
  }
}

/**
 * Ends what was kept stale because the control could not be judged as a whole, and now is, without this subject.
 * True: there may be more.
 */
export async function endStale(unit: Unit, nodeId: string, limit: number): Promise<boolean> {
  const orphans = await unit.tx.findings.withoutVerdict(nodeId, OWN_PREFIX, limit);
  let ended = 0;
  for (const finding of orphans) ended += (await endOrMarkStale(unit, finding)) ? 1 : 0;
  return orphans.length === limit && ended > 0;
}

/** Whether the control as a whole is judged: what a node cannot see it does not name, and that is no all-clear. */
async function endOrMarkStale(unit: Unit, finding: FindingRecord): Promise<boolean> {
  if (finding.control.startsWith(OWN_PREFIX)) return false;
  const whole = unit.ctx.catalogue.controls.find(({ id }) => id === finding.control)?.subject;
  const verdict =
    whole === undefined || whole === finding.subject
      ? null
      : await unit.tx.verdicts.get(finding.nodeId, finding.control, whole);
  const status = verdict?.verdict.status;
  if (status === 'indeterminate' || status === 'errored') {
    await markFindingStale(unit, finding, `the node cannot see it: ${verdict?.verdict.summary ?? ''}`);
    return false;
  }
  await endFinding(unit, finding, 'the node no longer has this subject');
  return true;
}
