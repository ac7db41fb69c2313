import { verdictDigest } from '@castellan/shared/model/state-digest';
import type { Verdict } from '@castellan/shared/model/verdict';
import type { StoredVerdict } from '../store/verdict.repository.js';
import { admitVerdict } from './admit-verdict.js';
import { moveFinding } from './move-finding.js';
import type { Refusal } from './node-meters.js';
import type { Unit } from './unit.js';

/** Digests of verdicts that were left out, a node: beyond it the node's digest is never ours, and is not asked for. */
const REFUSED_MAX = 1_000;

export interface Sent {
  readonly nodeId: string;
  readonly verdict: Verdict;
  /** The node's clock, in milliseconds. */
  readonly observedAt: number;
  /** Of the verdict as it was sent; computed when it is not known yet. */
  readonly digest?: string;
}

/** Stores a node's newest verdict and moves its finding, or leaves it out and counts why. */
export async function applyVerdict(unit: Unit, sent: Sent): Promise<void> {
  const { nodeId, verdict: asSent, observedAt } = sent;
  const digest = sent.digest ?? verdictDigest(asSent);
  const admission = admitVerdict(unit.ctx.catalogue, asSent);
  if ('refused' in admission) return leaveOut(unit, { ...sent, digest }, admission.refused);
  const { verdict } = admission;
  const known = await unit.tx.verdicts.get(nodeId, verdict.control, verdict.subject);
  const excess = await excessOf(unit, nodeId, verdict, known);
  if (excess) return refused(unit, nodeId, excess);
  const since = known && known.verdict.status === verdict.status ? known.since : observedAt;
  await unit.tx.verdicts.put(nodeId, verdict, { digest, since, observedAt });
  await moveFinding(unit, nodeId, verdict);
}

async function leaveOut(
  unit: Unit,
  { nodeId, verdict, digest }: Sent & { digest: string },
  why: Refusal,
): Promise<void> {
  const { control, subject } = verdict;
  refused(unit, nodeId, why);
  if (await unit.tx.verdicts.refuse({ nodeId, control, subject }, digest, REFUSED_MAX))
    refused(unit, nodeId, 'verdicts');
}

/** Which quota this verdict would go beyond. What grows nothing is never refused: a finding must be able to resolve. */
async function excessOf(
  unit: Unit,
  nodeId: string,
  verdict: Verdict,
  known: StoredVerdict | null,
): Promise<Refusal | null> {
  const { verdictsMax, verdictBytesMax } = unit.ctx.meters.share;
  const grows = bytesOf(verdict) - (known ? bytesOf(known.verdict) : 0);
  if (known && grows <= 0) return null;
  const held = await unit.tx.verdicts.shareOf(nodeId);
  if (!known && held.verdicts >= verdictsMax) return 'verdicts';
  return held.bytes + grows > verdictBytesMax ? 'verdict bytes' : null;
}

function bytesOf(verdict: Verdict): number {
  return Buffer.byteLength(JSON.stringify(verdict));
}

function refused(unit: Unit, nodeId: string, why: Refusal): void {
  unit.ctx.counters.add('verdictsRefused', why);
  unit.ctx.meters.refused(nodeId, why);
}
