import { isSilent, SILENCE_CONTROL, SILENCE_SUBJECT, silenceVerdict } from '../domain/node-silence.js';
import { OWN_PREFIX } from '../domain/own-controls.js';
import type { NodeRecord } from '../store/node.repository.js';
import type { ServerContext } from './context.js';
import { instant } from './instant.js';
import { markFindingStale, moveFinding } from './move-finding.js';
import { commit } from './unit.js';

/** Opens the finding of every node that has been silent for too long. Returns the ids of those newly found. */
export async function findSilentNodes(ctx: ServerContext): Promise<string[]> {
  const found: string[] = [];
  for (const node of await ctx.store.read.nodes.awaited()) {
    if (!isSilent(silentMs(ctx, node), ctx.facts.heartbeatMs, node.lastSeenAt !== null)) continue;
    if (await ctx.store.read.findings.active(node.id, SILENCE_CONTROL, SILENCE_SUBJECT)) continue;
    await markSilent(ctx, node);
    ctx.links.close(node.id, 4000, 'no heartbeat');
    found.push(node.id);
  }
  return found;
}

/** Nothing was heard of the node lately in this life of the server. */
export function isNodeQuiet({ presence, facts }: ServerContext, nodeId: string): boolean {
  return isSilent(presence.quietMs(nodeId) ?? Number.POSITIVE_INFINITY, facts.heartbeatMs);
}

/**
 * After a start every node has the reconnect window to come back before its silence counts. One that was enrolled in
 * this life and never came is as old as its enrolment, unless a clock that was put back says that this is still to come.
 */
function silentMs({ presence, facts, clock }: ServerContext, node: NodeRecord): number {
  const sinceStartMs = presence.uptimeMs() - facts.reconnectWindowMs;
  const ageMs = clock.now() - node.enrolledAt;
  return Math.min(presence.quietMs(node.id) ?? sinceStartMs, sinceStartMs, ageMs < 0 ? sinceStartMs : ageMs);
}

async function markSilent(ctx: ServerContext, node: NodeRecord): Promise<void> {
  const last =
    node.lastSeenAt === null
      ? 'it has never connected since it was enrolled'
      : `last heard ${instant(node.lastSeenAt)}`;
  await commit(ctx, async (unit) => {
    await unit.tx.nodes.parted(node.id);
    for (const finding of await unit.tx.findings.activeOfNode(node.id)) {
      // What the server judges itself is as sure as before.
      if (!finding.control.startsWith(OWN_PREFIX))
        await markFindingStale(unit, finding, 'the node is silent');
    }
    await moveFinding(unit, node.id, silenceVerdict('fail', `The agent of ${node.name} is silent: ${last}.`));
    unit.publish({ kind: 'node', data: { id: node.id, connected: false } });
  });
}
