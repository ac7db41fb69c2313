import type { Verdict } from '@castellan/shared/model/verdict';
import { moveFinding } from './move-finding.js';
import type { Unit } from './unit.js';

/** Stores a node's newest verdict and moves its finding. `observedAt` is the node's clock, in milliseconds. */
export async function applyVerdict(
  unit: Unit,
  nodeId: string,
  verdict: Verdict,
  observedAt: number,
): Promise<void> {
  const known = await unit.tx.verdicts.get(nodeId, verdict.control, verdict.subject);
  const since = known && known.verdict.status === verdict.status ? known.since : observedAt;
  await unit.tx.verdicts.put(nodeId, verdict, { since, observedAt });
  await moveFinding(unit, nodeId, verdict);
}
