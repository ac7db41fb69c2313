import { verdictDigest } from '@castellan/shared/model/state-digest';
import { type Verdict, verdictKey } from '@castellan/shared/model/verdict';
import { SILENCE_CONTROL } from '../domain/node-silence.js';
import { applyVerdict } from './apply-verdict.js';
import { confirmFinding, endFinding } from './move-finding.js';
import type { Unit } from './unit.js';

/** Takes a node's whole state: what differs is applied, what is gone ends, what is the same is confirmed. */
export async function replaceState(
  unit: Unit,
  nodeId: string,
  verdicts: readonly Verdict[],
  observedAt: number,
): Promise<void> {
  const known = new Map(
    (await unit.tx.verdicts.ofNode(nodeId)).map((stored) => [verdictKey(stored.verdict), stored]),
  );
  for (const verdict of verdicts) {
    const before = known.get(verdictKey(verdict));
    known.delete(verdictKey(verdict));
    if (before?.digest === verdictDigest(verdict)) {
      await unit.tx.verdicts.put(nodeId, verdict, { since: before.since, observedAt });
    } else {
      await applyVerdict(unit, nodeId, verdict, observedAt);
    }
  }
  for (const { verdict } of known.values()) {
    await unit.tx.verdicts.remove(nodeId, verdict.control, verdict.subject);
    const living = await unit.tx.findings.living(nodeId, verdict.control, verdict.subject);
    if (living) await endFinding(unit, living, 'the node no longer has this subject');
  }
  await confirmFailing(unit, nodeId);
  unit.publish({ kind: 'node', data: { id: nodeId, connected: true } });
}

/** Living findings whose newest verdict is `fail` are sure again; those in doubt for their own reason stay in doubt. */
export async function confirmFailing(unit: Unit, nodeId: string): Promise<void> {
  for (const finding of await unit.tx.findings.livingOfNode(nodeId)) {
    if (!finding.stale || finding.control === SILENCE_CONTROL) continue;
    const stored = await unit.tx.verdicts.get(nodeId, finding.control, finding.subject);
    if (stored?.verdict.status === 'fail') await confirmFinding(unit, finding);
  }
}
