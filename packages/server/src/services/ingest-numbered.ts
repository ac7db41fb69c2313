import type { Numbered, Transition } from '@castellan/shared/protocol/messages';
import { applyVerdict } from './apply-verdict.js';
import { endStale, endSubjects } from './end-subjects.js';
import { recordRunEvent } from './record-run-event.js';
import type { Unit } from './unit.js';

/** What one transition may end beside its own subject; the next one, or a whole state, ends the rest. */
const STALE_MAX = 16;

export interface Ingested {
  readonly bootId: string;
  /** Everything up to and with this is stored once the transaction commits. */
  readonly upTo: number;
  /** Numbers are missing: something was lost, so the whole state is wanted. */
  readonly hasGap: boolean;
  readonly isRepeat: boolean;
}

/**
 * One numbered record of a node. A number that was received before is a repeat and changes nothing.
 * `connectedAt` is the node's clock at its hello: what is older was waiting in its spool.
 */
export async function ingestNumbered(
  unit: Unit,
  nodeId: string,
  message: Numbered,
  connectedAt: number,
): Promise<Ingested> {
  const { bootId, seq } = message;
  const upTo = await unit.tx.verdicts.receivedUpTo(nodeId, bootId);
  if (seq <= upTo) return { bootId, upTo, hasGap: false, isRepeat: true };

  if (message.type === 'transition') await applyTransition(unit, nodeId, message, connectedAt);
  if (message.type === 'run') await recordRunEvent(unit, nodeId, message.event);
  // The audit keeps its lines for ever: a node's share of them is small.
  if (message.type === 'dropped' && unit.ctx.meters.mayAudit(nodeId)) {
    await unit.audit({
      actor: `node:${nodeId}`,
      action: 'spool.dropped',
      object: nodeId,
      outcome: 'failed',
      detail: { count: message.count, from: message.from, to: message.to },
    });
  }
  await unit.tx.verdicts.markReceived(nodeId, bootId, seq, unit.now);
  if (upTo === 0) await unit.tx.verdicts.purgeBootsBeyond(nodeId, unit.ctx.meters.share.bootsMax);
  return { bootId, upTo: seq, hasGap: seq !== upTo + 1 || message.type === 'dropped', isRepeat: false };
}

/**
 * A transition that waited in the spool while a whole state, judged later, has arrived already must not turn the time
 * back: it would page for what is over. Should clocks have jumped, the digest in the next heartbeat heals it.
 */
async function applyTransition(
  unit: Unit,
  nodeId: string,
  message: Transition,
  connectedAt: number,
): Promise<void> {
  const at = Date.parse(message.at);
  const { control, subject } = message.verdict;
  const known = await unit.tx.verdicts.get(nodeId, control, subject);
  const isOvertaken = known !== null && at < connectedAt && at < known.observedAt;
  if (isOvertaken) return;
  if (!message.gone) return applyVerdict(unit, { nodeId, verdict: message.verdict, observedAt: at });
  await endSubjects(unit, nodeId, [{ control, subject }]);
  await endStale(unit, nodeId, STALE_MAX);
}
